import type { IExecuteFunctions } from 'n8n-workflow';
import { RunningHubError } from '../../../runninghub/base/errors';
import { quote } from '../../../runninghub/base/text';
import { isPrivateHost } from '../../../runninghub/http/privateHost';

/**
 * Where RunningHub's callbacks for an execution that sleeps arrive: a path of its own below n8n's address of the execution.
 * With an empty one, a repeated callback would resume a Wait node further on.
 */
export const WAKE_PATH = 'runninghub';

/**
 * The address at which RunningHub can wake this execution: n8n's own, with its signature.
 *
 * Rule that must not be broken: versions of n8n that do not sign it (1.x, 2.0) get none. There an execution that a callback
 * has woken is run once more when its own time comes, unless it has ended by then, and would pay twice.
 * @param apiBaseUrl where the submits go; a local simulator can reach a local n8n
 * @returns undefined where RunningHub could not reach it, or must not
 */
export function wakeUrl(context: IExecuteFunctions, apiBaseUrl: string): string | undefined {
	const address = resumeUrl(context);
	if (!signsResumeUrls(context)) return undefined;
	const url = new URL(address);
	if (isPrivateHost(url.hostname) && !isPrivateHost(new URL(apiBaseUrl).hostname)) return undefined;
	url.pathname = `${url.pathname.replace(/\/$/, '')}/${WAKE_PATH}`;
	return url.href;
}

/** Does this n8n sign the addresses of waiting executions? Versions that do not, do not end such sub-workflows rightly. */
export function signsResumeUrls(context: IExecuteFunctions): boolean {
	const address = resumeUrl(context);
	return URL.canParse(address) && new URL(address).searchParams.has('signature');
}

function resumeUrl(context: IExecuteFunctions): string {
	return String(context.evaluateExpression('{{ $execution.resumeUrl }}', 0));
}

/**
 * The address that a user wants RunningHub to call; undefined where the option is not set.
 * @param apiBaseUrl where the submits go; a local simulator can call a local address
 * @throws RunningHubError of kind `validation` for what RunningHub could not call
 */
export function readCallbackUrl(
	context: IExecuteFunctions,
	itemIndex: number,
	apiBaseUrl: string,
): string | undefined {
	const address = String(context.getNodeParameter('options.callbackUrl', itemIndex, '')).trim();
	if (address === '') return undefined;
	if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) {
		throw refused(`Callback URL is ${quote(address)}; it must start with https:// or http://.`);
	}
	const { hostname, origin } = new URL(address);
	if (isPrivateHost(hostname) && !isPrivateHost(new URL(apiBaseUrl).hostname)) {
		throw refused(
			`Callback URL is at ${origin}, which RunningHub cannot reach from the internet.`,
			'Set the environment variable WEBHOOK_URL to this n8n’s public address, restart it, and copy the trigger’s production URL again. ',
		);
	}
	return address;
}

function refused(message: string, remedy = ''): RunningHubError {
	return new RunningHubError({
		kind: 'validation',
		message,
		description: `${remedy}Nothing was sent and nothing was paid for.`,
	});
}
