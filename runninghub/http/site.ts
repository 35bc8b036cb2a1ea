import { RunningHubError } from '../base/errors';

/** The two sites are separate worlds: accounts, keys, ids and balances of one are unknown to the other (reference section 1.1). */
export const SITES = {
	international: 'https://www.runninghub.ai',
	china: 'https://www.runninghub.cn',
} as const;

/** The money of the two sites (reference section 12.4). */
const CURRENCIES: Readonly<Record<string, string>> = {
	[SITES.international]: 'USD',
	[SITES.china]: 'CNY',
};

/** @returns undefined for an address that can stand for either site, such as a proxy's */
export function currencyOf(baseUrl: string): string | undefined {
	return CURRENCIES[baseUrl];
}

/** What the credential holds; `baseUrl` counts for the custom site alone. */
export interface SiteChoice {
	site: string;
	baseUrl?: string;
}

/**
 * The origin and path that every API path is appended to, without a slash at the end.
 * @throws RunningHubError when a custom address is missing or is no http(s) URL; it does not repeat what was entered,
 * which may be a key in the wrong field
 */
export function baseUrlOf({ site, baseUrl }: SiteChoice): string {
	if (site === 'international' || site === 'china') return SITES[site];
	const address = (baseUrl ?? '').trim();
	if (!isPlainAddress(address)) {
		throw new RunningHubError({
			kind: 'site',
			message: 'Base URL in the RunningHub credential is not an address.',
			description: 'It must start with https:// or http://, for example https://www.runninghub.ai.',
		});
	}
	return address.replace(/\/+$/, '');
}

/** With a query, a fragment or a login in it, no path could be appended. */
function isPlainAddress(text: string): boolean {
	if (!URL.canParse(text)) return false;
	const { protocol, search, hash, username } = new URL(text);
	return /^https?:$/.test(protocol) && `${search}${hash}${username}` === '';
}

/** The other site's name, for the advice that a key may belong there. */
export function otherSite(site: string): string | undefined {
	if (site === 'international') return 'China (www.runninghub.cn)';
	if (site === 'china') return 'International (www.runninghub.ai)';
	return undefined;
}
