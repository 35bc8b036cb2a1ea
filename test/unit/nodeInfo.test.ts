import type { NodeInput } from '../../runninghub/inputs/nodeInfo';
import { readNodeValue } from '../../runninghub/inputs/readNodeValue';
import { readNodeInfoList } from '../../runninghub/inputs/nodeInfoList';
import {
	checkValues,
	nodeInfoListOf,
	uploadedValues,
} from '../../runninghub/inputs/nodeInfoValues';
import type { BinaryFile } from '../../runninghub/files/media';
import { uploadFile } from '../support/uploadFile';

const input = (kind: NodeInput['kind'], more: Partial<NodeInput> = {}): NodeInput => ({
	nodeId: '3',
	nodeClass: 'KSampler',
	fieldName: 'field',
	label: 'Label',
	kind,
	saved: null,
	...more,
});
const read = (one: NodeInput, raw: unknown, binaries: string[] = []) => {
	const files = binaries.map((name): [string, BinaryFile] => [
		name,
		{ id: name, ...uploadFile(Buffer.from(name)) },
	]);
	return readNodeValue(one, raw, new Map(files));
};
const sent = (one: NodeInput, raw: unknown) => {
	const value = read(one, raw);
	return 'type' in value && value.type === 'plain' ? value.value : value;
};
const problem = (one: NodeInput, raw: unknown, binaries?: string[]) => {
	const value = read(one, raw, binaries);
	return 'problem' in value ? value.problem : value;
};

describe('a value of an input', () => {
	it.each<[NodeInput['kind'], unknown, unknown]>([
		['text', 'a fox', 'a fox'],
		['text', ' kept ', ' kept '],
		['text', 5, '5'],
		['text', false, 'false'],
		['number', 0.5, '0.5'],
		['number', ' 7 ', '7'],
		['number', '.5', '0.5'],
		['number', '+5', '5'],
		['number', '007', '7'],
		['number', '1e3', '1e3'],
		['integer', '3.0', '3'],
		['integer', -2, '-2'],
		['integer', '18446744073709551615', '18446744073709551615'],
		['boolean', true, 'true'],
		['boolean', 'FALSE', 'false'],
		['boolean', 0, 'false'],
		['json', '["a"]', ['a']],
		['json', { a: [1] }, { a: [1] }],
		['unknown', 'a fox', 'a fox'],
		['unknown', [1, 2], [1, 2]],
	])('that is %s goes over the wire as text: %p', (kind, raw, expected) => {
		expect(sent(input(kind), raw)).toEqual(expected);
	});

	it.each<[NodeInput['kind'], unknown, string]>([
		['number', '', 'a number'],
		['number', '0x10', 'a number'],
		['number', 'NaN', 'a number'],
		['number', Infinity, 'a number'],
		['number', true, 'a number'],
		['integer', '1.5', 'a whole number'],
		['boolean', 'yes', 'true or false'],
		['text', { a: 1 }, 'text'],
		['text', ['a'], 'text'],
		['json', 'a fox', 'a JSON list or object'],
	])('that is not %s is refused with what it takes: %p', (kind, raw, takes) => {
		expect(problem(input(kind), raw)).toMatch(/^Label is ".*"; it takes /s);
		expect(problem(input(kind), raw)).toContain(takes);
	});

	it('has limits', () => {
		const limited = input('integer', { min: 1, max: 4 });
		expect(sent(limited, 4)).toBe('4');
		expect(problem(limited, 5)).toBe('Label is "5"; it takes a whole number from 1 to 4.');
		expect(problem(input('number', { min: 0 }), -1)).toContain('a number of at least 0');
		expect(problem(input('number', { max: 9 }), 10)).toContain('a number of at most 9');
	});

	it.each([
		['number', '０．５', '0.5'],
		['integer', '１２', '12'],
		['boolean', 'ｔｒｕｅ', 'true'],
	] as const)('may be written in full width: %s %s', (kind, raw, expected) => {
		expect(sent(input(kind), raw)).toBe(expected);
	});

	it('of an expression that gave an object is refused', () => {
		expect(problem(input('text'), 'a fox, [object Object]')).toMatch(
			/an expression gave an object/,
		);
	});

	it('that has lost digits on its way is not taken for what it was', () => {
		expect(problem(input('integer'), 2 ** 60)).toMatch(/lost its last digits; enter it as text/);
	});
});

describe('a file of an input', () => {
	const media = input('media', { saved: 'example.png' });

	it('is a URL, a data: URI or a binary field', () => {
		expect(read(media, 'https://a.example/b.png')).toMatchObject({ source: { type: 'url' } });
		expect(read(media, 'data:image/png;base64,AAAA')).toMatchObject({ source: { type: 'data' } });
		expect(read(media, 'photo', ['photo'])).toMatchObject({ source: { type: 'binary' } });
	});

	it.each([
		'example.png',
		'openapi/0a1b.png',
		`api/${'0a'.repeat(32)}.png`,
		`${'0a'.repeat(32)}.png [input]`,
		// What an old upload makes of an archive.
		'0123456789abcdef0123456789abcdef',
	])('is a name that RunningHub knows: %s', (name) => {
		expect(sent(media, name)).toBe(name);
	});

	it('may have any name that the workflow has itself', () => {
		const inputs = ['a picture, with a comma.png', 'clipspace/mask-1.png [input]', 'other.png'].map(
			(saved, index) => input('media', { saved, nodeId: String(index), options: [] }),
		);
		for (const { saved } of inputs) {
			const given = [{ nodeId: '0', fieldName: 'field', fieldValue: saved, from: 'form' as const }];
			const { values, problems } = checkValues(inputs, given, new Map());
			expect([...values.values(), ...problems]).toEqual([{ type: 'plain', value: saved }]);
		}
	});

	it.each([
		['product_photo_large', '"product_photo_large", but this item has photo, b;'],
		['a, nope', '"a, nope", but this item has photo, b;'],
		['product.jpg', '"product.jpg", but this item has photo, b;'],
		['my/folder/photo.png', 'but this item has photo, b;'],
		['/data/x.png', 'a file that RunningHub cannot reach; get the file with'],
		['C:\\photos\\x.png', 'a file that RunningHub cannot reach'],
		['iVBORw0KGgoAAAANSUhEUg', 'put data:image/png;base64, before it'],
		['/9j/4AAQSkZJRgABAQAAAQABAAD', 'put data:image/jpeg;base64, before it'],
		['https://drive.google.com/file/d/1AbC/view', 'export=download&id=1AbC'],
		['https://1drv.ms/i/c/0a1b/EaBc', 'a share page of OneDrive'],
		['s3://bucket/b.png', 'which RunningHub cannot open; get the file with n8n’s S3 node'],
	])('is not taken for the name of an upload: %s', (given, sentence) => {
		const { problems } = checkValues(
			[media],
			[{ nodeId: '3', fieldName: 'field', fieldValue: given, from: 'form' }],
			new Map(['photo', 'b'].map((name) => [name, { id: name, ...uploadFile(Buffer.from(name)) }])),
		);
		expect(problems).toEqual([expect.stringContaining(sentence)]);
	});

	it('may have the name of a file where nobody can look at what there is', () => {
		expect(sent(media, 'another.png')).toBe('another.png');
		expect(problem(media, 'product_photo_large')).toContain('this item has no files');
	});

	it('is the saved name even where that looks like a binary field', () => {
		expect(sent(input('media', { saved: 'example' }), 'example')).toBe('example');
	});

	it.each<[unknown]>([
		[5],
		[true],
		[{ a: 1 }],
		['http://'],
		['htps://a.example/b.png'],
		['data:x'],
	])('is not %p', (raw) => {
		expect(problem(media, raw)).toMatch(/it takes the URL of a file, a data: URI, the name of/);
	});

	it('is one, and a field that is there', () => {
		expect(problem(media, 'a, b', ['a', 'b'])).toBe('Label has 2 files; it takes one.');
		expect(problem(media, 'photo', ['a', 'b'])).toMatch(
			/"photo", but this item has a, b; it takes/,
		);
	});
});

describe('a list of overrides written by hand', () => {
	it('is an array or its text, with node ids as text or numbers', () => {
		const list = [{ nodeId: 6, fieldName: 'text', fieldValue: 'a', description: 'more' }];
		const expected = [{ nodeId: '6', fieldName: 'text', fieldValue: 'a' }];
		expect(readNodeInfoList(list)).toEqual(expected);
		expect(readNodeInfoList(JSON.stringify(list))).toEqual(expected);
	});

	it('keeps the digits of a seed', () => {
		const text = '[{"nodeId":"3","fieldName":"seed","fieldValue":18446744073709551615}]';
		expect(readNodeInfoList(text)).toMatchObject([{ fieldValue: '18446744073709551615' }]);
	});

	it.each([undefined, null, '', '[]', []])('may be nothing: %p', (nothing) => {
		expect(readNodeInfoList(nothing)).toEqual([]);
	});

	it.each<[unknown, string]>([
		['{"nodeId": "6"}', 'must be a JSON array'],
		['not JSON', 'must be a JSON array'],
		[5, 'must be a JSON array'],
		[['a'], 'Entry 1'],
		[[{ fieldName: 'text', fieldValue: 'a' }], 'Entry 1 of Node Info List has no usable nodeId'],
		[[{ nodeId: '6', fieldValue: 'a' }], 'has no usable fieldName'],
		[[{ nodeId: '6', fieldName: 'text', fieldValue: null }], 'has no usable fieldValue'],
	])('is refused in one sentence where it cannot be read: %p', (given, sentence) => {
		expect(readNodeInfoList(given)).toEqual({ problem: expect.stringContaining(sentence) });
	});
});

describe('values for the inputs of a workflow', () => {
	const text = input('text', { fieldName: 'text', label: 'Prompt · text' });
	const steps = input('integer', { fieldName: 'steps', label: 'KSampler · steps' });
	const given = (fieldName: string, fieldValue: unknown, from: 'form' | 'list' = 'form') => ({
		nodeId: '3',
		fieldName,
		fieldValue,
		from,
	});
	const noUploads = {
		upload: async () => {
			throw new Error('nothing to upload');
		},
	};

	it('the last one for an input counts, right or wrong', async () => {
		const both = [given('steps', 'many'), given('steps', 5, 'list'), given('text', 'a')];
		const { values, problems } = checkValues([text, steps], both, new Map());
		expect(problems).toEqual([]);
		expect(nodeInfoListOf(await uploadedValues(values, noUploads))).toEqual([
			{ nodeId: '3', fieldName: 'steps', fieldValue: '5' },
			{ nodeId: '3', fieldName: 'text', fieldValue: 'a' },
		]);
	});

	it('an empty one empties a text, and leaves everything else as it is', () => {
		const { values } = checkValues(
			[text, steps],
			[given('text', ''), given('steps', '')],
			new Map(),
		);
		expect([...values]).toEqual([['3.text', { type: 'plain', value: '' }]]);
	});

	it('names of fields may have dots', async () => {
		const { values } = checkValues(undefined, [given('model.file', 'x')], new Map());
		expect(nodeInfoListOf(await uploadedValues(values, noUploads))).toEqual([
			{ nodeId: '3', fieldName: 'model.file', fieldValue: 'x' },
		]);
	});

	it('a file that RunningHub took without a name is not paid for', async () => {
		const source = { type: 'url' as const, url: 'https://a.example/b.png' };
		const upload = async () => ({
			url: 'https://x.example/',
			fileName: '',
			type: null,
			sizeBytes: 1,
		});
		const uploading = uploadedValues(
			new Map([['3.image', { type: 'file', source, label: 'Image' }]]),
			{ upload },
		);
		await expect(uploading).rejects.toThrow('took a file without giving it a name');
	});
});
