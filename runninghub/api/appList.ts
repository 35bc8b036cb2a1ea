import { z } from 'zod';
import { call } from '../http/call';
import { dataOf, unreadableResponse } from '../http/envelope';
import type { Transport } from '../http/transport';

export type AppSort = 'RECOMMEND' | 'HOTTEST' | 'NEWEST';

export interface AppListRequest {
	sort: AppSort;
	/** Only apps of the last so many days. */
	days?: number;
	/** From 1 on. */
	page: number;
}

/** One of the apps that anybody may run. */
export interface ListedApp {
	webappId: string;
	title: string;
	description: string | null;
	cover: string | null;
}

export interface AppPage {
	apps: ListedApp[];
	hasNext: boolean;
}

/** The most that one page may have (reference section 5.4). */
const PAGE_SIZE = 50;

const text = z.string().nullish().catch(null);
const record = z.object({
	title: text,
	description: text,
	cover: text,
	/** A sample command: nothing else in a record names the app. It may hold a key, so it is not given out. */
	invokeExample: z.string(),
});
const response = z.object({
	records: z.array(z.unknown()).nullish(),
	hasNext: z.boolean().nullish().catch(null),
});

/** @throws RunningHubError */
export async function listApps(
	transport: Transport,
	{ sort, days, page }: AppListRequest,
): Promise<AppPage> {
	const body = { current: page, size: PAGE_SIZE, sort, ...(days === undefined ? {} : { days }) };
	const read = response.safeParse(dataOf(await call(transport, '/openapi/v2/aiapp/list', body)));
	if (!read.success) throw unreadableResponse('it lists no AI Apps');
	return {
		apps: (read.data.records ?? []).flatMap(appOf),
		hasNext: read.data.hasNext === true,
	};
}

function appOf(raw: unknown): ListedApp[] {
	const read = record.safeParse(raw);
	const webappId = read.success
		? /\/run\/ai-app\/(\d+)/.exec(read.data.invokeExample)?.[1]
		: undefined;
	if (!read.success || webappId === undefined) return [];
	const { title, description, cover } = read.data;
	return [
		{ webappId, title: title ?? webappId, description: description ?? null, cover: cover ?? null },
	];
}
