import { RESPONSE_TOO_LARGE, TransportError } from '../runninghub/http/transport';
import { createCatalogue, loadCatalogue, type Catalogue } from './catalogue';
import { readRegistry } from './registry';

/** How long a request for the registry may take, in milliseconds, and how large it may be, in bytes. */
export const REGISTRY_LIMITS = { ms: 5_000, bytes: 4 * 1024 * 1024 } as const;

const DAY_MS = 24 * 60 * 60 * 1000;
/** After a failure. A search asks at each keystroke, which must not wait each time for a host that does not respond. */
const RETRY_MS = 10 * 60 * 1000;
const MAX_ADDRESSES = 10;

/** The models that can be chosen. */
export interface ModelList {
	catalogue: Catalogue;
	/** Endpoints of those that the registry alone has. */
	newer: ReadonlySet<string>;
	/** Why there are none, or none of today, as a sentence without its stop. */
	problem?: string;
}

/**
 * Sends one request without a key, and follows no redirect.
 * @throws TransportError when no whole response came within the limits
 */
export type GetText = (address: string) => Promise<{ status: number; text: string }>;

export type RegistryFeed = (address: string, get: GetText) => Promise<ModelList>;

/** The models of the package alone. */
export async function packageModels(): Promise<ModelList> {
	return { catalogue: await loadCatalogue(), newer: new Set() };
}

/**
 * Adds to the models of the package those that RunningHub's registry has besides. It is asked once a day, by all who share
 * the feed; where that fails, again after some minutes, and until then the models of the day before count.
 * @param now milliseconds, as {@link Clock} gives them
 */
export function createRegistryFeed(now: () => number): RegistryFeed {
	const lists = new Map<string, { list: Promise<ModelList>; until: number }>();
	return async (address, get) => {
		const before = lists.get(address);
		if (before !== undefined && now() < before.until) return await before.list;
		const entry = { list: readList(address, get, before?.list), until: Infinity };
		lists.delete(address);
		lists.set(address, entry);
		const [oldest] = lists.keys();
		if (lists.size > MAX_ADDRESSES && oldest !== undefined) lists.delete(oldest);
		const { problem } = await entry.list;
		entry.until = now() + (problem === undefined ? DAY_MS : RETRY_MS);
		return await entry.list;
	};
}

async function readList(
	address: string,
	get: GetText,
	before: Promise<ModelList> | undefined,
): Promise<ModelList> {
	try {
		return await listAt(address, get);
	} catch (error) {
		return { ...((await before) ?? (await packageModels())), problem: problemOf(address, error) };
	}
}

async function listAt(address: string, get: GetText): Promise<ModelList> {
	if (!isAddress(address)) throw new NoRegistry('is not an address');
	const { status, text } = await get(address);
	if (status >= 300 && status < 400) throw new NoRegistry('redirects, which is not followed');
	if (status !== 200) throw new NoRegistry(`answered with HTTP ${status}`);
	const own = await loadCatalogue();
	const newer = modelsIn(text, own).filter(({ endpoint }) => own.find(endpoint) === undefined);
	return {
		catalogue: createCatalogue([...own.models, ...newer]),
		newer: new Set(newer.map(({ endpoint }) => endpoint)),
	};
}

function modelsIn(text: string, { models }: Catalogue) {
	try {
		return readRegistry(JSON.parse(text), models).models;
	} catch {
		throw new NoRegistry('gave no list of models');
	}
}

function isAddress(address: string): boolean {
	return URL.canParse(address) && /^https?:$/.test(new URL(address).protocol);
}

/** Its message is the rest of a sentence that begins with the host. */
class NoRegistry extends Error {}

function problemOf(address: string, error: unknown): string {
	// The host alone: an address may hold a login.
	const who = isAddress(address) ? new URL(address).host : 'its address in the credential';
	return `${who} ${error instanceof NoRegistry ? error.message : failureOf(error)}`;
}

function failureOf(error: unknown): string {
	switch (error instanceof TransportError ? error.code : undefined) {
		case RESPONSE_TOO_LARGE:
			return `gave more than ${REGISTRY_LIMITS.bytes / 1_048_576} MB`;
		case 'ETIMEDOUT':
		case 'ECONNABORTED':
		case 'ERR_CANCELED':
			return `did not answer within ${REGISTRY_LIMITS.ms / 1000} seconds`;
		default:
			return 'cannot be reached';
	}
}
