import type {
	ILoadOptionsFunctions,
	INodeListSearchResult,
	ResourceMapperFields,
} from 'n8n-workflow';
import { connectApi } from '../connection';
import { loadFields } from '../nodeInputsForm';
import { APP_PAGE } from '../pageId';

/** One field for each parameter of the app. */
export async function getAppInputs(this: ILoadOptionsFunctions): Promise<ResourceMapperFields> {
	return await loadFields(this, APP_PAGE, 'webappId', async (client, id) =>
		(await client.app(id)).parameters.map(({ input }) => input),
	);
}

/** How far a search looks for its first match. */
const PAGES_SEARCHED = 10;

/** The apps that anybody may run, as RunningHub recommends them; it cannot search them, so this does. */
export async function searchApps(
	this: ILoadOptionsFunctions,
	filter = '',
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const { client, baseUrl } = await connectApi(this);
	const words = filter.trim().toLowerCase();
	let page = Number(paginationToken ?? 1);
	for (let looked = 1; ; looked++) {
		const { apps, hasNext } = await client.apps({ sort: 'RECOMMEND', page });
		page += 1;
		const results = apps
			.filter(({ title, webappId }) => title.toLowerCase().includes(words) || webappId === words)
			.map(({ title, webappId }) => ({
				name: title,
				value: webappId,
				url: `${baseUrl}${APP_PAGE.path}${webappId}`,
			}));
		if (results.length > 0 || !hasNext || looked === PAGES_SEARCHED) {
			return { results, paginationToken: hasNext ? String(page) : undefined };
		}
	}
}
