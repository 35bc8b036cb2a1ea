import { parseMedia, type BinaryFiles } from '../../runninghub/files/media';
import { bytesOf, uploadFile } from '../support/uploadFile';

/** Lists of media that are put together at random, and read back. */
const ROUNDS = 10_000;

/** The same numbers in each run, so that a failure can be seen again (mulberry32). */
function randomNumbers(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
}

const random = randomNumbers(20_261_127);
const below = (limit: number) => Math.floor(random() * limit);
const oneOf = <T>(values: readonly [T, ...T[]]): T => values[below(values.length)] ?? values[0];
const several = <T>(least: number, most: number, make: () => T): T[] =>
	Array.from({ length: least + below(most - least + 1) }, make);
const sometimes = (part: string) => (random() < 0.5 ? part : '');

const NAMES = ['photo', 'my photo, 1.png', 'data', 'image-2', '产品图', 'a;b', '_x'] as const;
const binaries: BinaryFiles = new Map(
	NAMES.map((name) => [name, { id: name, ...uploadFile(Buffer.from(name)) }]),
);

interface Entry {
	text: string;
	/** What it is read as. */
	read: string;
}

const SEGMENTS = [
	'c_fill,w_400,h_300',
	'image/upload',
	'2026;01',
	'a%20b%2Cc',
	'my picture',
	'狐狸，和鸡',
	'图、片',
	'a{1}',
	'~x!$&()*+,=:@',
	'fetch/https://b.example/1,2.png',
] as const;
const QUERIES = [
	'x-oss-process=image/resize,w_800',
	'auto=format,compress',
	'X-Amz-Signature=0a1b+c/d==&X-Amz-Expires=86400',
	'Policy=ey__&Key-Pair-Id=K,2',
	'url=https://b.example/x.png',
	'name=狐 狸',
	'ids=1;2;3',
] as const;

/** As an address has it: everything outside of ASCII, blanks and braces in UTF-8 and percent. */
const inAddresses = (text: string) =>
	[...text]
		.map((letter) =>
			/[\x21-\x7e]/.test(letter) && !/[{}]/.test(letter) ? letter : percent(letter),
		)
		.join('');
const percent = (letter: string) =>
	[...Buffer.from(letter)]
		.map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
		.join('');

function address(): Entry {
	const path = several(1, 3, () => oneOf(SEGMENTS)).join('/');
	const query = sometimes(`?${several(1, 2, () => oneOf(QUERIES)).join('&')}`);
	const text = `${oneOf(['https', 'http', 'HTTPS'])}://cdn.example${sometimes(':8443')}/${path}/${below(1_000)}.jpg${query}`;
	return { text, read: `url ${inAddresses(text)}` };
}

function base64Uri(): Entry {
	const bytes = Buffer.from(several(1, 400, () => below(256)));
	const wrap = oneOf([undefined, '\n', '\r\n', ' ']);
	const plain = bytes.toString(oneOf(['base64', 'base64url']));
	const base64 =
		wrap === undefined ? plain : plain.replace(/.{76}(?=.)/g, (line) => `${line}${wrap}`);
	const type = oneOf(['image/png', 'image/jpeg;charset=utf-8', 'video/mp4']);
	return { text: `data:${type};base64,${base64}`, read: `data ${bytes.toString('hex')}` };
}

function textUri(): Entry {
	const svg = `<svg xmlns="http://www.w3.org/2000/svg" d="M 1,2; 3,4">${below(1_000)}</svg>`;
	const text = `data:image/svg+xml,${random() < 0.5 ? svg : encodeURIComponent(svg)}`;
	return { text, read: `data ${Buffer.from(svg).toString('hex')}` };
}

function field(): Entry {
	const name = oneOf(NAMES);
	return { text: `${sometimes('_files.')}${name}`, read: `binary ${name}` };
}

const entries = () => several(1, 6, () => oneOf([address, address, base64Uri, textUri, field])());

const SEPARATORS = [
	',',
	', ',
	'，',
	';',
	'；',
	' ',
	'、',
	'\n',
	'\r\n',
	',\n',
	' ; ',
	'\t',
	'\u3000',
] as const;

async function readBack(given: unknown): Promise<string[]> {
	return await Promise.all(
		parseMedia(given, binaries).map(async (source) => {
			switch (source.type) {
				case 'url':
					return `url ${source.url}`;
				case 'data':
					return `data ${(await bytesOf(await source.file.open())).toString('hex')}`;
				case 'binary':
					return `binary ${source.field}`;
				default:
					return JSON.stringify(source);
			}
		}),
	);
}

it(`${ROUNDS} lists as text, arrays and JSON are read back as they were put together`, async () => {
	for (let round = 0; round < ROUNDS; round++) {
		const list = entries();
		const expected = list.map(({ read }) => read);
		const written = list.reduce(
			(text, entry) => (text === '' ? entry.text : `${text}${oneOf(SEPARATORS)}${entry.text}`),
			'',
		);
		const texts = list.map(({ text }) => text);
		const forms = {
			text: `${sometimes('\n')}${written}${sometimes(' ')}`,
			array: texts,
			json: JSON.stringify(texts),
			objects: texts.map((text) => ({ url: text })),
		};
		for (const [form, given] of Object.entries(forms)) {
			// The list itself stands in a failure, so that it can be tried by hand.
			expect({ round, form, given, read: await readBack(given) }).toEqual({
				round,
				form,
				given,
				read: expected,
			});
		}
	}
}, 120_000);
