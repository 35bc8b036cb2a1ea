import { appFrom, appNodeInfoList } from '../../runninghub/api/app';
import { limitsIn, optionsIn } from '../../runninghub/inputs/appFieldData';
import { listApps } from '../../runninghub/api/appList';
import type { ApiResponse } from '../../runninghub/http/transport';

const answer = (data: unknown) => ({ shape: 'coded' as const, code: '0', text: '', data });
const item = (more: object = {}) => ({
	nodeId: '39',
	nodeName: 'LoadImage',
	fieldName: 'image',
	fieldValue: 'a.png',
	fieldType: 'IMAGE',
	description: '上传图像',
	descriptionEn: 'picture',
	...more,
});
const app = (...items: object[]) => appFrom(answer({ webappName: 'X', nodeInfoList: items }));

describe('the parameters of an app', () => {
	it('are named by what they are for and where they go, no two alike', () => {
		const labels = app(
			item(),
			item({ nodeId: '40' }),
			item({ descriptionEn: null, fieldName: 'mask' }),
			item({ descriptionEn: '', description: 'other', fieldName: 'other' }),
		).parameters.map(({ input }) => input.label);
		expect(labels).toEqual([
			'picture · LoadImage.image (39)',
			'picture · LoadImage.image (40)',
			'上传图像 · LoadImage.mask',
			'LoadImage.other',
		]);
	});

	it('keep the digits of ids and values that come as numbers', () => {
		const { parameters } = app(item({ nodeId: 39, fieldValue: 7 }));
		expect(parameters[0]?.input).toMatchObject({ nodeId: '39', saved: '7' });
		expect(parameters[0]?.item.nodeId).toBe('39');
	});

	it('of a kind that is not known are text', () => {
		expect(app(item({ fieldType: 'COLOUR' })).parameters[0]?.input.kind).toBe('text');
	});

	it('that cannot be read are left out, and do not hide the others', () => {
		expect(app({ nodeId: '1' }, item()).parameters).toHaveLength(1);
		expect(appFrom(answer({})).parameters).toEqual([]);
		expect(appFrom(answer({ nodeInfoList: null })).parameters).toEqual([]);
	});

	it.each([
		[true, true],
		[false, false],
		[undefined, false],
		['yes', false],
	])('need a password where accessEncrypted is %p: %p', (accessEncrypted, expected) => {
		expect(appFrom(answer({ accessEncrypted })).isEncrypted).toBe(expected);
	});
});

it('what is sent are the listed items, but no seed and nothing without a value, unless it was set', () => {
	const listed = app(
		item({ extra: 'kept' }),
		item({ nodeId: '3', fieldName: 'seed', fieldType: 'INT', fieldValue: '5' }),
		item({ nodeId: '4', fieldName: 'text', fieldType: 'STRING', fieldValue: null }),
	);
	expect(appNodeInfoList(listed, new Map())).toEqual([item({ extra: 'kept' })]);
	const values = new Map([
		['39.image', 'b.png'],
		['3.seed', '6'],
		['4.text', 'x'],
	]);
	expect(appNodeInfoList(listed, values).map(({ fieldValue }) => fieldValue)).toEqual([
		'b.png',
		'6',
		'x',
	]);
});

describe('the options in fieldData', () => {
	it.each<[string, string, string[]]>([
		[
			'objects',
			'[{"name":"wide","index":"16:9"},{"name":"tall","index":"9:16"},{"default":"16:9"}]',
			['16:9', '9:16'],
		],
		['objects with numbers', '[{"name":"a","index":1},{"name":"b","index":2}]', ['1', '2']],
		['ComfyUI’s list', '[["a", 2, true], {"default": "a"}]', ['a', '2', 'true']],
		['ComfyUI’s newer list', '["COMBO", {"options": ["a", "b"]}]', ['a', 'b']],
	])('are read as %s', (_, fieldData, values) => {
		expect(optionsIn(fieldData, values[0] ?? null).map(({ value }) => value)).toEqual(values);
	});

	it('are called what they are for', () => {
		const fieldData =
			'[{"name":"16:9","index":"w","description":"宽","descriptionEn":"wide"},{"index":"x"}]';
		expect(optionsIn(fieldData, null)).toEqual([
			{ name: '16:9 (wide)', value: 'w' },
			{ name: 'x', value: 'x' },
		]);
	});

	it('have the present value among them, which an editor would refuse otherwise', () => {
		expect(optionsIn('[["a"], {}]', 'old').map(({ value }) => value)).toEqual(['old', 'a']);
	});

	it.each([null, '', 'no JSON', '[{"name":', '{}', '5', '["STRING", {}]'])(
		'are none in %p',
		(fieldData) => {
			expect(optionsIn(fieldData, 'a')).toEqual([]);
		},
	);
});

it.each([
	['["INT",{"default":1,"min":1,"max":4}]', { min: 1, max: 4 }],
	['["FLOAT",{"min":"0.5"}]', { min: 0.5 }],
	['["INT",{"max":18446744073709551615}]', { max: Number('18446744073709551615') }],
	['["INT"]', {}],
	['no JSON', {}],
	[null, {}],
])('the limits in %p are %p', (fieldData, limits) => {
	expect(limitsIn(fieldData)).toEqual(limits);
});

describe('a page of the list of apps', () => {
	const page = async (data: unknown) => {
		const response: ApiResponse = {
			status: 200,
			headers: {},
			text: JSON.stringify({ code: 0, data }),
		};
		return await listApps(async () => response, { sort: 'NEWEST', page: 1 });
	};
	const example = "curl 'https://www.runninghub.ai/openapi/v2/run/ai-app/1900000000000200017'";

	it('has the id of each app, which stands in its sample command alone', async () => {
		const records = [{ title: 'X', invokeExample: example, description: null }, { title: 'no id' }];
		expect(await page({ records, hasNext: true })).toEqual({
			apps: [{ webappId: '1900000000000200017', title: 'X', description: null, cover: null }],
			hasNext: true,
		});
	});

	it('may be empty', async () => {
		expect(await page({ records: null })).toEqual({ apps: [], hasNext: false });
	});
});
