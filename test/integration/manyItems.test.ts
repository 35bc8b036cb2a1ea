import type { IHttpRequestOptions } from 'n8n-workflow';
import { submitOf } from './everyTask';
import { withoutNetwork } from './harness';
import { expectTaskShape, inLab, itemsOf, jsonOf } from './support';

/** As many items as a large table has; without a network, which would take most of the time. */
jest.setTimeout(120_000);

const MANY = 10_000;
const prompts = Array.from({ length: MANY }, (_, index) => `scene ${index}`);
const FIRST_ID = 1_900_000_000_000_000_000n;

/** RunningHub, with tasks that have ended when they are accepted. */
function endingAtOnce() {
	const made = new Map<string, string>();
	const answer = ({ body }: IHttpRequestOptions) => {
		const taskId = String(FIRST_ID + BigInt(made.size));
		made.set(taskId, String(Object(body).prompt));
		const results = [{ url: `https://files.example/${taskId}.mp4`, outputType: 'mp4' }];
		return { taskId, status: 'SUCCESS', errorCode: '', results };
	};
	return { made, answer };
}

test('10,000 items are 10,000 tasks, in the order of the items', async () => {
	await inLab(async ({ run }) => {
		const { made, answer } = endingAtOnce();
		const items = itemsOf(...prompts.map((prompt) => ({ prompt })));
		const submitted = await withoutNetwork(
			answer,
			async () => await run(submitOf('vidu'), { items }),
		);
		expect(submitted.error).toBeUndefined();
		expect(made.size).toBe(MANY);
		expect(submitted.items.map(({ json }) => made.get(String(json.taskId)))).toEqual(prompts);
		expect(submitted.items.map(({ pairedItem }) => pairedItem)).toEqual(
			prompts.map((_, item) => ({ item })),
		);
		expectTaskShape(jsonOf(submitted, MANY - 1));
	});
});
