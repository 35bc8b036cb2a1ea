const PRIVATE_NAME = /^(?:localhost|.*\.(?:localhost|local|internal|lan|home\.arpa))$/;

const IPV4 = /^\d+(?:\.\d+){3}$/;
/** Ranges that are not routed on the internet: this machine, private networks, link-local. */
const PRIVATE_IPV4 =
	/^(?:0|10|127)\.|^169\.254\.|^192\.168\.|^172\.(?:1[6-9]|2\d|3[01])\.|^100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./;
const PRIVATE_IPV6 = /^(?:::1?$|f[cd]|fe[89ab]|::ffff:)/;

/**
 * Is a host of a URL one that only this machine or network can reach? A name without a dot, such as that of a
 * container, is.
 * @param hostname as `URL.hostname` gives it
 */
export function isPrivateHost(hostname: string): boolean {
	const host = hostname.toLowerCase().replace(/\.$/, '');
	if (host.startsWith('[')) return PRIVATE_IPV6.test(host.slice(1, -1));
	if (IPV4.test(host)) return PRIVATE_IPV4.test(host);
	return PRIVATE_NAME.test(host) || !host.includes('.');
}
