import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { RunningHub } from '../../nodes/RunningHub/RunningHub.node';
import { RunningHubTrigger } from '../../nodes/RunningHubTrigger/RunningHubTrigger.node';

const codexSchema = z.object({
	node: z.string(),
	categories: z.array(z.string()),
	alias: z.array(z.string()),
});

const codexOf = (name: string) => {
	const file = resolve(__dirname, `../../nodes/${name}/${name}.node.json`);
	return codexSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
};

const node = new RunningHub().description;
const trigger = new RunningHubTrigger().description;
const codexes = [codexOf('RunningHub'), codexOf('RunningHubTrigger')];

/** Those of n8n's documentation of codex files. */
const CATEGORIES = [
	'Analytics',
	'Communication',
	'Data & Storage',
	'Development',
	'Finance & Accounting',
	'Marketing & Content',
	'Miscellaneous',
	'Productivity',
	'Sales',
	'Utility',
];

describe('the entry in n8n’s panel of nodes', () => {
	it('says the same, whether n8n takes it from the node or from its trigger', () => {
		expect(trigger.description).toBe(node.description);
	});

	it.each(codexes)('$node is in a category that n8n documents', ({ categories }) => {
		expect(categories.length).toBeGreaterThan(0);
		expect(categories.filter((category) => !CATEGORIES.includes(category))).toEqual([]);
	});

	it.each(codexes)('$node is found by what people look for', ({ alias }) => {
		expect(alias).toEqual(
			expect.arrayContaining([
				'Vidu',
				'Kling',
				'Sora',
				'Veo',
				'Nano Banana',
				'ComfyUI',
				'AI video',
				'AI image',
				'image to video',
				'text to video',
			]),
		);
	});

	it.each([
		[node.name, codexes[0]?.node],
		[trigger.name, codexes[1]?.node],
	])('%s has its own search words', (name, codexName) => {
		expect(codexName).toBe(`n8n-nodes-runninghub.${name}`);
	});
});
