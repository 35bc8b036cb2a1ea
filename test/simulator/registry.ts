import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { drainOrClose } from './downloads';
import { pause } from './pause';
import {
	BAD_ENTRIES,
	CHANGED_MODEL_LISTED,
	manyListed,
	NEW_MODELS_LISTED,
} from './samples/newModels';

/**
 * RunningHub's public list of models, as it lies on a host of its own that knows no keys. The last part of the address says
 * what comes: `<files origin>/registry/newer`.
 */
export const REGISTRY_PATH = '/registry/';

export type RegistryKind = keyof typeof ANSWERS;

const HUGE_BYTES = 50 * 1024 * 1024;
const CHUNK = Buffer.alloc(64 * 1024, ' ');

const ANSWERS = {
	/** Two models that nobody knows yet, and one that everybody knows, changed. */
	newer: async (response) => sendJson(response, registryOf(everyDay())),
	/** The same among some four hundred. */
	larger: async (response) => sendJson(response, registryOf([...manyListed(400), ...everyDay()])),
	/** The same, with entries that cannot be read. */
	broken: async (response) => sendJson(response, registryOf([...BAD_ENTRIES, ...everyDay()])),
	/** Nothing in it can be read. */
	unreadable: async (response) => sendJson(response, registryOf(BAD_ENTRIES)),
	/** Of another format. */
	other: async (response) => sendJson(response, { items: everyDay() }),
	html: async (response) => {
		response.setHeader('Content-Type', 'text/html');
		response.end('<!DOCTYPE html><html><body>Sign in to the network</body></html>');
	},
	/** Not before half a minute. */
	slow: async (response) => {
		await pause(30_000, response);
		sendJson(response, registryOf(everyDay()));
	},
	/** Begins at once and goes on for half a minute. */
	dripping: async (response) => {
		for (let piece = 0; piece < 300 && !response.destroyed; piece++) {
			response.write(' ');
			await pause(100, response);
		}
		response.end(JSON.stringify(registryOf(everyDay())));
	},
	/** 50 MB, of which the length is not told. */
	huge: async (response) => {
		for (let sent = 0; sent < HUGE_BYTES && !response.destroyed; sent += CHUNK.length) {
			if (!response.write(CHUNK)) await drainOrClose(response);
		}
		response.end(JSON.stringify(registryOf(everyDay())));
	},
	/** 50 MB in some ten thousand bytes. */
	packed: async (response) => {
		response.setHeader('Content-Encoding', 'gzip');
		response.end(gzipSync(Buffer.alloc(HUGE_BYTES, ' ')));
	},
	/** To the same list under another host's name. */
	redirect: async (response) => {
		const { address, port } = boundTo(response);
		const other = address === 'localhost' ? '127.0.0.1' : 'localhost';
		response.writeHead(302, { Location: `http://${other}:${port}${REGISTRY_PATH}newer` }).end();
	},
	unavailable: async (response) => {
		response.writeHead(503).end();
	},
} satisfies Record<string, (response: ServerResponse) => Promise<void>>;

/** Answers as the path says. @returns the HTTP status, and how much went out */
export async function answerRegistry(
	response: ServerResponse,
	path: string,
): Promise<{ status: number; bytes: number }> {
	const { socket } = response;
	const kind = path.slice(REGISTRY_PATH.length);
	const answer = new Map(Object.entries(ANSWERS)).get(kind);
	if (answer === undefined) response.writeHead(404).end();
	else await answer(response);
	return { status: response.statusCode, bytes: socket?.bytesWritten ?? 0 };
}

const everyDay = (): unknown[] => [...NEW_MODELS_LISTED, CHANGED_MODEL_LISTED];

const registryOf = (models: unknown[]) => ({
	version: 'public-2027-01-01',
	source: 'models_registry.json',
	model_count: models.length,
	models,
});

function sendJson(response: ServerResponse, json: object): void {
	// As GitHub serves it.
	response.setHeader('Content-Type', 'text/plain; charset=utf-8');
	response.end(JSON.stringify(json));
}

function boundTo({ socket }: ServerResponse): { address: string; port: number } {
	return { address: socket?.localAddress ?? '', port: socket?.localPort ?? 0 };
}
