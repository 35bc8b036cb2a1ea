import {
	declaredType,
	HEAD_BYTES,
	headOf,
	sniffFile,
	sniffType,
	withType,
} from '../../runninghub/files/fileType';
import { uploadFile } from '../support/uploadFile';

const latin = (text: string) => Buffer.from(text, 'latin1');
const iso = (main: string, ...others: string[]) => {
	const brands = `${main}\0\0\0\0${others.join('')}`;
	return latin(`\0\0\0${String.fromCharCode(8 + brands.length)}ftyp${brands}\0\0\0\x08free`);
};

it.each([
	['jpg', latin('\xff\xd8\xff\xe0\0\x10JFIF')],
	['png', latin('\x89PNG\r\n\x1a\n\0\0\0\rIHDR')],
	['gif', latin('GIF89a')],
	['webp', latin('RIFF\x24\0\0\0WEBPVP8 ')],
	['wav', latin('RIFF\x24\0\0\0WAVEfmt ')],
	['avi', latin('RIFF\x24\0\0\0AVI LIST')],
	['tiff', latin('II*\0\x08\0\0\0')],
	['bmp', latin('BM\x36\0\x0c\0\0\0\0\0\x36\0')],
	['pdf', latin('%PDF-1.7')],
	['zip', latin('PK\x03\x04\x14\0')],
	['flac', latin('fLaC\0\0\0\x22')],
	['ogg', latin('OggS\0\x02')],
	['mp3', latin('ID3\x04\0')],
	['mp3', latin('\xff\xfb\x90\x64')],
	['aac', latin('\xff\xf1\x50\x80')],
	['webm', latin('\x1a\x45\xdf\xa3\x01\0\0\0\x42\x82\x84webm')],
	['mkv', latin('\x1a\x45\xdf\xa3\x01\0\0\0\x42\x82\x88matroska')],
	['mp4', iso('isom', 'isom', 'avc1')],
	['mp4', iso('mp42')],
	['mov', iso('qt  ')],
	['m4a', iso('M4A ')],
	['avif', iso('avif', 'avif', 'mif1')],
	['heic', iso('heic', 'mif1', 'heic')],
	['heic', iso('mif1', 'mif1', 'heic')],
	['avif', iso('mif1', 'avif')],
	['heif', iso('mif1', 'mif1')],
	['svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg">')],
	['svg', Buffer.from('\ufeff<?xml version="1.0"?>\n<!-- a fox -->\n<svg width="1">')],
	['html', Buffer.from('\n<!DOCTYPE html><html>')],
	['html', Buffer.from('<html lang="en">')],
	[undefined, Buffer.from('a fox')],
	[undefined, Buffer.from('ABC')],
	[undefined, latin('\xff\xfea\0')],
	[undefined, Buffer.alloc(0)],
])('the first bytes of a %s are known: %#', (type, bytes) => {
	expect(sniffType(bytes)).toBe(type);
});

it('of a large file only the start is read, and its stream is closed', async () => {
	let given = 0;
	let isClosed = false;
	let asked: number | undefined;
	const open = async (pieceBytes?: number) => {
		asked = pieceBytes;
		return (async function* () {
			try {
				for (;;) {
					given += 1_000;
					yield Buffer.alloc(1_000, 'GIF89a');
				}
			} finally {
				isClosed = true;
			}
		})();
	};
	expect(await sniffFile({ open })).toEqual({ isEmpty: false, type: 'gif' });
	expect([asked, isClosed]).toEqual([HEAD_BYTES, true]);
	expect(given).toBeLessThanOrEqual(HEAD_BYTES + 1_000);
	expect((await headOf({ open })).length).toBe(HEAD_BYTES);
});

it('a file of no bytes is empty', async () => {
	expect(await sniffFile(uploadFile(Buffer.alloc(0)))).toEqual({ isEmpty: true, type: undefined });
});

it.each([
	['image/png', 'a.jpg', 'png'],
	['image/heic', 'photo', 'heic'],
	['image/x-unheard-of', 'a.png', undefined],
	['binary/octet-stream', 'a.JPG', 'jpg'],
	['application/octet-stream; x=1', 'a.safetensors', undefined],
	['text/plain', 'photo', undefined],
	['', 'clip.mov', 'mov'],
])('a file of type %j called %s is said to be %j', (mimeType, fileName, type) => {
	expect(declaredType({ mimeType, fileName })).toBe(type);
});

it('a type that says nothing is replaced by that of the name, else by that of the bytes', () => {
	const typed = (mimeType: string, fileName: string, bytes?: string) =>
		withType({ mimeType, fileName }, bytes).mimeType;
	expect(typed('binary/octet-stream', 'a.jpg', 'png')).toBe('image/jpeg');
	expect(typed('binary/octet-stream', 'photo', 'png')).toBe('image/png');
	expect(typed('binary/octet-stream', 'photo')).toBe('binary/octet-stream');
	expect(typed('image/webp', 'photo', 'png')).toBe('image/webp');
});
