import { interruption } from './interruption.mjs';

/**
 * What the scripts tell the person in front of the screen: each step with the time it took, and an
 * error as one sentence.
 */

/** An error whose message is written for the user: what is wrong and what to do about it. */
export class UserError extends Error {}

/** @param {number} milliseconds */
export function duration(milliseconds) {
	if (milliseconds < 9950) return `${(milliseconds / 1000).toFixed(1)} s`;
	const seconds = Math.round(milliseconds / 1000);
	return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/**
 * Runs one step and prints its title before, its time after.
 *
 * @template T
 * @param {string} title
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(title, work) {
	const start = Date.now();
	const counter = startCounter(title, start);
	try {
		const result = await work();
		counter.end(`done in ${duration(Date.now() - start)}`);
		return result;
	} catch (error) {
		counter.end(`failed after ${duration(Date.now() - start)}`);
		throw error;
	}
}

/**
 * On a terminal the seconds count up in place, so that a long step is seen to be alive.
 *
 * @param {string} title
 * @param {number} start
 */
function startCounter(title, start) {
	if (!process.stdout.isTTY) {
		console.log(`${title} …`);
		return { end: (/** @type {string} */ text) => console.log(`  ${text}`) };
	}
	const show = (/** @type {string} */ text) => process.stdout.write(`\r\x1b[2K${title} … ${text}`);
	show('');
	const timer = setInterval(() => show(duration(Date.now() - start)), 1000);
	return {
		end: (/** @type {string} */ text) => {
			clearInterval(timer);
			show(`${text}\n`);
		},
	};
}

/**
 * Runs a script's main function. A user gets one sentence; whoever works on the scripts gets the
 * stack with DEBUG=1.
 *
 * @param {() => Promise<number | void>} work returns the exit code; none means 0
 */
export async function main(work) {
	try {
		process.exitCode = (await work()) ?? 0;
	} catch (error) {
		// What fails because we are ending it is no news.
		if (interruption.happened) return;
		console.error(`\n${errorText(error)}`);
		process.exitCode = 1;
	}
}

/** @param {unknown} error */
export function errorText(error) {
	if (!(error instanceof Error)) return String(error);
	return process.env.DEBUG ? (error.stack ?? error.message) : error.message;
}
