import type { Clock, Random } from '../base/clock';
import { messageOf, RunningHubError } from '../base/errors';
import { bareType, fileExtension, isMedia, mimeTypeOf } from '../base/mimeTypes';
import { withRetries, type RetryPolicy } from '../base/retry';
import { fileFactsOf, type FileFacts } from './fileFacts';
import { findFile, type FileHosts, type NoFile } from './findFile';

export interface DownloadDeps<Body, Saved> extends FileHosts<Body> {
	/** The first bytes of a body, none where it is empty; the body still gives them. Throws where it breaks off. */
	peek(body: Body): Promise<Uint8Array>;
	/** Reads the body to its end, and throws where it breaks off. */
	save(body: Body, facts: FileFacts): Promise<Saved>;
	clock: Clock;
	random: Random;
}

/** A result that could not be had. */
class DownloadError extends RunningHubError {
	/** May another try succeed? */
	readonly isPassing: boolean;

	constructor({ why, passing, isGone }: NoFile) {
		super(
			isGone
				? {
						kind: 'notFound',
						message: `The task is done, but its result could not be downloaded: ${why}; RunningHub deletes results after 24 hours.`,
						description:
							'If the task ended less than 24 hours ago, retry this execution, or get it with Task > Wait for Result: both are free. After that it has to be generated again in a new execution, which is charged again.',
					}
				: {
						kind: 'transient',
						message: `The task is done, but its result could not be downloaded: ${why}.`,
						description:
							'You do not have to pay again: download the file from its url, or use Retry On Fail or a retry from the list of executions, which continue with the same task.',
					},
		);
		this.isPassing = passing;
	}
}

/** A download costs nothing: one that breaks starts anew from the URL. */
const DOWNLOAD_RETRY: RetryPolicy = {
	delaysMs: [500, 2_000, 5_000],
	jitter: 0.2,
	isRetryable: (error) => error instanceof DownloadError && error.isPassing,
};

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
	return await withRetries(async () => await downloadOnce(url, type, deps), deps, DOWNLOAD_RETRY);
}

async function downloadOnce<Body, Saved>(
	url: string,
	type: string | null,
	deps: DownloadDeps<Body, Saved>,
): Promise<Saved> {
	const found = await findFile(url, deps);
	if ('why' in found) throw new DownloadError(found);
	const { address, headers, body } = found;
	try {
		const start = await deps.peek(body);
		const instead = notTheFile(start, type, address, headers);
		if (instead === undefined) return await deps.save(body, fileFactsOf(address, type, headers));
		deps.discard(body);
		throw new DownloadError({ why: instead, passing: true });
	} catch (error) {
		deps.signal?.throwIfAborted();
		if (error instanceof DownloadError) throw error;
		throw new DownloadError(
			isBrokenStream(error)
				? { why: 'the connection broke off each time', passing: true }
				: { why: `it could not be stored (${messageOf(error)})`, passing: false },
		);
	}
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

/** How error pages and messages begin, and no picture, video, sound, model or archive. */
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
	const isPage = isBinary(extension) ? PAGE_OR_MESSAGE.test(text) : saysMarkup && MARKUP.test(text);
	return isPage ? 'its host sent an error page instead' : undefined;
}

/** Are files of this type neither text nor markup? */
function isBinary(extension: string): boolean {
	const type = mimeTypeOf(extension) ?? '';
	return isMedia(type) || /^model\/|zip$/.test(type);
}
