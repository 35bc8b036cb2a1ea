import { parseCredential, type Credential } from '../../../runninghub/http/credential';
import { baseUrlOf } from '../../../runninghub/http/site';
import { UserError } from '../steps.mjs';

/** What is looked at: a real account, or something that behaves like RunningHub. */
export interface Target {
	credential: Credential;
	/** Its host, for people. */
	host: string;
}

const SITES = ['international', 'china'];

/**
 * From the environment: RUNNINGHUB_API_KEY, and RUNNINGHUB_SITE or RUNNINGHUB_BASE_URL.
 * @throws UserError with one sentence that says what to set
 */
export function readTarget(env: NodeJS.ProcessEnv): Target {
	const apiKey = env.RUNNINGHUB_API_KEY?.trim() ?? '';
	if (apiKey === '') {
		throw new UserError(
			'RUNNINGHUB_API_KEY is not set: this check needs the key of a RunningHub account.',
		);
	}
	const baseUrl = env.RUNNINGHUB_BASE_URL?.trim() ?? '';
	const site = baseUrl === '' ? env.RUNNINGHUB_SITE?.trim() || 'international' : 'custom';
	if (baseUrl === '' && !SITES.includes(site)) {
		throw new UserError(`RUNNINGHUB_SITE is "${site}", but must be one of: ${SITES.join(', ')}.`);
	}
	const credential = parseCredential({ site, apiKey, ...(baseUrl === '' ? {} : { baseUrl }) });
	return { credential, host: new URL(baseUrlOf(credential)).host };
}
