import { createClient } from '../../runninghub/api/client';
import type { BinaryFiles } from '../../runninghub/files/media';
import {
	readQuickCreateCode,
	readQuickCreateItems,
} from '../../runninghub/inputs/quickCreateInput';
import { answer, errorOf, scripted, TASK_ID } from '../support/unitAnswers';
import { uploadFile } from '../support/uploadFile';

const ITEM = {
	nodeId: '52',
	nodeName: 'RH_Translator',
	fieldName: 'prompt',
	fieldType: 'STRING',
	fieldValue: 'a fox',
	description: 'prompt',
};
const { fieldValue: _, ...INFO } = ITEM;

const FILES: BinaryFiles = new Map([
	['photo', { id: 'one', ...uploadFile(Buffer.from('x'), 'photo.png') }],
]);

const problemIn = (read: object): string => ('problem' in read ? String(read.problem) : '');

describe('the code of a Quick Create module', () => {
	it.each([
		['006', '006'],
		['6', '006'],
		['06', '006'],
		[6, '006'],
		[60, '060'],
		[600, '600'],
		[' 001\n', '001'],
	])('%j is %j', (raw, code) => {
		expect(readQuickCreateCode(raw)).toEqual({ code });
	});

	it.each([
		['', 'Quick Create Code is empty;'],
		[undefined, 'Quick Create Code is empty;'],
		[null, 'Quick Create Code is empty;'],
		['0006', 'Quick Create Code is "0006";'],
		[1000, 'Quick Create Code is "1000";'],
		[-6, 'Quick Create Code is "-6";'],
		[0.6, 'Quick Create Code is "0.6";'],
		['six', 'Quick Create Code is "six";'],
		[['006'], 'Quick Create Code is "["006"]";'],
	])('%j is refused, with what is wanted', (raw, start) => {
		const problem = problemIn(readQuickCreateCode(raw));
		expect(problem.startsWith(start)).toBe(true);
		expect(problem).toMatch(/three digits .* such as 006\.$/);
	});
});

describe('the inputs of a Quick Create module', () => {
	it.each([
		['an array', [ITEM]],
		['the text of one', JSON.stringify([ITEM], null, 2)],
	])('come as %s', (_name, raw) => {
		expect(readQuickCreateItems(raw, FILES)).toEqual([
			{ info: INFO, value: { type: 'plain', value: 'a fox' } },
		]);
	});

	it('scalars become text, digit by digit', () => {
		const json = `[{"nodeId": 52, "nodeName": "KSampler", "fieldName": "seed", "fieldType": "INT",
			"fieldValue": 12345678901234567890, "description": false}]`;
		expect(readQuickCreateItems(json, FILES)).toEqual([
			{
				info: {
					nodeId: '52',
					nodeName: 'KSampler',
					fieldName: 'seed',
					fieldType: 'INT',
					description: 'false',
				},
				value: { type: 'plain', value: '12345678901234567890' },
			},
		]);
	});

	it('a value and a description may be empty', () => {
		const [item] = [readQuickCreateItems([{ ...ITEM, fieldValue: '', description: '' }], FILES)];
		expect(item).toEqual([
			{ info: { ...INFO, description: '' }, value: { type: 'plain', value: '' } },
		]);
	});

	it.each(['IMAGE', 'video', 'Audio'])('a file for %s is one to be uploaded', (fieldType) => {
		const items = readQuickCreateItems([{ ...ITEM, fieldType, fieldValue: 'photo' }], FILES);
		expect(items).toMatchObject([{ value: { type: 'file', source: { field: 'photo' } } }]);
	});

	it.each<[string, unknown, RegExp]>([
		['nothing', '', /^Node Inputs is "", not a JSON array/],
		['a number', 7, /^Node Inputs is "7", not a JSON array/],
		['one item without its brackets', ITEM, /^Node Inputs is .*, not a JSON array/],
		['an empty list', [], /^Node Inputs is empty: /],
		['null in the list', [ITEM, null], /^Item 2 of Node Inputs is "null", not an object/],
		['a list in the list', [[ITEM]], /^Item 1 of Node Inputs is .*, not an object/],
		['an empty name', [{ ...ITEM, nodeName: ' ' }], /^Item 1 of Node Inputs: nodeName is empty: /],
		[
			'an object as a name',
			[{ ...ITEM, nodeName: { a: 1 } }],
			/^Item 1 of Node Inputs: nodeName is "\{"a":1\}"; it takes text\.$/,
		],
		[
			'an id that a number has rounded',
			[{ ...ITEM, nodeId: Number('1900000000000000201') }],
			/^Item 1 of Node Inputs: nodeId was given as the number 1900000000000000300 and lost/,
		],
		[
			'half a whole number',
			[{ ...ITEM, fieldType: 'INT', fieldValue: 1.5 }],
			/^Item 1 of Node Inputs: fieldValue is "1\.5"; it takes a whole number\.$/,
		],
		[
			'a file that is not there',
			[{ ...ITEM, fieldType: 'IMAGE', fieldValue: 'data' }],
			/^Item 1 of Node Inputs: fieldValue is "data", but this item has photo/,
		],
	])('%s is refused in one sentence', (_name, raw, sentence) => {
		expect(problemIn(readQuickCreateItems(raw, FILES))).toMatch(sentence);
	});
});

describe('the calls of Quick Create', () => {
	it('a submit goes to its own path and gives the task', async () => {
		const { transport, requests } = scripted({
			'/task/openapi/quick-ai-app/run': () =>
				answer({ code: 0, msg: 'success', data: { taskId: TASK_ID, taskStatus: 'QUEUED' } }),
		});
		const body = { webappId: '1', quickCreateCode: '006', nodeInfoList: [] };
		expect(
			await createClient(transport).submit({ call: { type: 'quickCreate' }, body }),
		).toMatchObject({
			taskId: TASK_ID,
			status: 'RUNNING',
		});
		expect(requests).toMatchObject([{ unstoppable: true, body: { type: 'json', json: body } }]);
	});

	const stylesFrom = async (data: unknown) =>
		await createClient(
			scripted({
				'/api/fast/creation/model/params': () => answer({ code: 0, msg: 'success', data }),
			}).transport,
		).styles('1', 2);

	it('a style keeps RunningHub’s values under names that can be read', async () => {
		const [style] = await stylesFrom([
			{
				id: 7,
				type: '2',
				modelName: 'Paper cut',
				modelLoar1FileName: 'a.safetensors',
				modelLoar1Weight: '0.7',
				modelLoar2Weight: 'strong',
			},
		]);
		expect(style).toMatchObject({
			id: '7',
			type: 2,
			name: 'Paper cut',
			lora1FileName: 'a.safetensors',
			lora1Weight: 0.7,
			lora2Weight: null,
			triggerWords: null,
		});
	});

	it.each([null, undefined, []])('data %j holds no styles', async (data) => {
		expect(await stylesFrom(data)).toEqual([]);
	});

	it.each([{}, 'x', 7, ['x']])('data %j is no list of styles', async (data) => {
		expect((await errorOf(stylesFrom(data))).kind).toBe('protocol');
	});
});
