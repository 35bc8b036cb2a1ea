import { randomBytes } from 'node:crypto';

/**
 * Hands out 19-digit decimal ids above 2^53 (reference 15.2). The steps are smaller than the gap
 * between two doubles of this size, so a client that parses an id as a number asks for another task.
 */
export class IdSource {
	private last: bigint;

	constructor(first = '1900000000000000001') {
		this.last = BigInt(first) - 37n;
	}

	next(): string {
		do this.last += 37n;
		while (BigInt(Number(this.last)) === this.last);
		return this.last.toString();
	}
}

/** `clientId` (reference 4.1): 32 hex digits. */
export const newClientId = (): string => randomBytes(16).toString('hex');
