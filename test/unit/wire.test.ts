import type { Model, Param } from '../../catalogue/model';
import { findViduModel } from '../../catalogue/vidu';
import { InvalidInput } from '../../runninghub/base/invalidInput';
import { readInput } from '../../catalogue/wireFormat';
import { uploadFile } from '../support/uploadFile';

const IMAGE = 'https://files.example/a.jpg';
const VIDEO = 'https://files.example/a.mp4';

const model = (endpoint: string): Model => {
	const found = findViduModel(endpoint);
	if (found === undefined) throw new Error(`no model ${endpoint}`);
	return found;
};

const problemsOf = (endpoint: string, given: Record<string, unknown>): string => {
	try {
		readInput(model(endpoint), given);
	} catch (error) {
		if (error instanceof InvalidInput) return `${error.message} ${error.description}`;
		throw error;
	}
	throw new Error('accepted');
};

/** What a form gives for a parameter that is filled with its default, or with something sensible. */
const goodValue = ({ type, default: preset, options }: Partial<Param> & { type: string }) => {
	if (type.endsWith('image')) return IMAGE;
	if (type.endsWith('video')) return VIDEO;
	return preset ?? options?.[0] ?? 'a fox';
};
const goodInput = (endpoint: string): Record<string, unknown> =>
	Object.fromEntries(model(endpoint).params.map((param) => [param.key, goodValue(param)]));

const TURBO = 'vidu/image-to-video-q2-turbo';
const REFERENCE = 'vidu/reference-to-video-q2-pro';
const Q3 = 'vidu/reference-to-video-q3';

describe('values', () => {
	const read = (endpoint: string, changes: Record<string, unknown>) =>
		readInput(model(endpoint), { ...goodInput(endpoint), ...changes }).values;

	it.each([5, '5', ' 5 '])('the duration %j is "5" for one model', (duration) => {
		expect(read(TURBO, { duration }).duration).toBe('5');
	});

	it.each([5, '5', ' 5 '])('the duration %j is 5 for another', (duration) => {
		expect(read(Q3, { duration }).duration).toBe(5);
	});

	it.each([5, '5.0', '05', '５', '５．０'])(
		'the duration %j is 5, however it is written',
		(duration) => {
			expect(read(TURBO, { duration }).duration).toBe('5');
			expect(read(Q3, { duration }).duration).toBe(5);
		},
	);

	it.each(['5s', '5 5', '5,0', '0x5', '五'])('the duration %j is none', (duration) => {
		for (const endpoint of [TURBO, Q3]) {
			expect(problemsOf(endpoint, { ...goodInput(endpoint), duration })).toMatch(
				/^Duration \(Seconds\) is/,
			);
		}
	});

	it.each(['16:9', '16 : 9', '１６：９', ' 16：9 ', '16 ∶ 9'])('%j is 16:9', (aspectRatio) => {
		expect(read(REFERENCE, { aspectRatio }).aspectRatio).toBe('16:9');
	});

	it.each(['undefined', 'null', 'NaN', ' null\n', 'a fox, [object Object]', '[object Object]'])(
		'the prompt %j is none: an expression gave no text',
		(prompt) => {
			expect(problemsOf(TURBO, { ...goodInput(TURBO), prompt })).toMatch(
				/^Prompt (?:is|holds) ".*": an expression gave/,
			);
		},
	);

	it.each(['null and void', 'an undefined shape', 'NaN bread', 'a [object]'])(
		'the prompt %j is one',
		(prompt) => {
			expect(read(TURBO, { prompt }).prompt).toBe(prompt);
		},
	);

	it.each([2, 17, '2', 5.5, '5.5', 'five', true, [5], {}, NaN])(
		'the duration %j is none for a model that takes 3 to 16',
		(duration) => {
			const told = problemsOf(Q3, { ...goodInput(Q3), duration });
			expect(told).toMatch(
				/^Duration \(Seconds\) is ".+"; Vidu Q3 takes a whole number from 3 to 16\./,
			);
		},
	);

	it.each([
		[true, true],
		['true', true],
		['TRUE', true],
		[1, true],
		['1', true],
		[false, false],
		['false', false],
		[' False ', false],
		[0, false],
		['0', false],
	])('%j is %j where the model takes a boolean', (bgm, expected) => {
		expect(read(TURBO, { bgm }).bgm).toBe(expected);
	});

	it.each(['yes', 2, [], {}])('%j is no boolean', (bgm) => {
		const told = problemsOf(TURBO, { ...goodInput(TURBO), bgm });
		expect(told).toMatch(/^Background Music is ".*"; it must be true or false\./);
	});

	it.each([
		[true, 'true'],
		['true', 'true'],
		[false, 'false'],
		['False', 'false'],
	])('%j is %j where the model takes the word', (audio, expected) => {
		expect(read(Q3, { audio }).audio).toBe(expected);
	});

	it('an option is found in any case, and sent as RunningHub writes it', () => {
		expect(read(TURBO, { resolution: '720P', movementAmplitude: 'AUTO' })).toMatchObject({
			resolution: '720p',
			movementAmplitude: 'auto',
		});
	});

	it('a prompt is sent as it is', () => {
		const prompt = '  “A fox”\n\t狐狸 🦊 {{ $json }} ';
		expect(read(TURBO, { prompt }).prompt).toBe(prompt);
		expect(read(TURBO, { prompt: 42 }).prompt).toBe('42');
	});

	it.each([{}, ['a'], { a: 1 }])('%j is no prompt', (prompt) => {
		expect(problemsOf(TURBO, { ...goodInput(TURBO), prompt })).toMatch(
			/^Prompt is ".*"; it must be text/,
		);
	});

	it('keys that the model does not have are not sent', () => {
		const values = read(TURBO, { audio: true, style: 'anime', seed: 7, constructor: 'x' });
		for (const key of ['audio', 'style', 'seed', 'constructor'])
			expect(values).not.toHaveProperty(key);
	});

	it('a value that is inherited is not a value that was given', () => {
		const given: Record<string, unknown> = Object.create(goodInput(TURBO));
		expect(problemsOf(TURBO, given)).toMatch(/ is empty, but /);
	});

	it('several problems are told at once, each in a sentence', () => {
		const told = problemsOf(TURBO, {
			...goodInput(TURBO),
			duration: '11',
			resolution: '4k',
			imageUrl: 'not a url',
		});
		for (const part of [
			'Duration (Seconds) is "11"',
			'Resolution is "4k"',
			'Image is "not a url"',
		]) {
			expect(told).toContain(part);
		}
	});
});

describe('media', () => {
	const given = (changes: Record<string, unknown>) => ({ ...goodInput(REFERENCE), ...changes });
	const told = (changes: Record<string, unknown>) => problemsOf(REFERENCE, given(changes));
	const dataUri = (type: string, bytes: number) =>
		`data:${type};base64,${Buffer.alloc(bytes).toString('base64')}`;

	it.each([
		'https://f.example/a',
		'https://f.example/a.php?id=1',
		'https://f.example/download?file=a.gif',
		'https://f.example/a.JPEG',
		'https://f.example/v1.2/a',
	])('the address %s is let through: it does not say what it is, or is fine', (imageUrls) => {
		expect(readInput(model(REFERENCE), given({ imageUrls })).media).toHaveLength(2);
	});

	it('a list may be an array or text, and keeps its order', () => {
		const urls = ['https://f.example/1.jpg', 'https://f.example/2.jpg', 'https://f.example/3.png'];
		for (const imageUrls of [urls, urls.join(','), urls.join('\n')]) {
			const { media } = readInput(model(REFERENCE), given({ imageUrls }));
			expect(media.find(({ param }) => param.key === 'imageUrls')?.sources).toEqual(
				urls.map((url) => ({ type: 'url', url })),
			);
		}
	});

	it('a data URI of the right type is taken', () => {
		const imageUrls = dataUri('image/png', 100);
		const [medium] = readInput(model(REFERENCE), given({ imageUrls, videos: '' })).media;
		expect(medium?.sources[0]).toMatchObject({ type: 'data', file: { mimeType: 'image/png' } });
	});

	it('a data URI of another kind is refused', () => {
		expect(told({ imageUrls: dataUri('video/mp4', 10) })).toMatch(
			/^Reference Images is a data: URI of type "video\/mp4"; Vidu Q2 Pro takes an image \(jpg, png\)\./,
		);
		expect(told({ videos: dataUri('image/png', 10) })).toMatch(/^Reference Videos is a data: URI/);
	});

	it('a data URI of another format is refused', () => {
		expect(told({ imageUrls: dataUri('image/gif', 10) })).toMatch(
			/^Reference Images is a \.gif file; Vidu Q2 Pro takes jpg, png\./,
		);
	});

	it('a data URI over the limit is refused, with both sizes', () => {
		expect(told({ imageUrls: dataUri('image/png', 51 * 1_048_576) })).toMatch(
			/^Reference Images is 51 MB; Vidu Q2 Pro takes at most 50 MB\./,
		);
	});

	it('one byte too many is told as more than the limit', () => {
		expect(told({ imageUrls: dataUri('image/png', 50 * 1_048_576 + 1) })).toMatch(
			/^Reference Images is just over 50 MB; Vidu Q2 Pro takes at most 50 MB\./,
		);
	});

	it.each(['image/heic', 'image/avif', 'image/heif'])('%s is refused', (type) => {
		expect(told({ imageUrls: dataUri(type, 10) })).toMatch(
			/^Reference Images is a \.(heic|avif|heif) file; Vidu Q2 Pro takes jpg, png\./,
		);
	});

	it.each(['image/jpg', 'image/pjpeg', 'image/x-png'])(
		'%s is another name of a good type',
		(type) => {
			expect(
				readInput(model(REFERENCE), given({ imageUrls: dataUri(type, 10) })).media,
			).toHaveLength(2);
		},
	);

	it('a name that is no binary field is refused with those that there are', () => {
		const file = { id: 'x', ...uploadFile(Buffer.from('x')) };
		const binaries = new Map([
			['photo', file],
			['logo', file],
		]);
		for (const imageUrls of ['product.jpg', 'picture']) {
			expect(() => readInput(model(REFERENCE), given({ imageUrls }), binaries)).toThrow(
				/this item has photo and logo/,
			);
		}
	});

	it('an empty file is refused', () => {
		const file = { id: 'x', ...uploadFile(Buffer.alloc(0)) };
		const imageUrls = 'photo';
		expect(() =>
			readInput(model(REFERENCE), given({ imageUrls }), new Map([['photo', file]])),
		).toThrow('Reference Images ("photo") is an empty file; look at what the node before');
	});

	it('something that is no address is refused, and the sentence says what to give', () => {
		for (const imageUrls of ['my photo', { a: 1 }, 7]) {
			expect(told({ imageUrls })).toMatch(
				/^Reference Images is ".+", which is not a URL; give .*https:\/\//,
			);
		}
		expect(told({ imageUrls: '/tmp/a.png' })).toMatch(
			/^Reference Images is "\/tmp\/a\.png", a file that RunningHub cannot reach; get .* binary field instead\./,
		);
	});

	it('a long text is not repeated in full', () => {
		expect(told({ imageUrls: `no url ${'x'.repeat(5_000)}` }).length).toBeLessThan(500);
	});
});

it('a reference video of nothing but words is refused: another mode is for that', () => {
	const q2Pro = 'vidu/reference-to-video-q2-pro';
	expect(problemsOf(q2Pro, { prompt: 'a fox', duration: '5' })).toContain(
		'Reference Images and Reference Videos are empty; Vidu Q2 Pro needs at least one of them.',
	);
	const { media } = readInput(model(q2Pro), { prompt: 'a fox', videos: 'https://a.example/b.mp4' });
	expect(media.map(({ param }) => param.key)).toEqual(['videos']);
});
