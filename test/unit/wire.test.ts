import facts from '../simulator/models.facts.json';
import type { Model, Param } from '../../catalogue/model';
import { findViduModel, VIDU_MODELS } from '../../catalogue/vidu';
import { InvalidInput, readInput, type ModelInput } from '../../catalogue/wire';

interface ParamFacts {
	key: string;
	type: string;
	required: boolean;
	default?: string | number | boolean;
	options?: string[];
	maxLength?: number;
	maxItems?: number;
	accept?: string[];
}

/** As RunningHub's own registry has it, for the models of this package. */
const FACTS: Array<{ endpoint: string; params: ParamFacts[] }> = facts.filter(
	({ family, status }) => family === 'vidu' && status === 'listed',
);

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

const withOnly = ({ values }: ModelInput): Record<string, unknown> => ({ ...values });

const TURBO = 'vidu/image-to-video-q2-turbo';
const REFERENCE = 'vidu/reference-to-video-q2-pro';
const Q3 = 'vidu/reference-to-video-q3';

it('there are 20 Vidu models, each with a place in the facts', () => {
	expect(VIDU_MODELS).toHaveLength(20);
	expect(VIDU_MODELS.map(({ endpoint }) => endpoint).sort()).toEqual(
		FACTS.map(({ endpoint }) => endpoint).sort(),
	);
});

describe.each(FACTS.map((fact) => [fact.endpoint, fact] as const))('%s', (endpoint, fact) => {
	const input = () => readInput(model(endpoint), goodInput(endpoint));

	it('sends each value in the JSON type that the facts say', () => {
		const { values, media } = input();
		for (const { key, type } of fact.params) {
			switch (type) {
				case 'text':
				case 'string':
				case 'enum':
					expect([key, typeof values[key]]).toEqual([key, 'string']);
					break;
				case 'boolean':
					expect([key, typeof values[key]]).toEqual([key, 'boolean']);
					break;
				case 'integer':
				case 'number':
					expect([key, typeof values[key]]).toEqual([key, 'number']);
					break;
				default:
					expect(media.filter(({ param }) => param.key === key)).toHaveLength(1);
			}
		}
		const known = fact.params.map(({ key }) => key).sort();
		const sent = [...Object.keys(values), ...media.map(({ param }) => param.key)].sort();
		expect(sent).toEqual(known);
	});

	it('takes the same values as text, as an expression or an agent gives them', () => {
		const asText = Object.fromEntries(
			Object.entries(goodInput(endpoint)).map(([key, value]) => [key, String(value)]),
		);
		expect(withOnly(readInput(model(endpoint), asText))).toEqual(withOnly(input()));
	});

	it('takes the numbers in its enums as numbers', () => {
		const numbers = Object.fromEntries(
			Object.entries(goodInput(endpoint)).map(([key, value]) => [
				key,
				typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value,
			]),
		);
		expect(withOnly(readInput(model(endpoint), numbers))).toEqual(withOnly(input()));
	});

	it('sends nothing for what is not set', () => {
		for (const unset of [undefined, null, '', '  ']) {
			const given = goodInput(endpoint);
			const reference = endpoint === 'vidu/reference-to-video-q2-pro' ? 'imageUrls' : undefined;
			for (const { key, required } of fact.params) {
				if (!required && key !== reference) given[key] = unset;
			}
			const { values, media } = readInput(model(endpoint), given);
			const sent = [...Object.keys(values), ...media.map(({ param }) => param.key)].sort();
			const required = fact.params
				.filter((param) => param.required || param.key === reference)
				.map(({ key }) => key);
			expect(sent).toEqual(required.sort());
		}
	});

	it('names everything that is required and missing, in one go', () => {
		const required = fact.params.filter((param) => param.required);
		const told = problemsOf(endpoint, {});
		expect(told.match(/ is empty, but /g)).toHaveLength(required.length);
		expect(told).toContain(model(endpoint).name);
		expect(told).toContain('nothing was paid for');
	});

	it('refuses a value that is not among the options, and names those', () => {
		for (const { key, type, options } of fact.params) {
			if (type !== 'enum' || options === undefined) continue;
			const told = problemsOf(endpoint, { ...goodInput(endpoint), [key]: 'nonsense' });
			expect(told).toContain('"nonsense"');
			const inWords = /^\d+$/.test(options.join(''))
				? [`${options[0]} to ${options.at(-1)}`]
				: options;
			for (const option of inWords) expect(told).toContain(option);
		}
	});

	it('refuses a text that is too long, and takes the longest', () => {
		for (const { key, maxLength } of fact.params) {
			if (maxLength === undefined) continue;
			const longest = 'x'.repeat(maxLength);
			const given = goodInput(endpoint);
			expect(readInput(model(endpoint), { ...given, [key]: longest }).values[key]).toBe(longest);
			const told = problemsOf(endpoint, { ...given, [key]: `${longest}x` });
			expect(told).toMatch(/^Prompt is /);
			expect(told).toContain((maxLength + 1).toLocaleString('en-US'));
			expect(told).toContain(maxLength.toLocaleString('en-US'));
		}
	});

	it('refuses one file too many, and takes the most', () => {
		for (const param of fact.params) {
			const { key, type, maxItems: most = 1 } = param;
			if (!/image|video/.test(type)) continue;
			const file = type.endsWith('image') ? IMAGE : VIDEO;
			const given = goodInput(endpoint);
			const full = readInput(model(endpoint), { ...given, [key]: Array(most).fill(file) });
			const sources = full.media.find((medium) => medium.param.key === key)?.sources;
			expect(sources).toHaveLength(most);
			const told = problemsOf(endpoint, { ...given, [key]: Array(most + 1).fill(file) });
			expect(told).toContain(`has ${most + 1} entries`);
			expect(told).toContain(`at most ${most}`);
		}
	});

	it('refuses a file of another type, and names those that it takes', () => {
		for (const { key, type, accept } of fact.params) {
			if (accept === undefined || !/image|video/.test(type)) continue;
			const wrong = type.endsWith('image') ? 'https://f.example/a.gif' : 'https://f.example/a.webm';
			const told = problemsOf(endpoint, { ...goodInput(endpoint), [key]: wrong });
			expect(told).toMatch(/ is a \.(?:gif|webm) file; /);
			for (const extension of accept) expect(told).toContain(extension);
		}
	});
});

describe('values', () => {
	const read = (endpoint: string, changes: Record<string, unknown>) =>
		readInput(model(endpoint), { ...goodInput(endpoint), ...changes }).values;

	it.each([5, '5', ' 5 '])('the duration %j is "5" for one model', (duration) => {
		expect(read(TURBO, { duration }).duration).toBe('5');
	});

	it.each([5, '5', ' 5 '])('the duration %j is 5 for another', (duration) => {
		expect(read(Q3, { duration }).duration).toBe(5);
	});

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
		expect(told).toMatch(/^Background Music is ".*"; it is on \(true\) or off \(false\)\./);
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
		expect(medium?.sources[0]).toMatchObject({ type: 'data', mimeType: 'image/png' });
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
			/^Reference Images is 51\.0 MB; Vidu Q2 Pro takes at most 50 MB\./,
		);
	});

	it('something that is no address is refused, and the sentence says what to give', () => {
		for (const imageUrls of ['my photo', '/tmp/a.png', { a: 1 }, 7]) {
			expect(told({ imageUrls })).toMatch(
				/^Reference Images is ".+", (which is no URL|a file that RunningHub cannot reach); give .*https:\/\//,
			);
		}
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
