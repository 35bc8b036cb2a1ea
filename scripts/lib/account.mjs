import { createInterface } from 'node:readline/promises';
import { UserError } from './steps.mjs';

/** RunningHub's sites, by the credential's values for them. */
const SITES = { international: 'www.runninghub.ai', china: 'www.runninghub.cn' };

/**
 * The account to work with, from the environment.
 *
 * @returns {{ site: string, apiKey: string, host: string } | undefined} none for the simulator
 */
export function realAccount() {
	const apiKey = process.env.RUNNINGHUB_API_KEY?.trim();
	if (!apiKey) return undefined;
	const site = process.env.RUNNINGHUB_SITE?.trim() || 'international';
	if (!Object.hasOwn(SITES, site))
		throw new UserError(
			`RUNNINGHUB_SITE is "${site}", but must be one of: ${Object.keys(SITES).join(', ')}.`,
		);
	return { site, apiKey, host: SITES[/** @type {keyof SITES} */ (site)] };
}

/**
 * A video on a real account costs money: the user decides, before anything else happens.
 *
 * @param {string} host
 * @param {boolean} yes the user has agreed on the command line
 * @returns {Promise<boolean>}
 */
export async function mayCostMoney(host, yes) {
	console.log(
		`RUNNINGHUB_API_KEY is set: the example makes one real video (Vidu Q2 Turbo, 5 s, 540p, if you have not changed it) on your account at ${host}, and RunningHub charges you for it.`,
	);
	if (yes) return true;
	if (!process.stdin.isTTY) {
		console.log(
			'Nothing is run without your consent: add --yes, or unset RUNNINGHUB_API_KEY to use the simulator.',
		);
		return false;
	}
	const prompt = createInterface({ input: process.stdin, output: process.stdout });
	const answer = await prompt.question('Make it? [y/N] ');
	prompt.close();
	return /^y(es)?$/i.test(answer.trim());
}
