import { SIMULATOR_KEY, type Simulator } from '../../simulator';

/** A plain HTTP client for the tests of the simulator itself. */

export type Answer = { status: number; text: string; json: Record<string, unknown> };

export async function post(
	url: string,
	body: unknown,
	headers: Record<string, string> = {},
): Promise<Answer> {
	const response = await fetch(url, {
		method: 'POST',
		redirect: 'manual',
		headers: { 'Content-Type': 'application/json', ...headers },
		body: typeof body === 'string' ? body : JSON.stringify(body),
	});
	return await answerOf(response);
}

export async function answerOf(response: Response): Promise<Answer> {
	const text = await response.text();
	return { status: response.status, text, json: objectIn(text) };
}

function objectIn(text: string): Record<string, unknown> {
	try {
		const value: unknown = JSON.parse(text);
		return isRecord(value) ? value : {};
	} catch {
		return {};
	}
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** A member of a JSON object, by its path: `at(answer.json, 'data', 'taskId')`. */
export function at(value: unknown, ...path: Array<string | number>): unknown {
	return path.reduce<unknown>((inner, key) => {
		if (Array.isArray(inner)) return inner[Number(key)];
		return isRecord(inner) ? inner[String(key)] : undefined;
	}, value);
}

export const bearer = (key: string): Record<string, string> => ({ Authorization: `Bearer ${key}` });

export const TEXT_TO_VIDEO = 'vidu/text-to-video';

/** A body that `vidu/text-to-video` accepts. */
export const goodBody = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
	prompt: 'a fox',
	style: 'general',
	aspectRatio: '16:9',
	resolution: '720p',
	movementAmplitude: 'auto',
	duration: '5',
	...changes,
});

export const submit = (
	simulator: Simulator,
	body: unknown = goodBody(),
	{ key = SIMULATOR_KEY, endpoint = TEXT_TO_VIDEO } = {},
): Promise<Answer> => post(`${simulator.baseUrl}/openapi/v2/${endpoint}`, body, bearer(key));

export const query = (
	simulator: Simulator,
	taskId: unknown,
	key: string = SIMULATOR_KEY,
): Promise<Answer> => post(`${simulator.baseUrl}/openapi/v2/query`, { taskId }, bearer(key));

export const v1 = (
	simulator: Simulator,
	call: string,
	body: Record<string, unknown>,
	key: string = SIMULATOR_KEY,
): Promise<Answer> => post(`${simulator.baseUrl}/task/openapi/${call}`, { apiKey: key, ...body });

export const get = async (url: string, headers: Record<string, string> = {}): Promise<Answer> =>
	await answerOf(await fetch(url, { headers }));

/** A file as a part of multipart/form-data. */
export function fileForm(
	bytes: Uint8Array,
	{ name = 'a.png', type = 'image/png' } = {},
	fields: Record<string, string> = {},
): FormData {
	const form = new FormData();
	for (const [field, value] of Object.entries(fields)) form.append(field, value);
	form.append('file', new Blob([bytes], { type }), name);
	return form;
}

/** Uploads a small file the new way. Returns what `data` says. */
export async function uploadSample(
	simulator: Simulator,
	name = 'a.png',
): Promise<{ fileName: string; downloadUrl: string }> {
	const answer = await answerOf(
		await fetch(`${simulator.baseUrl}/openapi/v2/media/upload/binary`, {
			method: 'POST',
			headers: bearer(SIMULATOR_KEY),
			body: fileForm(Buffer.from(name), { name }),
		}),
	);
	return {
		fileName: String(at(answer.json, 'data', 'fileName')),
		downloadUrl: String(at(answer.json, 'data', 'download_url')),
	};
}

/** Submits, polls to the end, and returns the last answer with all the statuses on the way. */
export async function runToEnd(
	simulator: Simulator,
	body: unknown = goodBody(),
	endpoint: string = TEXT_TO_VIDEO,
): Promise<{ statuses: unknown[]; last: Answer }> {
	const { json } = await submit(simulator, body, { endpoint });
	const statuses: unknown[] = [];
	for (;;) {
		const last = await query(simulator, json.taskId);
		statuses.push(last.json.status);
		if (simulator.tasks.at(-1)?.endedAt !== null && last.json.usage !== null) {
			return { statuses, last };
		}
		if (statuses.length > 40) throw new Error(`no end after ${statuses.join(', ')}`);
	}
}
