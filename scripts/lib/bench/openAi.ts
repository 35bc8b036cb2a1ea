import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { startLocalServer } from '../../../test/support/localServer';
import { afterServices } from '../services';
import { type Bench, inTurn } from './bench';
import { publish, run } from './execution';
import { atMost, figureFrom, OWN } from './figure';
import type { N8nInstance } from './n8nInstance';
import { measure } from './tasks';
import { type FlowFor, promptItems, withNode, withOpenAi } from './workflows';

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
		const makespans: Record<string, () => Promise<number>> = {
			// With their files, as n8n's node does it.
			[OWN]: async () => {
				const flow: FlowFor = (backend) => withNode(backend, { downloadResults: true });
				return (await measure(shared, flow, scenario)).makespanMs;
			},
			[`n8n’s OpenAI node, ${few} items`]: async () => await generated(shared, few),
		};
		const results = new Map<string, number[]>();
		const work = async ([name, makespan]: [string, () => Promise<number>]) => {
			log(name);
			results.set(name, [(await makespan()) / TASK_MS]);
		};
		const entries = Object.entries(makespans);
		await (quick ? Promise.all(entries.map(work)) : inTurn(entries, work));
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
	afterServices(stop);
	return `${url}/v1`;
}

/** The content of a video, as far as anybody looks at it. */
const FILE = Buffer.alloc(100_000);
