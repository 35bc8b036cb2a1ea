/**
 * Types that RunningHub's models give or take, and those that people give them by mistake, by their extensions. Of several
 * extensions of one type the first is the usual one.
 */
const MIME_TYPES: Readonly<Record<string, string>> = {
	aac: 'audio/aac',
	avi: 'video/x-msvideo',
	avif: 'image/avif',
	bmp: 'image/bmp',
	flac: 'audio/flac',
	flv: 'video/x-flv',
	gif: 'image/gif',
	glb: 'model/gltf-binary',
	heic: 'image/heic',
	heif: 'image/heif',
	jpg: 'image/jpeg',
	jpeg: 'image/jpeg',
	json: 'application/json',
	m4a: 'audio/mp4',
	m4v: 'video/x-m4v',
	mkv: 'video/x-matroska',
	mov: 'video/quicktime',
	mp3: 'audio/mpeg',
	mp4: 'video/mp4',
	mpg: 'video/mpeg',
	mpeg: 'video/mpeg',
	ogg: 'audio/ogg',
	opus: 'audio/opus',
	pdf: 'application/pdf',
	png: 'image/png',
	svg: 'image/svg+xml',
	tiff: 'image/tiff',
	tif: 'image/tiff',
	txt: 'text/plain',
	wav: 'audio/wav',
	webm: 'video/webm',
	webp: 'image/webp',
	wma: 'audio/x-ms-wma',
	wmv: 'video/x-ms-wmv',
	zip: 'application/zip',
};

/** Other names of the same types, as phones, browsers and servers write them. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
	'application/ogg': 'audio/ogg',
	'application/x-zip-compressed': 'application/zip',
	'audio/m4a': 'audio/mp4',
	'audio/mp3': 'audio/mpeg',
	'audio/vnd.wave': 'audio/wav',
	'audio/wave': 'audio/wav',
	'audio/x-aac': 'audio/aac',
	'audio/x-flac': 'audio/flac',
	'audio/x-m4a': 'audio/mp4',
	'audio/x-mp3': 'audio/mpeg',
	'audio/x-mpeg': 'audio/mpeg',
	'audio/x-wav': 'audio/wav',
	'image/heic-sequence': 'image/heic',
	'image/heif-sequence': 'image/heif',
	'image/jpg': 'image/jpeg',
	'image/pjpeg': 'image/jpeg',
	'image/x-ms-bmp': 'image/bmp',
	'image/x-png': 'image/png',
	'video/avi': 'video/x-msvideo',
	'video/matroska': 'video/x-matroska',
	'video/msvideo': 'video/x-msvideo',
};

/** @param extension in lower case, without the dot */
export function mimeTypeOf(extension: string | null): string | null {
	return isKnown(extension) ? (MIME_TYPES[extension] ?? null) : null;
}

/** Without what may follow it, in lower case: `text/html` of `Text/HTML; charset=utf-8`. */
export function bareType(contentType = ''): string {
	return contentType.split(';')[0]?.trim().toLowerCase() ?? '';
}

/** The one name of a type that has several: `image/jpeg` for `image/jpg`. */
export function standardType(mimeType: string): string {
	return (Object.hasOwn(OTHER_NAMES, mimeType) ? OTHER_NAMES[mimeType] : undefined) ?? mimeType;
}

/** The extension for a MIME type, e.g. `jpg` for `image/jpeg`; undefined where it is not known. */
export function extensionOf(mimeType: string): string | undefined {
	const standard = standardType(mimeType);
	return Object.entries(MIME_TYPES).find(([, type]) => type === standard)?.[0];
}

/** Types that say nothing of what is in a file: `binary/octet-stream` is what S3 says of a file that was stored without one. */
const SAYS_NOTHING =
	/^$|^\*\/\*$|^(?:application|binary)\/(?:octet-stream|binary|force-download|x-download|download|unknown)$|^text\/plain$/;

/** @param mimeType as {@link bareType} gives it */
export function saysNothing(mimeType: string): boolean {
	return SAYS_NOTHING.test(mimeType);
}

/** @param mimeType as {@link bareType} gives it */
export function isMedia(mimeType: string): boolean {
	return /^(?:image|video|audio)\//.test(mimeType);
}

/** The extension at the end of a file's name, in lower case; undefined where it has none. */
export function extensionInName(fileName: string): string | undefined {
	return /\.([a-z0-9]{1,12})$/i.exec(fileName)?.[1]?.toLowerCase();
}

/** The extension at the end of a URL's path, in lower case; undefined where it has none. */
export function extensionInUrl(url: string): string | undefined {
	if (!URL.canParse(url)) return undefined;
	return /\.([a-z0-9]{1,5})$/i.exec(new URL(url).pathname)?.[1]?.toLowerCase();
}

/**
 * A result's extension. RunningHub's `outputType` usually is one, but `image` and `video` have been seen (quirk 23):
 * then the URL tells.
 */
export function fileExtension(url: string | null, outputType: string | null): string | null {
	const type = outputType?.toLowerCase().replace(/^\./, '') || null;
	if (isKnown(type)) return type;
	return (url === null ? undefined : extensionInUrl(url)) ?? type;
}

function isKnown(extension: string | null): extension is string {
	return extension !== null && Object.hasOwn(MIME_TYPES, extension);
}
