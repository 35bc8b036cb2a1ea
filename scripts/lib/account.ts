import { createInterface } from 'node:readline/promises';
import { type Credential, parseCredential } from '../../runninghub/http/credential';
import { baseUrlOf } from '../../runninghub/http/site';
import { UserError } from './steps';

/** The account to work with: a real one, or something that behaves like RunningHub. */
export interface Account {
	credential: Credential;
	/** Its host, for people. */
	host: string;
}

const SITES = ['international', 'china'];

/**
 * From the environment: RUNNINGHUB_API_KEY, and RUNNINGHUB_SITE or RUNNINGHUB_BASE_URL.
 * @throws UserError with one sentence that says what to set
 */
export function readAccount(env: NodeJS.ProcessEnv): Account {
	const apiKey = env.RUNNINGHUB_API_KEY?.trim();
	if (!apiKey) {
		throw new UserError(
			'RUNNINGHUB_API_KEY is not set: this check needs the key of a RunningHub account.',
		);
	}
	const baseUrl = env.RUNNINGHUB_BASE_URL?.trim();
	const site = baseUrl ? 'custom' : env.RUNNINGHUB_SITE?.trim() || 'international';
	if (!baseUrl && !SITES.includes(site)) {
		throw new UserError(`RUNNINGHUB_SITE is "${site}", but must be one of: ${SITES.join(', ')}.`);
	}
	const credential = parseCredential({ site, apiKey, ...(baseUrl ? { baseUrl } : {}) });
	return { credential, host: new URL(baseUrlOf(credential)).host };
}

/**
 * A video on a real account costs money: the user decides.
 * @param yes the user has agreed on the command line
 * @param otherwise what there is to do when nobody can be asked
 */
export async function consent(yes: boolean, otherwise: string): Promise<boolean> {
	if (yes) return true;
	if (!process.stdin.isTTY) {
		console.log(otherwise);
		return false;
	}
	const prompt = createInterface({ input: process.stdin, output: process.stdout });
	const answer = await prompt.question('Make it? [y/N] ');
	prompt.close();
	return /^y(es)?$/i.test(answer.trim());
}
