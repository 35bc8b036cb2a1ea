import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { sublimeSearch } from '@n8n/utils/search/sublime-search';
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

const SEARCHES = [
	['RunningHub', 'running hub', 'ComfyUI', 'AI App', 'LoRA'],
	[
		'Vidu',
		'Kling',
		'Sora',
		'Veo',
		'Nano Banana',
		'Seedance',
		'Seedream',
		'Hailuo',
		'MiniMax',
		'Wan',
	],
	[
		'Hunyuan',
		'Qwen',
		'Grok',
		'Luma',
		'Pika',
		'LTX',
		'Topaz',
		'Suno',
		'Mureka',
		'Midjourney',
		'Flux',
	],
	['AI video', 'generate video', 'product video', 'image to video', 'text to video', 'upscale'],
	['AI image', 'picture', 'text to image', 'subtitle', 'lip sync', 'avatar', 'AI 3D'],
	['voice', 'TTS', 'text to speech', 'song', 'AI music'],
	['视频', '图片', '可灵', '海螺', '即梦', '数字人'],
].flat();
/** Of n8n's search, for a letter that stands right behind the one before it. */
const POINTS_FOR_NEXT = 60;

describe('the entry in n8n’s panel of nodes', () => {
	it('says the same, whether n8n takes it from the node or from its trigger', () => {
		expect(trigger.description).toBe(node.description);
	});

	it.each(codexes)('$node is in a category that n8n documents', ({ categories }) => {
		expect(categories.length).toBeGreaterThan(0);
		expect(categories.filter((category) => !CATEGORIES.includes(category))).toEqual([]);
	});

	describe.each(codexes)('$node', ({ alias }) => {
		it.each(SEARCHES)('is found by "%s"', (search) => {
			const entry = { properties: { displayName: node.displayName, codex: { alias } } };
			const [found] = sublimeSearch(search.toLowerCase(), [entry]);
			// n8n also finds what has these letters in this order anywhere, far below what has them next to each other.
			expect(found?.score).toBeGreaterThan(POINTS_FOR_NEXT * search.length);
		});
	});

	it.each([
		[node.name, codexes[0]?.node],
		[trigger.name, codexes[1]?.node],
	])('%s has its own search words', (name, codexName) => {
		expect(codexName).toBe(`n8n-nodes-runninghub.${name}`);
	});
});
