import type { IExecuteFunctions } from 'n8n-workflow';
import { RunningHubError } from '../../../runninghub/errors';
import { isPrivateHost } from '../../../runninghub/privateHost';
import { quote } from '../../../runninghub/text';

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
	const given = String(context.getNodeParameter('options.callbackUrl', itemIndex, '')).trim();
	if (given === '') return undefined;
	if (!URL.canParse(given) || !/^https?:$/.test(new URL(given).protocol)) {
		throw refused(`Callback URL is ${quote(given)}; it must start with https:// or http://.`);
	}
	const { hostname, origin } = new URL(given);
	if (isPrivateHost(hostname) && !isPrivateHost(new URL(apiBaseUrl).hostname)) {
		throw refused(
			`Callback URL is at ${origin}, which RunningHub cannot reach from the internet.`,
			'Set the environment variable WEBHOOK_URL to this n8n’s public address, restart it, and copy the trigger’s production URL again. ',
		);
	}
	return given;
}

function refused(message: string, remedy = ''): RunningHubError {
	return new RunningHubError({
		kind: 'validation',
		message,
		description: `${remedy}Nothing was sent and nothing was paid for.`,
	});
}
