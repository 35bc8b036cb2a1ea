import { parseMedia, type BinaryFile, type BinaryFiles } from '../../runninghub/media';
import { uploadFile } from '../support/uploadFile';
import { shorten } from '../../runninghub/text';

const A = 'https://files.example/a.png';
const B = 'http://files.example/b.jpg?x=1';

const url = (text: string) => ({ type: 'url', url: text });

const file = (id: string): BinaryFile => ({ id, ...uploadFile(Buffer.from(id)) });
const withFields = (...fields: string[]): BinaryFiles =>
	new Map(fields.map((field) => [field, file(`filesystem:${field}`)]));

describe('what a media field is given', () => {
	it.each([undefined, null, '', '  ', '\n', ',', ' , ,\n', [], ['', null]])(
		'%j is no media',
		(value) => {
			expect(parseMedia(value)).toEqual([]);
		},
	);

	it.each([A, B, `  ${A}\n`, 'HTTPS://FILES.EXAMPLE/A.PNG'])('%j is a URL', (value) => {
		expect(parseMedia(value)).toEqual([url(value.trim())]);
	});

	it.each(['data', 'my_image', 'image-1', '_x'])('%j is the name of a binary field', (field) => {
		const binaries = withFields('other', field);
		expect(parseMedia(field, binaries)).toEqual([
			{ type: 'binary', field, file: binaries.get(field) },
		]);
	});

	it('a name that the item has no file of is told apart, with those that it has', () => {
		expect(parseMedia('photo', withFields('data', 'image'))).toEqual([
			{ type: 'missingBinary', field: 'photo', available: ['data', 'image'] },
		]);
	});

	it('a binary field may have any name that the item has', () => {
		const binaries = withFields('my photo, 1.png');
		expect(parseMedia(' my photo, 1.png ', binaries)).toMatchObject([{ type: 'binary' }]);
	});

	it('a file as an expression describes it is the field that holds it', () => {
		const described = { id: 'filesystem:image', mimeType: 'image/png', fileName: 'a.png' };
		expect(parseMedia(described, withFields('data', 'image'))).toMatchObject([
			{ type: 'binary', field: 'image' },
		]);
		expect(parseMedia(described, withFields('data'))).toMatchObject([{ type: 'invalid' }]);
	});

	it.each([
		'www.files.example/a.png',
		'/tmp/a.png',
		'C:\\a.png',
		'file:///etc/passwd',
		'ftp://files.example/a.png',
		'javascript:alert(1)',
		'https://',
		'a picture of a fox',
		'1.png',
	])('%j is refused', (value) => {
		expect(parseMedia(value)).toEqual([{ type: 'invalid', text: value }]);
	});

	it.each([7, true, {}, { url: A }])('%j is refused', (value) => {
		expect(parseMedia(value)).toEqual([{ type: 'invalid', text: JSON.stringify(value) }]);
	});
});

/** What a data URI holds, read to its end. */
async function contentOf(uri: string) {
	const [source] = parseMedia(uri);
	if (source?.type !== 'data') return source?.type;
	const { fileName, mimeType, sizeBytes, open } = source.file;
	const pieces: Uint8Array[] = [];
	for await (const piece of await open()) pieces.push(piece);
	return { fileName, mimeType, sizeBytes, bytes: Buffer.concat(pieces) };
}

describe('a data URI', () => {
	it('in base64 is its bytes', async () => {
		const bytes = Buffer.from([0, 255, 137, 80, 78, 71]);
		expect(await contentOf(`data:image/png;base64,${bytes.toString('base64')}`)).toEqual({
			mimeType: 'image/png',
			bytes,
			sizeBytes: 6,
			fileName: 'input.png',
		});
	});

	it.each([
		'data:image/jpeg;charset=utf-8;base64,QUJD',
		'DATA:IMAGE/JPEG;BASE64,QUJD',
		'data:image/jpeg;name=a.jpg;base64,QUJD',
		' data:image/jpeg;base64,QUJD\n',
		'data:image/jpeg;base64,QU  JD',
	])('%j is a JPEG of three bytes', async (value) => {
		const bytes = Buffer.from('ABC');
		expect(await contentOf(value)).toMatchObject({ mimeType: 'image/jpeg', bytes, sizeBytes: 3 });
	});

	it.each(['YWI====', 'YQ===', 'YWJjZA==YWJjZA==', 'YWJj'])(
		'with the padding of %j says the size that it has',
		async (base64) => {
			const bytes = Buffer.from(base64, 'base64');
			const content = await contentOf(`data:image/png;base64,${base64}`);
			expect(content).toMatchObject({ bytes, sizeBytes: bytes.length });
		},
	);

	it.each([
		'data:image/jpeg;base64,',
		'data:image/jpeg;base64,=YWJj',
		'data:',
		'data:image/png',
		'data:,',
	])('%j holds nothing and is refused', (value) => {
		expect(parseMedia(value)).toEqual([{ type: 'invalid', text: value }]);
	});

	it('whose base64 is broken is refused', () => {
		expect(parseMedia('data:image/png;base64,%%%%')[0]?.type).toBe('invalid');
	});

	it('that is plain text is decoded', async () => {
		const svg = '<svg xmlns="http://www.w3.org/2000/svg"/>';
		expect(await contentOf(`data:image/svg+xml,${encodeURIComponent(svg)}`)).toEqual({
			mimeType: 'image/svg+xml',
			bytes: Buffer.from(svg),
			sizeBytes: svg.length,
			fileName: 'input.svg',
		});
	});

	it('of five megabytes, with spaces in it, is read whole', async () => {
		const bytes = Buffer.from(Array.from({ length: 5 * 1_048_576 }, (_, index) => index % 251));
		const spaced = bytes.toString('base64').replace(/.{76}/g, '$& ');
		const content = await contentOf(`data:video/mp4;base64,${spaced}`);
		expect(typeof content === 'object' && content.bytes.equals(bytes)).toBe(true);
		expect(content).toMatchObject({ sizeBytes: bytes.length });
	});

	it('that is refused is not repeated in full', () => {
		const [source] = parseMedia(`data:${'x'.repeat(10_000)}`);
		expect(source?.type === 'invalid' && source.text.length).toBeLessThan(100);
	});
});

describe('several', () => {
	it.each([`${A},${B}`, `${A}, ${B}`, `${A}\n${B}`, `${A},\n${B},`, `\n${A}\r\n\r\n${B}\n`])(
		'%j are two URLs',
		(value) => {
			expect(parseMedia(value)).toEqual([url(A), url(B)]);
		},
	);

	it('may be an array, also of lists', () => {
		expect(parseMedia([A, B])).toEqual([url(A), url(B)]);
		expect(parseMedia([`${A},${B}`, [A]])).toEqual([url(A), url(B), url(A)]);
	});

	it.each([
		'https://files.example/w_100,h_200/a.png',
		'https://files.example/a.png?size=1,2,3',
		'https://files.example/a,.png',
	])('a URL keeps its own commas: %s', (value) => {
		expect(parseMedia(value)).toEqual([url(value)]);
		expect(parseMedia(`${value},${A}`)).toEqual([url(value), url(A)]);
		expect(parseMedia(`${A}\n${value}`)).toEqual([url(A), url(value)]);
	});

	it('may be of different kinds', () => {
		const data = 'data:image/png;base64,QUJD';
		const binaries = withFields('photo', 'photo2');
		const types = (value: string) => parseMedia(value, binaries).map(({ type }) => type);
		expect(types(`${A},${data},photo`)).toEqual(['url', 'data', 'binary']);
		expect(types(`${data},${A}`)).toEqual(['data', 'url']);
		expect(types(`photo,${data}\n${data}`)).toEqual(['binary', 'data', 'data']);
		expect(types(`photo, photo2`)).toEqual(['binary', 'binary']);
		expect(types(`photo, no good`)).toEqual(['binary', 'invalid']);
	});
});

it('shorten keeps short texts and cuts long ones', () => {
	expect(shorten('abc')).toBe('abc');
	expect(shorten('a'.repeat(61))).toBe(`${'a'.repeat(60)}…`);
});
