import type { ILoadOptionsFunctions, IN8nHttpFullResponse } from 'n8n-workflow';
import {
	createRegistryFeed,
	packageModels,
	REGISTRY_LIMITS,
	type GetText,
	type ModelList,
} from '../../../catalogue/registryFeed';
import { modelListUrlOf } from '../../../runninghub/http/credential';
import { n8nClock } from '../n8n/clock';
import { CREDENTIAL } from '../n8n/connection';
import { RESPONSE_OPTIONS } from '../n8n/requestOptions';
import { responseText } from '../n8n/responseText';
import { asTransportError } from '../n8n/transportError';

const feed = createRegistryFeed(() => n8nClock.now());

/** The models of the package, and those that are newer where the credential wants them. */
export async function modelList(context: ILoadOptionsFunctions): Promise<ModelList> {
	// The credential has the user's consent to ask RunningHub's list; without one nothing is asked.
	const data = await context.getCredentials(CREDENTIAL).catch(() => undefined);
	const url = data === undefined ? undefined : modelListUrlOf(data);
	return url === undefined ? await packageModels() : await feed(url, getBy(context));
}

/** Plain requests: no key, nothing of the account, no redirect. */
function getBy({ helpers }: ILoadOptionsFunctions): GetText {
	return async (url) => {
		const startedAt = n8nClock.now();
		const over = new AbortController();
		try {
			const { statusCode, body }: IN8nHttpFullResponse = await helpers.httpRequest({
				method: 'GET',
				url,
				headers: { Accept: 'application/json' },
				timeout: REGISTRY_LIMITS.ms,
				...RESPONSE_OPTIONS,
				abortSignal: AbortSignal.any([over.signal, AbortSignal.timeout(REGISTRY_LIMITS.ms)]),
			});
			const msLeft = Math.max(1, Math.ceil(startedAt + REGISTRY_LIMITS.ms - n8nClock.now()));
			return { status: statusCode, text: await responseText(body, msLeft, REGISTRY_LIMITS.bytes) };
		} catch (error) {
			throw asTransportError(error);
		} finally {
			// Closes the connection of a response that was given up.
			over.abort();
		}
	};
}
