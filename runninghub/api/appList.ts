import { z } from 'zod';
import { tolerantBoolean, tolerantList, tolerantText } from '../base/tolerantSchemas';
import { call } from '../http/call';
import { parseData } from '../http/envelope';
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

const record = z.object({
	title: tolerantText,
	description: tolerantText,
	cover: tolerantText,
	/** A sample command: nothing else in a record names the app. It may hold a key, so it is not passed on. */
	invokeExample: z.string(),
});
const response = z.object({
	records: tolerantList(record).nullish(),
	hasNext: tolerantBoolean,
});

/** @throws RunningHubError */
export async function listApps(
	transport: Transport,
	{ sort, days, page }: AppListRequest,
): Promise<AppPage> {
	const body = { current: page, size: PAGE_SIZE, sort, ...(days === undefined ? {} : { days }) };
	const envelope = await call(transport, '/openapi/v2/aiapp/list', body);
	const { records, hasNext } = parseData(envelope, response, 'it lists no AI Apps');
	return { apps: (records ?? []).flatMap(appOf), hasNext };
}

function appOf({ invokeExample, title, description, cover }: z.infer<typeof record>): ListedApp[] {
	const webappId = /\/run\/ai-app\/(\d+)/.exec(invokeExample)?.[1];
	return webappId === undefined ? [] : [{ webappId, title: title ?? webappId, description, cover }];
}
