import { interruption } from './interruption';

/**
 * What the scripts tell the person in front of the screen: each step with the time it took, and an
 * error as one sentence.
 */

/** An error whose message is written for the user: what is wrong and what to do about it. */
export class UserError extends Error {}

export function duration(milliseconds: number): string {
	if (milliseconds < 9950) return `${(milliseconds / 1000).toFixed(1)} s`;
	const seconds = Math.round(milliseconds / 1000);
	return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Runs one step and prints its title before, its time after. */
export async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
	const start = Date.now();
	const end = startCounter(title, start);
	try {
		const result = await work();
		end(`done in ${duration(Date.now() - start)}`);
		return result;
	} catch (error) {
		end(`failed after ${duration(Date.now() - start)}`);
		throw error;
	}
}

/**
 * On a terminal the seconds count up in place, so that a long step is seen to be alive.
 * @returns ends it, with a last text
 */
function startCounter(title: string, start: number): (text: string) => void {
	if (!process.stdout.isTTY) {
		console.log(`${title} …`);
		return (text) => console.log(`  ${text}`);
	}
	const show = (text: string) => process.stdout.write(`\r\x1b[2K${title} … ${text}`);
	show('');
	const timer = setInterval(() => show(duration(Date.now() - start)), 1000);
	return (text) => {
		clearInterval(timer);
		show(`${text}\n`);
	};
}

/**
 * Runs a script's main function. A user gets one sentence; whoever works on the scripts gets the
 * stack with DEBUG=1.
 * @param work returns the exit code; none means 0
 */
export async function main(work: () => Promise<number | void>): Promise<void> {
	try {
		process.exitCode = (await work()) ?? 0;
	} catch (error) {
		// What fails because we are ending it is no news.
		if (interruption.happened) return;
		console.error(`\n${errorText(error)}`);
		process.exitCode = 1;
	}
}

export function errorText(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	return process.env.DEBUG ? (error.stack ?? error.message) : error.message;
}
