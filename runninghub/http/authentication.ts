import { baseUrlOf, type SiteChoice } from './site';

/** The parts of a request in which a key can stand; n8n's and axios' requests both have this shape. */
export interface KeyedRequest {
	url?: string;
	/** In place of `url`: the requests of n8n's own HTTP Request node. */
	uri?: string;
	baseURL?: string;
	headers?: Record<string, unknown>;
	qs?: Record<string, unknown>;
	body?: unknown;
}

type Placement = 'header' | 'bodyApiKey' | 'bodyApikey' | 'query' | 'path';

/** Where each family of calls looks for the key (reference section 1.2); the first match counts. */
const PLACEMENTS: ReadonlyArray<readonly [pathPrefix: string, placement: Placement]> = [
	['/openapi/v2/', 'header'],
	['/uc/openapi/', 'bodyApikey'],
	['/task/openapi/', 'bodyApiKey'],
	['/api/openapi/', 'bodyApiKey'],
	// Where it belongs in this one is unknown, so it is in both (reference section 3.2).
	['/api/fast/', 'bodyApiKey'],
	['/api/webapp/', 'query'],
	['/proxy/', 'path'],
	['/proxy-plus/', 'path'],
];

/**
 * The request with the key in its place. v1 calls also get the Bearer header, which newer pages of the
 * documentation ask for (reference section 14, quirk 19).
 *
 * Rule that must not be broken: the key goes to the configured host alone.
 * @throws Error when the request is for any other host
 */
export function withKey<R extends KeyedRequest>(request: R, key: string, choice: SiteChoice): R {
	const base = new URL(baseUrlOf(choice));
	// n8n, too, takes the first of them that is there.
	const member = request.url === undefined ? 'uri' : 'url';
	const address = request[member] ?? '';
	// Alone first, as HTTP clients do: `https:evil.com` is relative to a base, but an address of its own without one.
	const target = URL.canParse(address)
		? new URL(address)
		: new URL(address, request.baseURL ? withSlash(request.baseURL) : base);
	if (target.origin !== base.origin) {
		throw new Error(
			`The RunningHub credential is for ${base.host}; its key is not sent to ${target.host}.`,
		);
	}
	const path = target.pathname.slice(base.pathname.replace(/\/+$/, '').length);
	const placement = PLACEMENTS.find(([prefix]) => path.startsWith(prefix))?.[1] ?? 'header';
	const keyed = { ...request, headers: { ...request.headers, Authorization: `Bearer ${key}` } };

	switch (placement) {
		case 'header':
			return keyed;
		case 'query':
			return { ...keyed, qs: { ...request.qs, apiKey: key } };
		case 'bodyApiKey':
			return { ...keyed, body: withMember(request.body, 'apiKey', key) };
		case 'bodyApikey':
			return { ...keyed, body: withMember(request.body, 'apikey', key) };
		case 'path':
			return { ...request, [member]: address.replace(KEY_IN_PATH, key) };
	}
}

/** What stands for the key in the address of the ComfyUI proxy (reference section 2.4), so that no workflow holds the key. */
const KEY_IN_PATH = /(?<=\/proxy(?:-plus)?\/)(?:\{apiKey\}|%7BapiKey%7D)(?=[/?]|$)/;

/** A form gets a part of that name, any other body a member. */
function withMember(body: unknown, name: string, key: string): unknown {
	if (isForm(body)) {
		body.append(name, key);
		return body;
	}
	return { ...(typeof body === 'object' ? body : undefined), [name]: key };
}

/** By what it can do: node and credential are bundles of their own, so that a class of one is unknown to the other. */
function isForm(body: unknown): body is { append(name: string, value: string): void } {
	return (
		typeof body === 'object' &&
		body !== null &&
		'append' in body &&
		typeof body.append === 'function'
	);
}

function withSlash(url: string): string {
	return url.endsWith('/') ? url : `${url}/`;
}
