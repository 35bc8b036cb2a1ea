import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { control } from './control';
import { e1, e3Refusal, jsonReply, type Reply } from './envelopes';
import type { Fault } from './faults';
import { boundaryOf, readMultipart, type Part } from './multipart';
import { pause } from './pause';
import { answer } from './routes';
import type { RecordedRequest, World } from './world';

/** The two origins as HTTP servers: read the request, write it down, apply a fault, answer. */

/** Larger bodies than any JSON request has. */
const MAX_TEXT_BYTES = 64 * 1024 * 1024;

export function createApiServer(world: World, reset: () => void): Server {
	return createServer((request, response) => {
		const url = urlOf(request);
		const work = url.pathname.startsWith('/__simulator/')
			? answerControl(world, reset, request, response, url)
			: answerApi(world, request, response, url);
		work.catch((error: unknown) => giveUp(response, error));
	});
}

export function createFilesServer(world: World): Server {
	return createServer((request, response) => {
		answerFile(world, request, response, urlOf(request)).catch((error: unknown) =>
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
	world: World,
	request: IncomingMessage,
	response: ServerResponse,
	url: URL,
): Promise<void> {
	const record = startRecord(world, 'api', request, url);
	const body = await readBody(world, request, record);
	const fault = world.faults.take(record);
	if (fault?.kind === 'dropBefore') return drop(response);

	const reply = replaced(world, fault) ?? answer(world, { ...record, ...body });
	await deliver(record, response, reply, fault);
}

async function answerFile(
	world: World,
	request: IncomingMessage,
	response: ServerResponse,
	url: URL,
): Promise<void> {
	const record = startRecord(world, 'files', request, url);
	await readBody(world, request, record);
	const fault = world.faults.take(record);
	if (fault?.kind === 'dropBefore' || fault?.kind === 'dropAfter') return drop(response);
	const reply = replaced(world, fault);
	if (reply !== undefined) return await deliver(record, response, reply, fault);
	if (fault?.kind === 'truncate') breakOffAfter(response, fault.bytes ?? 1024);
	if (fault?.kind === 'slow') await pause(fault.delayMs, response);
	record.status = await world.files.answer(request, response, url);
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
	world: World,
	reset: () => void,
	request: IncomingMessage,
	response: ServerResponse,
	url: URL,
): Promise<void> {
	const text = (await readText(request)).toString('utf8');
	const command = url.pathname.slice('/__simulator/'.length);
	const reply = await control(
		world,
		reset,
		request.method ?? 'GET',
		command,
		url.searchParams,
		text,
	);
	send(response, reply);
}

function startRecord(
	world: World,
	origin: 'api' | 'files',
	request: IncomingMessage,
	url: URL,
): RecordedRequest {
	const headers = Object.fromEntries(
		Object.entries(request.headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]),
	);
	const record: RecordedRequest = {
		at: world.now(),
		origin,
		method: request.method ?? 'GET',
		path: url.pathname,
		query: Object.fromEntries(url.searchParams),
		headers,
		body: '',
	};
	world.requests.push(record);
	return record;
}

/** Reads the body into the record, and returns it as an endpoint needs it. */
async function readBody(
	world: World,
	request: IncomingMessage,
	record: RecordedRequest,
): Promise<{ json: unknown; parts: Part[] | undefined }> {
	const boundary = boundaryOf(record.headers['content-type']);
	if (boundary !== undefined) {
		const parts = await readParts(world, request, boundary);
		if (parts !== undefined) record.parts = parts;
		record.body = parts?.map(lineOf).join('\n') ?? '<broken multipart>';
		return { json: undefined, parts };
	}
	const bytes = await readText(request);
	record.body = looksBinary(bytes) ? `<binary ${bytes.length} bytes>` : bytes.toString('utf8');
	const isJson = /^application\/json\b/i.test(record.headers['content-type'] ?? '');
	const json = isJson ? parsed(record.body) : undefined;
	if (json !== undefined) record.json = json;
	return { json, parts: undefined };
}

async function readParts(
	world: World,
	request: IncomingMessage,
	boundary: string,
): Promise<Part[] | undefined> {
	try {
		return await readMultipart(request, boundary, () => world.files.openUpload());
	} catch {
		request.resume();
		return undefined;
	}
}

function lineOf(part: Part): string {
	if (part.filename === undefined) return `${part.name}: ${part.value ?? ''}`;
	const type = part.contentType ?? 'no type';
	return `${part.name}: "${part.filename}" (${type}) <binary ${part.size} bytes>`;
}

async function readText(request: IncomingMessage): Promise<Buffer> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of request as AsyncIterable<Buffer>) {
		size += chunk.length;
		if (size <= MAX_TEXT_BYTES) chunks.push(chunk);
	}
	return Buffer.concat(chunks);
}

const looksBinary = (bytes: Buffer): boolean => bytes.subarray(0, 1024).includes(0);

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** The answers that stand in for the real one, with nothing done behind them. */
function replaced(world: World, fault: Fault | undefined): Reply | undefined {
	switch (fault?.kind) {
		case 'http': {
			const contentType = fault.contentType ?? 'application/json;charset=UTF-8';
			const headers: Record<string, string> = { 'Content-Type': contentType };
			if (fault.retryAfter !== undefined) headers['Retry-After'] = String(fault.retryAfter);
			return { status: fault.status, headers, body: fault.body ?? '' };
		}
		case 'e1':
			return e1(world, fault.code, fault.msg);
		case 'e3':
			return e3Refusal(world, fault.errorCode, fault.errorMessage);
		case 'html':
			return html(fault.status ?? 200);
		case 'emptyBody':
			return { ...jsonReply(null, fault.status ?? 200), body: '' };
		case 'malformedJson':
			return { ...jsonReply(null), body: '{"taskId":"19000000' };
		case 'redirect':
			return { status: fault.status ?? 302, headers: { Location: fault.url }, body: '' };
		default:
			return undefined;
	}
}

const html = (status: number): Reply => ({
	status,
	headers: { 'Content-Type': 'text/html;charset=UTF-8' },
	body: '<!DOCTYPE html><html><head><title>Bad Gateway</title></head><body>nginx</body></html>',
});

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
