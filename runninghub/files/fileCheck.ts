import pLimit from 'p-limit';
import { expectRunningHubError } from '../base/errors';
import { extensionInUrl, mimeTypeOf } from '../base/mimeTypes';
import { quote } from '../base/text';
import { isPrivateHost } from '../http/privateHost';
import { sniffFile, type SniffedFile } from './fileType';
import { READ_IT_FIRST } from './media';
import type { OpenedFile } from './openUrl';
import type { UploadableSource } from './uploads';

/** Checks files before anything is paid for. Costs nothing, and reads a few kB of each file at most. */
export interface FileCheck {
	/** @returns what the first bytes tell; undefined for a file that cannot be read just now */
	sniff(source: UploadableSource): Promise<SniffedFile | undefined>;
	/** @returns the sentence for an address that RunningHub cannot reach; undefined for all others */
	unreachable(label: string, url: string): string | undefined;
	/**
	 * For an address whose file is uploaded from here: why that would fail for certain, as a sentence.
	 * @returns undefined where it would not, and where that cannot be told now
	 */
	whyNotOpened(url: string): Promise<string | undefined>;
}

export interface FileCheckDeps {
	/** RunningHub itself is at a private address (a simulator, a proxy), so it reaches files there as well. */
	allowPrivateHosts: boolean;
	openUrl(url: string): Promise<OpenedFile>;
	signal?: AbortSignal;
}

const SNIFF_CONCURRENCY = 8;

/**
 * One for a run: each file and each address is looked at once, however many items use it.
 * @param opensAddresses whether addresses are opened; their files are fetched once more for the upload then
 */
export function createFileCheck(
	{ allowPrivateHosts, openUrl, signal }: FileCheckDeps,
	opensAddresses: boolean,
): FileCheck {
	const limit = pLimit(SNIFF_CONCURRENCY);
	const sniffed = new Map<string, Promise<SniffedFile | undefined>>();
	const opened = new Map<string, Promise<string | undefined>>();

	const once = async <T>(known: Map<string, Promise<T>>, id: string, make: () => Promise<T>) => {
		const made = known.get(id) ?? limit(make);
		known.set(id, made);
		return await made;
	};

	return {
		sniff: async ({ file }) =>
			await once(sniffed, file.id, async () => {
				signal?.throwIfAborted();
				return await sniffFile(file).catch(() => undefined);
			}),
		unreachable: (label, url) =>
			allowPrivateHosts || !isPrivateHost(new URL(url).hostname)
				? undefined
				: `${label} is ${quote(url)}, an address that RunningHub cannot reach; ${READ_IT_FIRST}.`,
		whyNotOpened: async (url) => {
			// Where the extension tells the type, no request is needed.
			if (!opensAddresses || mimeTypeOf(extensionInUrl(url) ?? null) !== null) return undefined;
			return await once(opened, url, async () => {
				signal?.throwIfAborted();
				return await refusalOf(url, openUrl);
			});
		},
	};
}

async function refusalOf(
	url: string,
	openUrl: FileCheckDeps['openUrl'],
): Promise<string | undefined> {
	try {
		const file = await openUrl(url);
		file.close();
		return undefined;
	} catch (thrown) {
		const { kind, message } = expectRunningHubError(thrown);
		return kind === 'validation' ? message : undefined;
	}
}
