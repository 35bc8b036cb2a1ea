import { isPrivateHost } from '../http/privateHost';
import { TransportError } from '../http/transport';

/** What a file's host answered; the body has not been read. */
export interface FileResponse<Body> {
	status: number;
	/** Lower-case names. */
	headers: Record<string, string>;
	body: Body;
}

export interface FileHosts<Body> {
	/**
	 * One GET without the key, which follows no redirect.
	 * @throws TransportError when no response came
	 */
	get(url: string): Promise<FileResponse<Body>>;
	/** Closes the connection of a response that is not to be read. */
	discard(body: Body): void;
	signal?: AbortSignal;
	/** RunningHub itself is at a private address (a simulator, a proxy), so its files may be as well. */
	allowPrivateHosts: boolean;
}

const MAX_REDIRECTS = 5;

/** A file whose host is ready to send it; `address` is the one after all redirects. */
export interface FoundFile<Body> extends Omit<FileResponse<Body>, 'status'> {
	address: string;
}

export interface NoFile {
	/** The end of a sentence. */
	why: string;
	/** May another try succeed? */
	passing: boolean;
	/** Its host says that there is no such file (HTTP 403, 404, 410). */
	isGone?: true;
}

/**
 * Asks for a file once, along all redirects.
 *
 * Rules that must not be broken: the key is not sent there, and a redirect cannot lead into this n8n's own network.
 * @throws whatever `hosts.get` throws that is no TransportError; the signal's reason when it is aborted
 */
export async function findFile<Body>(
	url: string,
	hosts: FileHosts<Body>,
): Promise<FoundFile<Body> | NoFile> {
	let address = url;
	for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
		const refused = refusedAddress(address, hosts.allowPrivateHosts);
		if (refused !== undefined) return { why: refused, passing: false };

		const response = await hosts.get(address).catch((thrown: unknown) => {
			hosts.signal?.throwIfAborted();
			if (thrown instanceof TransportError) return thrown;
			throw thrown;
		});
		if (response instanceof TransportError) {
			return { why: 'its host did not answer', passing: true };
		}
		const { status, headers, body } = response;
		if (status >= 200 && status < 300) return { address, headers, body };
		hosts.discard(body);
		const { location } = headers;
		if (status < 300 || status >= 400 || location === undefined) return unavailable(status);
		if (!URL.canParse(location, address)) {
			return { why: 'its host redirects to something that is not a valid URL', passing: false };
		}
		address = new URL(location, address).href;
	}
	return { why: 'too many redirects', passing: false };
}

/** @returns why nothing may be sent to an address, as the end of a sentence; undefined where it may */
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
