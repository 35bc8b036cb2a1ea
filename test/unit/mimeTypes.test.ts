import {
	extensionInUrl,
	extensionOf,
	fileExtension,
	mimeTypeOf,
} from '../../runninghub/base/mimeTypes';

it.each([
	['mp4', 'video/mp4'],
	['jpg', 'image/jpeg'],
	['jpeg', 'image/jpeg'],
	['tif', 'image/tiff'],
	['mpeg', 'video/mpeg'],
	['glb', 'model/gltf-binary'],
	['txt', 'text/plain'],
	['xyz', null],
	['constructor', null],
	['', null],
	[null, null],
])('the MIME type of %j is %j', (extension, type) => {
	expect(mimeTypeOf(extension)).toBe(type);
});

it.each([
	['image/jpeg', 'jpg'],
	['image/tiff', 'tiff'],
	['video/mpeg', 'mpg'],
	['image/png', 'png'],
	['video/quicktime', 'mov'],
	['application/x-nobody-knows', undefined],
])('a file of type %s ends in %j', (type, extension) => {
	expect(extensionOf(type)).toBe(extension);
});

it.each([
	['https://h/a/b.MP4?x=1.png#c.jpg', 'mp4'],
	['https://h.example/', undefined],
	['https://h.example', undefined],
	['https://h/v1.2/file', undefined],
	['https://h/a.', undefined],
	['no url.png', undefined],
])('%s ends in %j', (url, extension) => {
	expect(extensionInUrl(url)).toBe(extension);
});

it.each([
	['https://h/a.png', 'mp4', 'mp4'],
	['https://h/a.png', 'image', 'png'],
	['https://h/a', 'image', 'image'],
	['https://h/a.png', null, 'png'],
	[null, 'TXT', 'txt'],
	[null, null, null],
])('a result at %j with outputType %j is a %j', (url, outputType, extension) => {
	expect(fileExtension(url, outputType)).toBe(extension);
});
