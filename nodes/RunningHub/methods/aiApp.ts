import type {
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
	ResourceMapperFields,
} from 'n8n-workflow';
import { loadFields } from '../comfy/nodeInputsForm';
import { APP_PAGE } from '../comfy/pageId';
import { connectApi } from '../n8n/connection';

/** One field for each parameter of the app. */
export async function getAppInputs(this: ILoadOptionsFunctions): Promise<ResourceMapperFields> {
	return await loadFields(this, APP_PAGE, 'webappId', async (client, id) => {
		const { parameters, isEncrypted } = await client.app(id);
		return { inputs: parameters.map(({ input }) => input), isEncrypted };
	});
}

/** Pages that a search reads at most, and matches after which it stops. n8n asks for more once a list is scrolled, so it must be long enough for that. */
const MAX_PAGES = 10;
const MATCHES_WANTED = 20;

/** The apps that anybody may run, as RunningHub recommends them; it cannot search them, so this does. */
export async function searchApps(
	this: ILoadOptionsFunctions,
	filter = '',
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const { client, baseUrl } = await connectApi(this);
	const query = filter.trim().toLowerCase();
	const results: INodeListSearchItems[] = [];
	const first = Number(paginationToken ?? 1);
	for (let page = first; ; page++) {
		const { apps, hasNext } = await client.apps({ sort: 'RECOMMEND', page });
		const matches = apps.filter(
			({ title, webappId }) => title.toLowerCase().includes(query) || webappId === query,
		);
		for (const { title, webappId } of matches) {
			const url = `${baseUrl}${APP_PAGE.path}${webappId}`;
			results.push({ name: title, value: webappId, url });
		}
		const isEnough = results.length >= MATCHES_WANTED || page - first + 1 === MAX_PAGES;
		if (isEnough || !hasNext) {
			return { results, paginationToken: hasNext ? String(page + 1) : undefined };
		}
	}
}
