import type { ILoadOptionsFunctions } from 'n8n-workflow';
import type { Site } from '../../../catalogue/modelPage';
import { parseCredential } from '../../../runninghub/http/credential';
import { baseUrlOf, SITES } from '../../../runninghub/http/site';
import { CREDENTIAL } from '../n8n/connection';

/** The site of the node's credential; the international one where there is none yet, or an address that can stand for either. */
export async function chosenSite(context: ILoadOptionsFunctions): Promise<Site> {
	try {
		const choice = parseCredential(await context.getCredentials(CREDENTIAL));
		return baseUrlOf(choice) === SITES.china ? 'china' : 'international';
	} catch {
		return 'international';
	}
}
