import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { control } from './control';
import { jsonReply, type Reply } from './envelopes';
import { html, replaced } from './faultReplies';
import { faultAskedFor, type Fault } from './faults';
import { credentialsIn, readBody, readText, startRecord } from './incoming';
import type { PutOutcome } from './loras';
import { pause } from './pause';
import { answerRegistry, REGISTRY_PATH } from './registry';
import { answer, asksForTask } from './routes';
import type { RecordedRequest, SimulatorState } from './state';

/** The two origins as HTTP servers: read the request, write it down, apply a fault, answer. */

export function createApiServer(state: SimulatorState, reset: () => void): Server {
	return createServer((request, response) => {
		const url = urlOf(request);
		const work = url.pathname.startsWith('/__simulator/')
			? answerControl(state, reset, request, response, url)
			: answerApi(state, request, response, url);
		work.catch((error: unknown) => giveUp(response, error));
	});
}

export function createFilesServer(state: SimulatorState): Server {
	return createServer((request, response) => {
		answerFile(state, request, response, urlOf(request)).catch((error: unknown) =>
			giveUp(response, error),
		);
	});
}

/** Starts to listen; rejects when the port is taken. Returns the port. */
export function listen(server: Server, port: number, host: string): Promise<number> {
	return new Promise((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, host, () => {
			server.off('error', reject);
			resolve((server.address() as AddressInfo).port);
		});
	});
}

export function close(server: Server): Promise<void> {
	return new Promise((resolve) => {
		server.close(() => resolve());
		server.closeAllConnections();
	});
}

async function answerApi(
	state: SimulatorState,
	request: IncomingMessage,
	response: ServerResponse,
	url: URL,
): Promise<void> {
	const record = startRecord(state, 'api', request, url);
	const body = await readBody(state, request, record);
	const isSubmit = asksForTask(record.method, record.path);
	const asked = isSubmit ? faultAskedFor(body.json, record.path) : undefined;
	const fault = state.faults.take(record) ?? asked;
	if (fault?.kind === 'dropBefore') return drop(response);

	const reply = replaced(state, fault) ?? answer(state, { ...record, ...body });
	await deliver(record, response, reply, fault);
}

async function answerFile(
	state: SimulatorState,
	request: IncomingMessage,
	response: ServerResponse,
	url: URL,
): Promise<void> {
	const record = startRecord(state, 'files', request, url);
	record.credentials = credentialsIn(state, record, url);
	if (request.method === 'PUT' && state.loras.isPlaceOf(url.pathname)) {
		return await receiveLora(state, request, response, url, record);
	}
	await readBody(state, request, record);
	if (state.accounts.isKeyIn(record.body)) record.credentials.push('body');
	const fault = state.faults.take(record);
	if (fault?.kind === 'dropBefore' || fault?.kind === 'dropAfter') return drop(response);
	const reply = replaced(state, fault);
	if (reply !== undefined) return await deliver(record, response, reply, fault);
	if (fault?.kind === 'truncate') breakOffAfter(response, fault.bytes ?? 1024);
	if (fault?.kind === 'slow') await pause(fault.delayMs, response);
	if (url.pathname.startsWith(REGISTRY_PATH)) {
		const { status, bytes } = await answerRegistry(response, url.pathname);
		record.status = status;
		record.body = `<sent ${bytes} bytes>`;
		return;
	}
	record.status = await state.files.answer(request, response, url);
}

/** A LoRA is counted as it comes in: it can be larger than anything that is held in memory. */
async function receiveLora(
	state: SimulatorState,
	request: IncomingMessage,
	response: ServerResponse,
	url: URL,
	record: RecordedRequest,
): Promise<void> {
	const fault = state.faults.take(record);
	if (fault?.kind === 'dropBefore') return drop(response);
	const instead = replaced(state, fault);
	if (instead !== undefined) {
		request.resume();
		return await deliver(record, response, instead, fault);
	}
	const { credentials = [] } = record;
	const needsLength = state.switches.loraPutNeedsLength;
	const outcome = await state.loras.receive(request, url, { needsLength, credentials });
	record.body = `<binary ${outcome.size} bytes>`;
	await deliver(record, response, storageReply(outcome), fault);
}

/** The object storage speaks XML. */
function storageReply({ status, code, etag }: PutOutcome): Reply {
	const headers: Record<string, string> = etag === undefined ? {} : { ETag: etag };
	if (code === undefined) return { status, headers, body: '' };
	const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code></Error>`;
	return { status, headers: { ...headers, 'Content-Type': 'application/xml' }, body };
}

/** Lets so many bytes of the body through, then breaks the connection. */
function breakOffAfter(response: ServerResponse, bytes: number): void {
	let left = bytes;
	const write = response.write.bind(response);
	response.write = (chunk: Buffer | string, ...rest: unknown[]): boolean => {
		const data = Buffer.from(chunk);
		const done = rest.find((argument) => typeof argument === 'function');
		if (data.length < left) {
			left -= data.length;
			return write(data, () => done?.call(undefined));
		}
		return write(data.subarray(0, left), () => response.destroy());
	};
}

async function answerControl(
	state: SimulatorState,
	reset: () => void,
	request: IncomingMessage,
	response: ServerResponse,
	url: URL,
): Promise<void> {
	const text = (await readText(request)).toString('utf8');
	const command = url.pathname.slice('/__simulator/'.length);
	const reply = await control(
		state,
		reset,
		request.method ?? 'GET',
		command,
		url.searchParams,
		text,
	);
	send(response, reply);
}

/** Sends the answer, or what a fault leaves of it. */
async function deliver(
	record: RecordedRequest,
	response: ServerResponse,
	reply: Reply,
	fault: Fault | undefined,
): Promise<void> {
	switch (fault?.kind) {
		case 'dropAfter':
			return drop(response);
		case 'truncate':
			return truncate(response, reply, fault.bytes);
		case 'httpAfter':
			record.status = fault.status ?? 500;
			return send(response, { ...html(record.status) });
		case 'slow':
			await pause(fault.delayMs, response);
			break;
		default:
	}
	record.status = reply.status;
	send(response, reply);
}

function send(response: ServerResponse, reply: Reply): void {
	const length = Buffer.byteLength(reply.body);
	response.writeHead(reply.status, { ...reply.headers, 'Content-Length': length });
	response.end(reply.body);
}

const drop = (response: ServerResponse): void => void response.destroy();

function truncate(response: ServerResponse, reply: Reply, bytes: number | undefined): void {
	const body = Buffer.from(reply.body);
	response.writeHead(reply.status, { ...reply.headers, 'Content-Length': body.length });
	const part = body.subarray(0, bytes ?? Math.floor(body.length / 2));
	response.write(part, () => response.destroy());
}

/** A request that broke off, or a mistake in the simulator itself: the latter must be seen. */
function giveUp(response: ServerResponse, error: unknown): void {
	if (response.destroyed) return;
	const message = error instanceof Error ? error.message : String(error);
	if (response.headersSent) return drop(response);
	send(response, jsonReply({ simulatorError: message }, 500));
}

const urlOf = (request: IncomingMessage): URL =>
	new URL(request.url ?? '/', 'http://simulator.invalid');
