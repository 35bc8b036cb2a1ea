import { bareType, extensionInUrl, mimeTypeOf, saysNothing } from '../base/mimeTypes';

/** What a file is called and is, told by its address and its host. */
export interface FileFacts {
	fileName: string;
	mimeType: string;
}

/** What hosts say of files that they do not know, beside the types that say nothing at all. */
const GENERIC_TYPES: ReadonlySet<string> = new Set(['application/xml', 'text/html']);
const MAX_NAME_LENGTH = 120;

/** What the host says of the type counts where it says something; else the extension does (reference section 12.2). */
export function fileFactsOf(
	url: string,
	type: string | null,
	headers: Record<string, string>,
): FileFacts {
	const extension = extensionInUrl(url) ?? type;
	const declared = bareType(headers['content-type']);
	const known = mimeTypeOf(extension);
	const useless = saysNothing(declared) || GENERIC_TYPES.has(declared);
	return {
		fileName: nameOf(url, type),
		mimeType: useless ? (known ?? (declared || 'application/octet-stream')) : declared,
	};
}

function nameOf(url: string, type: string | null): string {
	const last = decoded(new URL(url).pathname.split('/').at(-1) ?? '');
	const name = last.replace(/[/\\:*?"<>|\p{Cc}]/gu, '_').slice(-MAX_NAME_LENGTH) || 'result';
	return type === null || /\.[a-z0-9]{1,5}$/i.test(name) ? name : `${name}.${type}`;
}

function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
