import { setTimeout as sleep } from 'node:timers/promises';

const BETWEEN_LOOKS_MS = 200;

/** What `look` gives once it gives anything but `undefined` or `false`. */
export async function until<T>(
	what: string,
	seconds: number,
	look: () => Promise<T | false | undefined> | T | false | undefined,
): Promise<T> {
	const deadline = Date.now() + seconds * 1000;
	for (;;) {
		const seen = await look();
		if (seen !== undefined && seen !== false) return seen;
		if (Date.now() > deadline) throw new Error(`Waited ${seconds} s in vain for ${what}.`);
		await sleep(BETWEEN_LOOKS_MS);
	}
}
