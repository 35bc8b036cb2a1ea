import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { startLocalServer } from '../../../test/support/localServer';
import type { Bench } from './bench';
import { publish, run } from './execution';
import { atMost, figureFrom, OWN } from './figure';
import { endWithBench, type N8nInstance } from './n8nInstance';
import { measure } from './tasks';
import { promptItems, withNode, withOpenAi } from './workflows';

/** Beside the node of n8n's own that makes videos: it waits for each item before it sends the next one. */

const ITEMS = 10;
const TASK_MS = 8_000;
/** Each takes as long as the one before, so that a few tell it where time is short. */
const FEW = 2;

export const besideOpenAi: Bench = {
	name: 'openai',
	title: `${ITEMS} items, tasks of ${TASK_MS / 1000} s, beside n8n’s own OpenAI node (video › generate)`,
	inQuick: true,
	light: true,
	async run({ quick, instance, log }) {
		const shared = await instance();
		const scenario = { items: ITEMS, taskMs: () => TASK_MS, slots: ITEMS };
		const few = quick ? FEW : ITEMS;
		const own = async () => {
			log(`${ITEMS} items, ${OWN}`);
			// With their files, as n8n's node does it.
			const parameters = { downloadResults: true };
			const result = await measure(shared, (backend) => withNode(backend, parameters), scenario);
			return result.makespanMs / TASK_MS;
		};
		const theirs = async () => {
			log(`${few} items, n8n’s OpenAI node`);
			return (await generated(shared, few)) / TASK_MS;
		};
		const work: Array<[string, () => Promise<number>]> = [
			[OWN, own],
			[`n8n’s OpenAI node, ${few} items`, theirs],
		];
		const results = new Map<string, number[]>();
		if (quick) {
			const values = await Promise.all(work.map(async ([, measure]) => await measure()));
			work.forEach(([name], index) => results.set(name, values.slice(index, index + 1)));
		} else for (const [name, measure] of work) results.set(name, [await measure()]);
		return {
			figures: [
				{
					what: `${ITEMS} items, tasks of ${TASK_MS / 1000} s, files fetched: makespan / one task`,
					...figureFrom(results, 'x', (factor) => factor),
					target: atMost(1.2, 'x'),
					note: 'n8n’s node asks every 10 s, and for one item at a time',
				},
			],
		};
	},
};

/** @returns milliseconds that n8n's node takes for so many videos */
async function generated(instance: N8nInstance, items: number): Promise<number> {
	const url = await startOpenAi();
	const credential = await instance.api.saveCredential({
		name: `OpenAI at ${url}`,
		type: 'openAiApi',
		data: { apiKey: 'not-needed', url },
	});
	const workflow = await publish(instance, withOpenAi(credential));
	return (await run(instance, workflow, promptItems(items))).ms;
}

/**
 * Answers as OpenAI's API for videos does, as far as n8n's node looks.
 * @returns the base URL for the credential
 */
async function startOpenAi(): Promise<string> {
	const endsAt = new Map<string, number>();
	const answer = (method: string, path: string, response: ServerResponse) => {
		const json = (body: object) =>
			response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
		if (method === 'POST') {
			const id = `video_${randomUUID()}`;
			endsAt.set(id, Date.now() + TASK_MS);
			return json({ id, object: 'video', status: 'queued', error: null });
		}
		const [, id = '', content] = /^\/v1\/videos\/(\w+[\w-]*)(\/content)?$/.exec(path) ?? [];
		if (content !== undefined) return response.setHeader('content-type', 'video/mp4').end(FILE);
		const status = Date.now() >= (endsAt.get(id) ?? Infinity) ? 'completed' : 'in_progress';
		return json({ id, object: 'video', status, error: null });
	};
	const { url, stop } = await startLocalServer((request, response) => {
		request.resume().once('end', () => answer(request.method ?? '', request.url ?? '', response));
	});
	endWithBench(stop);
	return `${url}/v1`;
}

/** The content of a video, as far as anybody looks at it. */
const FILE = Buffer.alloc(100_000);
