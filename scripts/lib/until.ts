import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from './steps';

const BETWEEN_CHECKS_MS = 100;

/** What `check` gives once it gives anything but `undefined` or `false`. */
export async function until<T>(
	what: string,
	seconds: number,
	check: () => Promise<T | false | undefined> | T | false | undefined,
): Promise<T> {
	const deadline = Date.now() + seconds * 1000;
	for (;;) {
		const result = await check();
		if (result !== undefined && result !== false) return result;
		if (Date.now() > deadline) throw new UserError(`Waited ${seconds} s in vain for ${what}.`);
		await sleep(BETWEEN_CHECKS_MS);
	}
}
