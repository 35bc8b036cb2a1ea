import { TASK_SCRIPTS } from '../simulator';
import {
	CONTINUE,
	hintsOf,
	IMAGE,
	inLab,
	itemsOf,
	jsonOf,
	shown,
	submit,
	submitAndWait,
} from './support';

/** What stands above the output, and what the error says of the items beside it. */

jest.setTimeout(40_000);

const inEach = submitAndWait({ imageUrl: '={{ $json.url }}' });
const good = { url: IMAGE };
const bad = { url: 'nowhere' };

describe('a batch that went on after errors', () => {
	test.concurrent('says how many failed, and which', async () => {
		await inLab(async ({ simulator, run }) => {
			simulator.nextTaskScripts({ end: TASK_SCRIPTS.moderation.end });
			const result = await run(inEach, {
				items: itemsOf(good, bad, bad, bad, bad, good),
				...CONTINUE,
			});
			expect(hintsOf(result)).toContainEqual({
				message: expect.stringMatching(
					/^5 of 6 failed: items (0–4|1–5) \(counted from 0\)\. Each has its error\.$/,
				),
				type: 'warning',
				location: 'outputPane',
			});
		});
	});

	test.concurrent('says nothing where none failed, or there was but one', async () => {
		await inLab(async ({ run }) => {
			const fine = await run(inEach, { items: itemsOf(good, good), ...CONTINUE });
			const one = await run(inEach, { items: itemsOf(bad), ...CONTINUE });
			expect(JSON.stringify([hintsOf(fine), hintsOf(one)])).not.toContain('failed');
		});
	});
});

describe('a batch that an error stopped', () => {
	test.concurrent('says a sentence once, whatever the number of its items', async () => {
		await inLab(async ({ simulator, run }) => {
			const items = itemsOf(...Array.from({ length: 20 }, () => bad), good);
			const text = shown(await run(inEach, { items }));
			expect(text).toContain(
				'20 items could not be run (counted from 0): items 0–19: for the reason above.',
			);
			expect(text.split('nowhere')).toHaveLength(2);
			expect(text).toContain('Not sent and not paid for: 1 more items.');
			expect(text).toContain(
				'With On Error set to Continue, items that fail do not stop the others.',
			);
			expect(simulator.tasks).toEqual([]);
		});
	});

	test.concurrent('gives each reason with its items', async () => {
		await inLab(async ({ run }) => {
			const other = { url: 'elsewhere' };
			const items = itemsOf(bad, bad, other, bad, other);
			const text = shown(await run(inEach, { items }));
			expect(text).toMatch(/: items 0, 1, 3: for the reason above\. items 2, 4: .*elsewhere/);
		});
	});

	test.concurrent('says nothing of others where there are none', async () => {
		await inLab(async ({ run }) => {
			for (const items of [itemsOf(bad), itemsOf(bad, bad)]) {
				expect(shown(await run(inEach, { items }))).not.toContain('On Error');
			}
		});
	});
});

describe('a run in the editor that cost something', () => {
	const hintAt = async (downloadResults: boolean, mode: 'manual' | 'trigger') => {
		let hints: unknown[] = [];
		await inLab(async ({ run }) => {
			const parameters = submitAndWait({ downloadResults, waitStrategy: 'poll' });
			hints = hintsOf(await run(parameters, { mode }));
		});
		return JSON.stringify(hints);
	};

	test.concurrent('says how to build on without paying again', async () => {
		expect(await hintAt(false, 'manual')).toMatch(/Cost of 1 task: .*Pin this output \(P\)/);
	});

	test.concurrent('does not advise to pin files, which n8n cannot', async () => {
		expect(await hintAt(true, 'manual')).toMatch(/Cost of .*Execute the next nodes step by step/);
	});

	test.concurrent('is the only one to say so', async () => {
		const hint = await hintAt(false, 'trigger');
		expect(hint).toContain('Cost of 1 task');
		expect(hint).not.toContain('Pin this');
	});
});

describe('Estimate Price', () => {
	const estimate = submit({ operation: 'estimatePrice', imageUrl: '={{ $json.url }}' });

	test.concurrent('gives the total of all items, in words too', async () => {
		await inLab(async ({ simulator, run }) => {
			const result = await run(estimate, { items: itemsOf(good, good, good) });
			const price = Number(jsonOf(result).amount);
			const total = Number((price * 3).toFixed(6));
			expect(result.items.map(({ json }) => [json.total, json.summary])).toEqual(
				Array(3).fill([total, `This task: ${price} CNY. All 3 items: ${total} CNY.`]),
			);
			expect(hintsOf(result)).toEqual([
				expect.objectContaining({ message: `All 3 items: ${total} CNY.` }),
			]);
			expect(simulator.tasks).toEqual([]);
		});
	});

	test.concurrent('has no total where a price is missing, and says so', async () => {
		await inLab(async ({ run }) => {
			const result = await run(estimate, { items: itemsOf(good, bad), ...CONTINUE });
			const { amount, total, summary } = jsonOf(result);
			expect(total).toBeNull();
			expect(summary).toBe(
				`This task: ${String(amount)} CNY. 1 of 2 items: ${String(amount)} CNY, and 1 whose price is not known.`,
			);
		});
	});

	test.concurrent('names the price list that it goes by', async () => {
		await inLab(
			async ({ run }) => {
				const { amount, summary } = jsonOf(await run(estimate, { items: itemsOf(good) }));
				expect(summary).toBe(`This task: ${String(amount)} CNY by the price list of 2026-04-29.`);
			},
			{ switches: { pricePreview: 'missing' } },
		);
	});
});
