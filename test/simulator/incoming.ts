import type { IncomingMessage } from 'node:http';
import { boundaryOf, readMultipart, type Part } from './multipart';
import type { RecordedRequest, SimulatorState } from './state';

/** Requests as they come in: written down, and their bodies read. */

/** Larger bodies than any JSON request has. */
const MAX_TEXT_BYTES = 64 * 1024 * 1024;

/** Writes a request down as it comes in. */
export function startRecord(
	state: SimulatorState,
	origin: 'api' | 'files',
	request: IncomingMessage,
	url: URL,
): RecordedRequest {
	const headers = Object.fromEntries(
		Object.entries(request.headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]),
	);
	const record: RecordedRequest = {
		at: state.now(),
		origin,
		method: request.method ?? 'GET',
		path: url.pathname,
		query: Object.fromEntries(url.searchParams),
		headers,
		body: '',
	};
	state.requests.push(record);
	return record;
}

/** Reads the body into the record, and returns it as an endpoint needs it. */
export async function readBody(
	state: SimulatorState,
	request: IncomingMessage,
	record: RecordedRequest,
): Promise<{ json: unknown; parts: Part[] | undefined }> {
	const boundary = boundaryOf(record.headers['content-type']);
	if (boundary !== undefined) {
		const parts = await readParts(state, request, boundary);
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
	state: SimulatorState,
	request: IncomingMessage,
	boundary: string,
): Promise<Part[] | undefined> {
	try {
		return await readMultipart(request, boundary, () => state.files.openUpload());
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

export async function readText(request: IncomingMessage): Promise<Buffer> {
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

/** Everything that must not have come along, but for what is in the body. */
export function credentialsIn(state: SimulatorState, record: RecordedRequest, url: URL): string[] {
	const headers = Object.entries(record.headers)
		.filter(([name, value]) => name === 'authorization' || state.accounts.isKeyIn(value))
		.map(([name]) => `header ${name}`);
	const inQuery = state.accounts.isKeyIn(url.search) ? ['query'] : [];
	const inPath = state.accounts.isKeyIn(url.pathname) ? ['path'] : [];
	return [...headers, ...inQuery, ...inPath];
}
