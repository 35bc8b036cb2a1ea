/** Types that RunningHub's models give or take; all others are left to the file's own server. */
const MIME_TYPES: Readonly<Record<string, string>> = {
	avi: 'video/x-msvideo',
	bmp: 'image/bmp',
	flac: 'audio/flac',
	gif: 'image/gif',
	glb: 'model/gltf-binary',
	jpeg: 'image/jpeg',
	jpg: 'image/jpeg',
	json: 'application/json',
	m4a: 'audio/mp4',
	mkv: 'video/x-matroska',
	mov: 'video/quicktime',
	mp3: 'audio/mpeg',
	mp4: 'video/mp4',
	ogg: 'audio/ogg',
	png: 'image/png',
	svg: 'image/svg+xml',
	txt: 'text/plain',
	wav: 'audio/wav',
	webm: 'video/webm',
	webp: 'image/webp',
	zip: 'application/zip',
};

/** @param extension in lower case, without the dot */
export function mimeTypeOf(extension: string | null): string | null {
	return isKnown(extension) ? (MIME_TYPES[extension] ?? null) : null;
}

/** Without what may follow it, in lower case: `text/html` of `Text/HTML; charset=utf-8`. */
export function bareType(contentType = ''): string {
	return contentType.split(';')[0]?.trim().toLowerCase() ?? '';
}

/** The extension for a MIME type, e.g. `jpg` for `image/jpeg`; undefined where it is not known. */
export function extensionOf(mimeType: string): string | undefined {
	if (mimeType === 'image/jpeg') return 'jpg';
	return Object.entries(MIME_TYPES).find(([, type]) => type === mimeType)?.[0];
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
