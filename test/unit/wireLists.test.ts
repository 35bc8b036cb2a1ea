import type { Model, Param } from '../../catalogue/model';
import { InvalidInput } from '../../runninghub/base/invalidInput';
import { readInput } from '../../catalogue/wireFormat';
import type { BinaryFile } from '../../runninghub/files/media';

const modelWith = (param: Partial<Param> & Pick<Param, 'key' | 'type'>): Model => ({
	endpoint: 'maker/model',
	name: 'The Model',
	family: 'maker',
	task: 'image-to-video',
	output: 'video',
	status: 'listed',
	paramsKnown: true,
	params: [{ required: false, ...param }],
	conditions: [],
	aliases: [],
});

const sent = (param: Partial<Param> & Pick<Param, 'key' | 'type'>, value: unknown): unknown =>
	readInput(modelWith(param), { [param.key]: value }).values[param.key];

const problem = (param: Partial<Param> & Pick<Param, 'key' | 'type'>, value: unknown): string => {
	try {
		return `accepted as ${JSON.stringify(sent(param, value))}`;
	} catch (error) {
		if (error instanceof InvalidInput) return error.message;
		throw error;
	}
};

describe('a list of words', () => {
	const words = { key: 'pronunciation_dict', type: 'array-of-string', maxItems: 3 } as const;

	it.each([
		[
			['a/b', 'c/d'],
			['a/b', 'c/d'],
		],
		['a/b, c/d', ['a/b', 'c/d']],
		['a/b\nc/d\n', ['a/b', 'c/d']],
		['["a/b, too", "c/d"]', ['a/b, too', 'c/d']],
		['a/b', ['a/b']],
		[['a/b', '', null, ' '], ['a/b']],
		[
			[7, true],
			['7', 'true'],
		],
		[7, ['7']],
		['[not json', ['[not json']],
	])('%j is sent as %j', (value, expected) => {
		expect(sent(words, value)).toEqual(expected);
	});

	it.each([undefined, null, '', ' ', [], ['', null], '[]'])(
		'%j is no list, and not sent',
		(value) => {
			expect(sent(words, value)).toBeUndefined();
		},
	);

	it.each(['[]', [], ' ', [' ']])('%j is missing where the list is required', (value) => {
		expect(problem({ ...words, required: true }, value)).toBe(
			'Pronunciations is empty, but The Model needs it.',
		);
	});

	it('a list that is too long, or holds no text, is refused', () => {
		expect(problem(words, 'a,b,c,d')).toBe(
			'Pronunciations has 4 entries; The Model takes at most 3.',
		);
		expect(problem(words, [{ a: 1 }])).toBe('Pronunciations is "{"a":1}"; it must be text.');
		expect(problem({ ...words, maxLength: 2 }, ['abc'])).toBe(
			'Pronunciations is 3 characters long; The Model takes at most 2.',
		);
	});
});

describe('a list of options', () => {
	const slots = {
		key: 'conversionSlots',
		type: 'array-of-enum',
		options: ['all', 'image1'],
	} as const;
	const param = { ...slots, options: [...slots.options] };

	it.each([
		['all', ['all']],
		['IMAGE1, all', ['image1', 'all']],
		[['image1'], ['image1']],
		['["image1"]', ['image1']],
	])('%j is sent as %j', (value, expected) => {
		expect(sent(param, value)).toEqual(expected);
	});

	it('what is no option is refused', () => {
		expect(problem(param, 'all, image7')).toBe(
			'Files With Real People is "image7"; The Model takes all, image1.',
		);
	});
});

describe('a list of objects', () => {
	const shots = { key: 'multiPrompt', type: 'object-array' } as const;
	const shot = { prompt: 'a fox', duration: 5, more: [null, { deep: true }] };

	it.each([
		[[shot], [shot]],
		[JSON.stringify([shot, shot]), [shot, shot]],
		[JSON.stringify(shot), [shot]],
		[shot, [shot]],
	])('%j is sent as it is, in an array', (value, expected) => {
		expect(sent(shots, value)).toEqual(expected);
	});

	it.each(['', [], '[]', null])('%j is not sent', (value) => {
		expect(sent(shots, value)).toBeUndefined();
	});

	it.each(['a fox', '[{]', 7, '7', ['a fox'], '["a"]', [[{}]]])('%j is refused', (value) => {
		expect(problem(shots, value)).toMatch(
			/^Shots is ".+"; The Model takes a JSON array of objects, such as /,
		);
	});

	it('ids that JavaScript would round, and names that change an object, are refused', () => {
		expect(problem(shots, '[{"elementId": 1900000000000000201}]')).toBe(
			'Shots holds a number of more digits than can be kept at [0].elementId: put it in quotes.',
		);
		expect(problem(shots, '[{"__proto__": {"polluted": 1}}]')).toBe(
			'Shots holds the name __proto__, which is not allowed.',
		);
	});
});

describe('text', () => {
	it('an id that has come as a number and lost its last digits is refused', () => {
		// eslint-disable-next-line no-loss-of-precision -- that is the point
		const rounded = 1900000000000000201;
		expect(problem({ key: 'videoId', type: 'string' }, rounded)).toBe(
			'Video ID is the number 1900000000000000300, which has lost its last digits; enter it as text.',
		);
	});

	it('an id that was pasted with a space or a line break is sent without', () => {
		expect(sent({ key: 'videoId', type: 'string' }, ' 1900000000000000201\n')).toBe(
			'1900000000000000201',
		);
	});
});

describe('a text that may name a file', () => {
	const world = modelWith({ key: 'imageUrl', type: 'string', mediaHint: 'image' });
	const file: BinaryFile = {
		id: 'id',
		fileName: 'a.png',
		mimeType: 'image/png',
		sizeBytes: 1,
		open: () => Promise.reject(new Error('not needed')),
	};
	const read = (imageUrl: unknown) => readInput(world, { imageUrl }, new Map([['data', file]]));

	it('is uploaded when it is a file', () => {
		for (const [given, type] of [
			['data', 'binary'],
			['https://f.example/a.png', 'url'],
			['data:image/png;base64,AAAA', 'data'],
		]) {
			expect(read(given)).toMatchObject({ values: {}, media: [{ sources: [{ type }] }] });
		}
	});

	it('is sent as text when it is the id of one that RunningHub has', () => {
		for (const id of ['asset_7f3a', '01HX-77', 'photo']) {
			expect({ ...read(id).values }).toEqual({ imageUrl: id });
			expect(read(id).media).toEqual([]);
		}
	});

	it('is refused when it is a file of another kind', () => {
		expect(() => read('data:video/mp4;base64,AAAA')).toThrow(
			'Image is a data: URI of type "video/mp4"; The Model takes an image.',
		);
	});
});

describe('a file that is not there', () => {
	const model = modelWith({ key: 'imageUrl', type: 'image' });
	const withFiles = (...names: string[]) =>
		new Map(
			names.map((name): [string, BinaryFile] => [
				name,
				{
					id: name,
					fileName: '',
					mimeType: '',
					sizeBytes: undefined,
					open: () => Promise.reject(new Error()),
				},
			]),
		);

	it('is told with the files that are', () => {
		const told = (binaries: ReadonlyMap<string, BinaryFile>) => {
			try {
				readInput(model, { imageUrl: 'photo' }, binaries);
				return 'accepted';
			} catch (error) {
				return error instanceof InvalidInput ? error.message : 'another error';
			}
		};
		const howTo =
			'give an address that starts with https:// or http://, a data: URI of an image, or the name of a binary field.';
		expect(told(withFiles())).toBe(
			`Image is "photo", but there is no binary field of that name: this item has no files; ${howTo}`,
		);
		expect(told(withFiles('data', 'data_1'))).toBe(
			`Image is "photo", but there is no binary field of that name: this item has data and data_1; ${howTo}`,
		);
	});

	it('a file of which neither type, name nor size is known is let through', () => {
		expect(readInput(model, { imageUrl: 'data' }, withFiles('data')).media).toHaveLength(1);
	});
});
