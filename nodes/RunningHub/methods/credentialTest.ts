import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';
import { z } from 'zod';
import type { Account } from '../../../runninghub/api/account';
import { createClient } from '../../../runninghub/api/client';
import { messageOf, RunningHubError } from '../../../runninghub/base/errors';
import { withKey } from '../../../runninghub/http/authentication';
import { parseCredential, type Credential } from '../../../runninghub/http/credential';
import { baseUrlOf, otherSite } from '../../../runninghub/http/site';
import { plainHeaders, type Transport } from '../../../runninghub/http/transport';
import { responseText } from '../n8n/responseText';
import { asTransportError } from '../n8n/transportError';

/** Asks for the account: costs nothing, and its failure says whether key, site or network is wrong. */
export async function runningHubApiTest(
	this: ICredentialTestFunctions,
	{ data }: ICredentialsDecrypted<ICredentialDataDecryptedObject>,
): Promise<INodeCredentialTestResult> {
	const credential = parseCredential(data);
	if (credential.apiKey === '')
		return failed('API Key is empty; paste the key of your RunningHub account.');
	return await createClient(testTransport(this.helpers, credential))
		.account()
		.then(
			(account): INodeCredentialTestResult => ({ status: 'OK', message: welcome(account) }),
			(error: unknown) => failed(sentence(error, credential)),
		);
}

/** The test runs without a node, so n8n gives it its older request helper and does not add the key. */
function testTransport(
	helpers: ICredentialTestFunctions['helpers'],
	credential: Credential,
): Transport {
	const response = z.object({
		statusCode: z.number(),
		headers: z.record(z.unknown()).catch({}),
		body: z.unknown(),
	});
	return async ({ method, path, body, timeoutMs }) => {
		const request = withKey(
			{
				url: `${baseUrlOf(credential)}${path}`,
				headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
				body: body.type === 'json' ? body.json : {},
			},
			credential.apiKey,
			credential,
		);
		const received: unknown = await helpers
			.request({
				method,
				uri: request.url,
				headers: request.headers,
				body: JSON.stringify(request.body),
				timeout: timeoutMs,
				followRedirect: false,
				followAllRedirects: false,
				resolveWithFullResponse: true,
				useStream: true,
				simple: false,
			})
			.catch((error: unknown) => {
				throw asTransportError(error);
			});
		const { statusCode, headers, body: stream } = response.parse(received);
		return {
			status: statusCode,
			headers: plainHeaders(headers),
			text: await responseText(stream, timeoutMs).catch((error: unknown) => {
				throw asTransportError(error);
			}),
		};
	};
}

function welcome({ keyType, coins, money, currency }: Account): string {
	const balance = [
		money === null ? undefined : `wallet ${money}${currency === null ? '' : ` ${currency}`}`,
		coins === null ? undefined : `${coins} RH coins`,
	].filter((part) => part !== undefined);
	const holds = balance.length === 0 ? '' : ` The account has ${balance.join(' and ')}.`;
	const limits =
		keyType === 'NORMAL' || keyType === 'EXCLUSIVE'
			? ' This API key cannot use Vidu and the other models: they need an enterprise-shared key.'
			: '';
	return `Connected.${holds}${limits}`;
}

function sentence(error: unknown, { site }: Credential): string {
	if (!(error instanceof RunningHubError)) return messageOf(error);
	const other = otherSite(site);
	if (error.kind === 'auth' && other !== undefined) {
		return `${error.message} Check the key, or choose the site ${other} if it was made there.`;
	}
	return `${error.message} ${error.description}`.trim();
}

function failed(message: string): INodeCredentialTestResult {
	return { status: 'Error', message };
}
