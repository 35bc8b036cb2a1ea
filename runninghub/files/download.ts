import type { Clock, Random } from '../base/clock';
import { RunningHubError } from '../base/errors';
import { bareType, extensionInUrl, fileExtension, mimeTypeOf } from '../base/mimeTypes';
import { isPrivateHost } from '../http/privateHost';
import { TransportError } from '../http/transport';

/** What a file's host answered; the body has not been read. */
export interface FileResponse<Body> {
	status: number;
	/** Lower-case names. */
	headers: Record<string, string>;
	body: Body;
}

export interface FileFacts {
	fileName: string;
	mimeType: string;
}

export interface FileHosts<Body> {
	/**
	 * One GET without the key, which follows no redirect.
	 * @throws TransportError when no answer came
	 */
	get(url: string): Promise<FileResponse<Body>>;
	/** Lets go of an answer that is not to be read. */
	discard(body: Body): void;
	signal?: AbortSignal;
	/** RunningHub itself is at a private address (a simulator, a proxy), so its files may be as well. */
	allowPrivateHosts: boolean;
}

export interface DownloadDeps<Body, Saved> extends FileHosts<Body> {
	/** The first bytes of a body, none where it is empty; the body still gives them. Throws where it breaks off. */
	peek(body: Body): Promise<Uint8Array>;
	/** Reads the body to its end, and throws where it breaks off. */
	save(body: Body, facts: FileFacts): Promise<Saved>;
	clock: Clock;
	random: Random;
}

const MAX_REDIRECTS = 5;
/** A download costs nothing: one that breaks starts anew from the URL, after these milliseconds. */
const PAUSES_MS = [500, 2_000, 5_000];

/**
 * Fetches one result from whatever host its URL names (reference section 1.1), as a stream.
 *
 * Rules that must not be broken: the key is not sent there, and a redirect cannot lead into this n8n's own network.
 * @param type the result's extension, for a name and a MIME type where URL and host give none
 * @throws RunningHubError when the file cannot be had
 */
export async function download<Body, Saved>(
	url: string,
	type: string | null,
	deps: DownloadDeps<Body, Saved>,
): Promise<Saved> {
	const { clock, random, signal } = deps;
	for (const pauseMs of [...PAUSES_MS, undefined]) {
		signal?.throwIfAborted();
		const outcome = await tryDownload(url, type, deps);
		if ('saved' in outcome) return outcome.saved;
		if (!outcome.passing || pauseMs === undefined) throw notDownloaded(outcome);
		await clock.sleep(pauseMs * (0.8 + 0.4 * random()), signal);
	}
	throw new Error('unreachable: the last pause is undefined');
}

type Outcome<Saved> = { saved: Saved } | NoFile;

async function tryDownload<Body, Saved>(
	url: string,
	type: string | null,
	deps: DownloadDeps<Body, Saved>,
): Promise<Outcome<Saved>> {
	const found = await findFile(url, deps);
	if ('why' in found) return found;
	const { address, headers, body } = found;
	try {
		const start = await deps.peek(body);
		const instead = notTheFile(start, type, address, headers);
		if (instead !== undefined) {
			deps.discard(body);
			return { why: instead, passing: true };
		}
		return { saved: await deps.save(body, factsOf(address, type, headers)) };
	} catch (error) {
		deps.signal?.throwIfAborted();
		return isBrokenStream(error)
			? { why: 'the connection broke off each time', passing: true }
			: { why: `it could not be stored (${messageOf(error)})`, passing: false };
	}
}

/** A file whose host is ready to send it, and where that was in the end. */
export interface FoundFile<Body> extends Omit<FileResponse<Body>, 'status'> {
	address: string;
}

/** `passing`: may another try succeed? */
export interface NoFile {
	why: string;
	passing: boolean;
	/** Its host says that it is not there. */
	isGone?: true;
}

/** Asks for a file once, along all redirects, with the rules of {@link download}. */
export async function findFile<Body>(
	url: string,
	deps: FileHosts<Body>,
): Promise<FoundFile<Body> | NoFile> {
	let address = url;
	for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
		const refused = refusedAddress(address, deps.allowPrivateHosts);
		if (refused !== undefined) return { why: refused, passing: false };

		const response = await deps.get(address).catch((thrown: unknown) => {
			deps.signal?.throwIfAborted();
			if (thrown instanceof TransportError) return thrown;
			throw thrown;
		});
		if (response instanceof TransportError) {
			return { why: 'its host did not answer', passing: true };
		}
		const { status, headers, body } = response;
		if (status >= 200 && status < 300) return { address, headers, body };
		deps.discard(body);
		const { location } = headers;
		if (status < 300 || status >= 400 || location === undefined) return unavailable(status);
		if (!URL.canParse(location, address)) {
			return { why: 'its host redirects to something that is not a valid URL', passing: false };
		}
		address = new URL(location, address).href;
	}
	return { why: 'too many redirects', passing: false };
}

/** Why nothing is sent to an address that RunningHub gave; undefined where there is no reason. */
export function refusedAddress(address: string, allowPrivateHosts: boolean): string | undefined {
	if (!URL.canParse(address)) return 'its address is not a valid URL';
	const { protocol, hostname, username, password } = new URL(address);
	if (!/^https?:$/.test(protocol) || `${username}${password}` !== '') {
		return 'its address is not a plain http or https URL';
	}
	if (!allowPrivateHosts && isPrivateHost(hostname)) {
		return `its address leads to ${hostname}, which is inside n8n’s own network`;
	}
	return undefined;
}

function unavailable(status: number): NoFile {
	if (status === 403 || status === 404 || status === 410) {
		const why = `its host says that it no longer exists (HTTP ${status})`;
		// A store may not have the file yet, just after the end of its task.
		return { why, passing: status !== 410, isGone: true };
	}
	return {
		why: `its host answered with HTTP ${status}`,
		passing: status >= 500 || status === 429 || status === 408,
	};
}

/** Node's codes of a connection, as streams and HTTP libraries throw them. */
const BROKEN_STREAM =
	/^(?:ECONN|EPIPE|ETIMEDOUT|EAI_AGAIN|ERR_STREAM|ERR_CANCELED|ERR_BAD_RESPONSE|HPE_)/;

function isBrokenStream(error: unknown): boolean {
	const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
	return (
		(typeof code === 'string' && BROKEN_STREAM.test(code)) ||
		/aborted|premature/i.test(messageOf(error))
	);
}

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

/** What no picture, video, sound, model or archive begins with, but an error page or message does. */
const PAGE_OR_MESSAGE = /^\s*(?:<[!?a-z]|\{\s*["}])/i;
const MARKUP = /^\s*<[!?a-z]/i;
const MARKUP_TYPES = /^(?:text\/html|application\/xhtml\+xml|(?:application|text)\/xml)$/;
const MARKUP_EXTENSIONS: ReadonlySet<string> = new Set(['htm', 'html', 'svg', 'xhtml', 'xml']);
const SNIFFED_BYTES = 256;

/** What a host sent in place of the file, although its status says that all is well; undefined where it is the file. */
function notTheFile(
	start: Uint8Array,
	type: string | null,
	address: string,
	headers: Record<string, string>,
): string | undefined {
	if (start.length === 0) return 'its host sent nothing';
	const extension = fileExtension(address, type) ?? '';
	if (MARKUP_EXTENSIONS.has(extension)) return undefined;
	const text = new TextDecoder().decode(start.subarray(0, SNIFFED_BYTES));
	const saysMarkup = MARKUP_TYPES.test(bareType(headers['content-type']));
	const isPage = isMedia(extension) ? PAGE_OR_MESSAGE.test(text) : saysMarkup && MARKUP.test(text);
	return isPage ? 'its host sent an error page instead' : undefined;
}

function isMedia(extension: string): boolean {
	const type = mimeTypeOf(extension);
	return type !== null && /^(?:image|video|audio|model)\/|zip$/.test(type);
}

function notDownloaded({ why, isGone }: NoFile): RunningHubError {
	if (isGone) {
		return new RunningHubError({
			kind: 'notFound',
			message: `The task is done, but its result could not be downloaded: ${why}; RunningHub deletes results after 24 hours.`,
			description:
				'If the task ended less than 24 hours ago, retry this execution, or get it with Task > Wait for Result: both are free. After that it has to be generated again in a new execution, which is charged again.',
		});
	}
	return new RunningHubError({
		kind: 'transient',
		message: `The task is done, but its result could not be downloaded: ${why}.`,
		description:
			'You do not have to pay again: download the file from its url, or use Retry On Fail or a retry from the list of executions, which continue with the same task.',
	});
}

const GENERIC_TYPES =
	/^(?:application|binary)\/(?:octet-stream|x-download|xml)$|^text\/(?:plain|html)$/;
const MAX_NAME_LENGTH = 120;

/** What the host says of the type counts where it says something; else the extension does (reference section 12.2). */
export function factsOf(
	url: string,
	type: string | null,
	headers: Record<string, string>,
): FileFacts {
	const extension = extensionInUrl(url) ?? type;
	const declared = bareType(headers['content-type']);
	const known = mimeTypeOf(extension);
	const useless = declared === '' || GENERIC_TYPES.test(declared);
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
