import type { Submission } from '../../runninghub/api/submission';
import { RunningHubError } from '../../runninghub/base/errors';
import type { JsonObject } from '../../runninghub/base/json';
import type { Logger } from '../../runninghub/base/logger';
import type { ApiRequest, ApiResponse, Transport } from '../../runninghub/http/transport';

export const TASK_ID = '1900000000000000201';

export function modelSubmission(endpoint: string, body: JsonObject): Submission {
	return { call: { type: 'model', endpoint }, body };
}

/** What came over the wire; text goes as it is, everything else as JSON. */
export function answer(
	body: unknown,
	status = 200,
	headers: Record<string, string> = {},
): ApiResponse {
	return { status, headers, text: typeof body === 'string' ? body : JSON.stringify(body) };
}

/** A transport that answers each request by its path, and keeps what was asked. */
export function scripted(
	byPath: Record<string, (request: ApiRequest) => ApiResponse | Promise<ApiResponse>>,
): { transport: Transport; requests: ApiRequest[] } {
	const requests: ApiRequest[] = [];
	return {
		requests,
		transport: async (request) => {
			requests.push(request);
			const script = byPath[request.path];
			if (script === undefined) throw new Error(`No script for ${request.path}`);
			return await script(request);
		},
	};
}

/** The error that the work must end with. */
export async function errorOf(work: Promise<unknown>): Promise<RunningHubError> {
	const thrown = await work.then(
		(value) => new Error(`No error, but ${JSON.stringify(value)}`),
		(error: unknown) => error,
	);
	if (thrown instanceof RunningHubError) return thrown;
	throw thrown;
}

/** As {@link errorOf}, for work that is done at once. */
export async function errorIn(work: () => unknown): Promise<RunningHubError> {
	return await errorOf((async () => work())());
}

/** Everything that a person can read of an error. */
export function wordsOf({ message, description, nodeName }: RunningHubError): string {
	return [message, description, nodeName ?? ''].join('\n');
}

export interface LogLine {
	level: keyof Logger;
	message: string;
	facts: Record<string, unknown> | undefined;
}

export function keepingLogger(): Logger & { lines: LogLine[] } {
	const lines: LogLine[] = [];
	const write = (level: keyof Logger) => (message: string, facts?: Record<string, unknown>) => {
		lines.push({ level, message, facts });
	};
	return { lines, debug: write('debug'), info: write('info'), warn: write('warn') };
}

/** Random numbers that are the same in every run (mulberry32). */
export function seededRandom(seed: number): () => number {
	let state = seed | 0;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
}
