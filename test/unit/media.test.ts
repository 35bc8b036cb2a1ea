import { parseMedia, type BinaryFile, type BinaryFiles } from '../../runninghub/files/media';
import { uploadFile } from '../support/uploadFile';
import { shorten } from '../../runninghub/base/text';

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

	it('a file that n8n holds in memory is told from others of the same name by what it holds', () => {
		const files = ['one', 'two'].map((text) => file(Buffer.from(text).toString('base64')));
		const binaries = new Map(files.map((one, index) => [`field${index}`, one]));
		const described = { mimeType: 'image/png', fileName: 'a.png', data: files[1]?.id };
		expect(parseMedia(described, binaries)).toMatchObject([{ type: 'binary', field: 'field1' }]);
	});

	it.each([
		'www.files.example/a.png',
		'htps://files.example/a.png',
		'javascript:alert(1)',
		'https://',
		'a picture of a fox',
		'1.png',
	])('%j is refused', (value) => {
		expect(parseMedia(value)).toEqual([{ type: 'invalid', text: value }]);
	});

	it.each(['/tmp/a.png', 'C:\\a.png', 'file:///etc/passwd', '~/a.png', '../a.png'])(
		'%j is refused as a file that only some computer has',
		(value) => {
			expect(parseMedia(value)).toEqual([
				{ type: 'invalid', text: value, why: expect.stringContaining('binary field instead') },
			]);
		},
	);

	it.each([
		['s3://bucket/a.png', 'S3'],
		['S3://Bucket/a.png', 'S3'],
		['oss://bucket/a.png', 'S3'],
		['gs://bucket/a.png', 'Google Cloud Storage'],
		['ftp://files.example/a.png', 'FTP'],
		['sftp://me@files.example/a.png', 'FTP'],
	])('%j is refused with the node that gets the file', (value, node) => {
		const refused = {
			type: 'invalid',
			text: value,
			why: `which RunningHub cannot open; get the file with n8n’s ${node} node, and give the name of its binary field`,
		};
		expect(parseMedia(value)).toEqual([refused]);
		expect(parseMedia(`${value},${A}`)).toEqual([refused, url(A)]);
	});

	it.each([7, true, {}, { url: 7 }])('%j is refused', (value) => {
		expect(parseMedia(value)).toEqual([{ type: 'invalid', text: JSON.stringify(value) }]);
	});
});

describe('an address', () => {
	it.each([
		['https://a.example/my photo.png', 'https://a.example/my%20photo.png'],
		['https://a.example/产品 图.png', 'https://a.example/%E4%BA%A7%E5%93%81%20%E5%9B%BE.png'],
		['https://a.example/a.png?name=狐', 'https://a.example/a.png?name=%E7%8B%90'],
		['https://图片.example/a.png', 'https://xn--wcsw84d.example/a.png'],
		['https://a.example/{1}|"2".png', 'https://a.example/%7B1%7D%7C%222%22.png'],
		[`https://a.example/${'🦊'.slice(0, 1)}.png`, 'https://a.example/%EF%BF%BD.png'],
	])('with what no address can hold is encoded: %s', (given, sent) => {
		expect(parseMedia(given)).toEqual([url(sent)]);
		expect(parseMedia([given])).toEqual([url(sent)]);
	});

	it.each([
		'https://b.s3.amazonaws.com/a%20b.png?X-Amz-Credential=A%2F20260101&X-Amz-Signature=0a1b==',
		'https://A.Example:443/a/../b.png?sig=a+b/c=&x=[1]#f',
		'https://res.cloudinary.com/demo/image/fetch/w_300,h_200/https://a.example/1.png',
		'https://images.example/?url=https://a.example/1.png&w=1,2',
	])('that is one stays as it is, digit for digit: %s', (given) => {
		expect(parseMedia(given)).toEqual([url(given)]);
	});

	it.each([
		'https://a.example/1.pnghttps://a.example/2.png',
		'https://a.example/1.png|https://a.example/2.png',
		'https://a.example/1.png+https://a.example/2.png',
	])('in which a second begins, and nothing separates them, is refused: %s', (value) => {
		expect(parseMedia(value)).toEqual([
			{ type: 'invalid', text: value, why: expect.stringMatching(/^several addresses in one/) },
		]);
	});

	it.each([
		[
			'https://drive.google.com/file/d/1AbC_d-E/view?usp=sharing',
			'https://drive.google.com/uc?export=download&id=1AbC_d-E',
		],
		[
			'https://drive.google.com/open?id=1AbC_d-E',
			'https://drive.google.com/uc?export=download&id=1AbC_d-E',
		],
		['https://drive.google.com/drive/folders/1AbC', 'a folder of Google Drive'],
		['https://www.dropbox.com/s/abc/fox.png?dl=0', 'with dl=1 in place of dl=0'],
		['https://www.dropbox.com/scl/fi/abc/fox.png?rlkey=k', 'with dl=1 at its end'],
		[
			'https://github.com/a/b/blob/main/fox.png',
			'https://raw.githubusercontent.com/a/b/main/fox.png',
		],
	])('of the page of a file is refused with the direct one: %s', (page, direct) => {
		expect(parseMedia(page)).toEqual([
			{ type: 'invalid', text: page, why: expect.stringContaining(direct) },
		]);
	});

	it.each([
		['https://1drv.ms/i/c/0a1b/EaBc?e=x', 'OneDrive, not a file', 'Microsoft OneDrive node'],
		[
			'https://acme-my.sharepoint.com/:i:/g/personal/me/EaBc?e=x',
			'SharePoint',
			'Microsoft SharePoint node',
		],
		[
			'https://docs.google.com/presentation/d/1AbC/edit#slide=1',
			'Google Docs',
			'Google Drive node',
		],
		['https://docs.google.com/file/d/1AbC', 'Google Docs', 'Google Drive node'],
		['https://photos.app.goo.gl/AbC', 'Google Photos', 'or into a binary field'],
		['https://www.icloud.com/iclouddrive/0aB#fox', 'iCloud', 'or into a binary field'],
		['https://share.icloud.com/photos/0aB', 'iCloud', 'or into a binary field'],
		['https://we.tl/t-AbC', 'WeTransfer', 'or into a binary field'],
		['https://wetransfer.com/downloads/0a/1b', 'WeTransfer', 'or into a binary field'],
		['https://pan.baidu.com/s/1AbC?pwd=fox1', 'Baidu Netdisk', 'or into a binary field'],
	])('of a share page is refused with another way to the file: %s', (page, service, way) => {
		const [source] = parseMedia(page);
		expect(source).toEqual({ type: 'invalid', text: page, why: expect.stringContaining(way) });
		expect(source).toMatchObject({ why: expect.stringContaining(`a share page of ${service}`) });
	});

	it.each([
		'https://docs.google.com/uc?export=download&id=1AbC',
		'https://docs.google.com/presentation/d/1AbC/export/png',
		'https://docs.google.com/drawings/d/1AbC/pub?w=960',
		'https://acme.sharepoint.com/:i:/s/site/EaBc?download=1',
		'https://acme.sharepoint.com/site/Shared/fox.png',
		'https://cvws.icloud-content.com/B/fox.png',
		'https://lh3.googleusercontent.com/pw/AbC=w800',
		'https://drive.google.com/uc?export=download&id=1AbC',
		'https://www.dropbox.com/scl/fi/abc/fox.png?rlkey=k&dl=1',
		'https://dl.dropboxusercontent.com/s/abc/fox.png',
		'https://raw.githubusercontent.com/a/b/main/fox.png',
	])('that gives the file itself is taken: %s', (given) => {
		expect(parseMedia(given)).toEqual([url(given)]);
	});
});

describe('base64 without a file type', () => {
	it.each([
		['/9j/4AAQSkZJRgABAQAAAQABAAD', 'image/jpeg'],
		['/9j/4AAQ', 'image/jpeg'],
		['iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB', 'image/png'],
		['R0lGODlhAQABAIAAAAAAAP', 'image/gif'],
		['UklGRiQAAABXRUJQVlA4', 'image/webp'],
		['AAAAIGZ0eXBpc29tAAACAGlzb21pc28yYXZjMW1wNDE=', 'video/mp4'],
		['SUQzBAAAAAAAI1RTU0UAAAAP', 'audio/mpeg'],
	])('is refused with what to put before it: %s', (text, type) => {
		const refused = {
			type: 'invalid',
			text,
			why: `base64 without a file type; put data:${type};base64, before it`,
		};
		expect(parseMedia(text)).toEqual([refused]);
		expect(parseMedia([text])).toEqual([refused]);
	});

	it('is one text, also where it is wrapped', () => {
		const wrapped = `/9j/4AAQ${'SkZJRgABAQAAAQAB'.repeat(30)}`.replace(/.{76}/g, '$&\n');
		expect(parseMedia(wrapped)).toMatchObject([{ type: 'invalid', why: /data:image\/jpeg/ }]);
	});

	it.each(['photo', 'product_photo_large', '//static.example.com/fox.png', '20260101'])(
		'is not what %s is',
		(text) => {
			expect(JSON.stringify(parseMedia(text))).not.toContain('base64');
		},
	);

	it('is a binary field where the item has one of that name', () => {
		expect(parseMedia('iVBORw0KGgo', withFields('iVBORw0KGgo'))).toMatchObject([
			{ type: 'binary' },
		]);
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

	it.each(['%%%%', 'QU.JD', 'QUJD<'])('whose base64 is broken is refused: %s', (base64) => {
		expect(parseMedia(`data:image/png;base64,${base64}`)[0]?.type).toBe('invalid');
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

	it.each(['\n', '\r\n', ' ', '\n  '])('may be wrapped with %j', async (wrap) => {
		const bytes = Buffer.from(Array.from({ length: 300 }, (_, index) => index % 251));
		const base64 = bytes.toString('base64').replace(/.{76}/g, `$&${wrap}`);
		for (const uri of [`data:image/png;base64,${base64}`, `data:image/png;base64,\n${base64}`]) {
			expect(await contentOf(uri)).toMatchObject({ bytes });
			expect(parseMedia(`${A}\n${uri}\nphoto`, withFields('photo'))).toMatchObject([
				{ type: 'url' },
				{ type: 'data' },
				{ type: 'binary' },
			]);
		}
	});

	it('followed by a name that is no field is not taken for more of it', () => {
		for (const separator of [',', '\n', '; '])
			expect(parseMedia(`data:image/png;base64,QUJD${separator}photo`)).toMatchObject([
				{ type: 'data' },
				{ type: 'missingBinary' },
			]);
	});

	it.each([
		['image/jpg', 'image/jpeg', 'input.jpg'],
		['audio/mp3', 'audio/mpeg', 'input.mp3'],
		['audio/x-wav', 'audio/wav', 'input.wav'],
		['image/heic', 'image/heic', 'input.heic'],
		['audio/x-m4a', 'audio/mp4', 'input.m4a'],
		['video/mp4', 'video/mp4', 'input.mp4'],
	])('of type %s has the ending of that type', async (given, mimeType, fileName) => {
		expect(await contentOf(`data:${given};base64,QUJD`)).toMatchObject({ mimeType, fileName });
	});

	it.each(['', 'application/octet-stream', 'binary/octet-stream'])(
		'whose type, %j, says nothing has that of its first bytes',
		async (type) => {
			const content = await contentOf(`data:${type};base64,iVBORw0KGgoAAAANSUhEUg==`);
			expect(content).toMatchObject({ mimeType: 'image/png', fileName: 'input.png' });
		},
	);

	it('written as text is not the one in base64', () => {
		const ids = ['data:image/png,QUJDRA', 'data:image/png;base64,QUJDRA'].map((uri) => {
			const [source] = parseMedia(uri);
			return source?.type === 'data' && source.file.id;
		});
		expect(new Set(ids).size).toBe(2);
	});

	it('whose base64 came through a form is decoded', async () => {
		const bytes = Buffer.from([251, 255, 190, 1]);
		const uri = `data:image/png;base64,${encodeURIComponent(bytes.toString('base64'))}`;
		expect(await contentOf(uri)).toMatchObject({ bytes });
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

	it.each([',', '，', ';', '；', ' ', '、', '\n', ', ', ' ; ', '\t', '\u3000'])(
		'may be separated by %j',
		(separator) => {
			expect(parseMedia(`${A}${separator}${B}`)).toEqual([url(A), url(B)]);
			const binaries = withFields('photo', 'photo 2');
			const mixed = ['photo 2', A, 'photo'].join(separator);
			const types = ['binary', 'url', 'binary'];
			expect(parseMedia(mixed, binaries).map(({ type }) => type)).toEqual(types);
		},
	);

	it('may be the JSON text of an array, or objects with a url', () => {
		expect(parseMedia(JSON.stringify([A, B]))).toEqual([url(A), url(B)]);
		expect(parseMedia([{ url: A }, { url: B, type: 'jpg' }])).toEqual([url(A), url(B)]);
		expect(parseMedia(JSON.stringify([{ url: A }]))).toEqual([url(A)]);
		expect(parseMedia({ url: A })).toEqual([url(A)]);
	});

	it('in an array are not split', () => {
		const one = 'https://a.example/c_fill,w_400/a.png,photo';
		expect(parseMedia([one, 'photo'], withFields('photo'))).toMatchObject([
			{ type: 'url', url: one },
			{ type: 'binary' },
		]);
		expect(parseMedia([`${A},${B}`])).toMatchObject([{ type: 'invalid' }]);
	});

	it('may be an array, also of lists', () => {
		expect(parseMedia([A, B])).toEqual([url(A), url(B)]);
		expect(parseMedia([A, [B, null, ''], [A]])).toEqual([url(A), url(B), url(A)]);
	});

	it.each([
		'https://files.example/w_100,h_200/a.png',
		'https://files.example/a.png?size=1,2,3',
		'https://files.example/a,.png',
		'https://res.cloudinary.com/demo/image/upload/c_fill,w_400,h_300/sample.jpg',
		'https://a.example/a.jpg?x-oss-process=image/resize,w_800',
		'https://a.example/a.jpg?auto=format,compress',
		'https://a.example/a.jpg;jsessionid=1;v=2',
	])('a URL keeps its own commas: %s', (value) => {
		expect(parseMedia(value)).toEqual([url(value)]);
		expect(parseMedia(`${value},${A}`)).toEqual([url(value), url(A)]);
		expect(parseMedia(`${A}\n${value}`)).toEqual([url(A), url(value)]);
		expect(parseMedia([value, A])).toEqual([url(value), url(A)]);
		expect(parseMedia(value, withFields('compres', 'w', 'photo'))).toEqual([url(value)]);
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
