import type { SimulatedApp } from '../apps';
import { callerOfV2, callerWithKey } from '../auth';
import { e1, e1Success, type Reply } from '../envelopes';
import { isJsonObject, type JsonObject, type JsonValue } from '../json';
import { fieldsOfApp } from '../nodeInfo';
import { refuse, type Refusal } from '../refusals';
import type { ApiCall, World } from '../world';
import { COMMON_FIELDS } from './comfyMembers';
import { refuseWithoutAccess, startOnV1, startOnV2, type Target } from './comfyTask';

/** AI Apps: both ways to run one, its fields, and the list of all (reference 5). */

/** `POST /task/openapi/ai-app/run` (reference 5.1). */
export function createAppTask(world: World, call: ApiCall): Reply {
	return startOnV1(world, call, ({ webappId, accessPassword }) => ({
		kind: 'aiApp',
		known: [...COMMON_FIELDS, 'webappId'],
		required: ['webappId', 'nodeInfoList'],
		target: () => targetOf(world, String(webappId), accessPassword),
	}));
}

/** `POST /openapi/v2/run/ai-app/{webappId}` (reference 5.3). */
export function runApp(world: World, call: ApiCall): Reply {
	return startOnV2(world, call, (id, _, password) => ({
		kind: 'aiApp',
		known: COMMON_FIELDS,
		required: ['nodeInfoList'],
		target: () => targetOf(world, id, password),
	}));
}

function targetOf(world: World, id: string, password: unknown): Target | Refusal {
	const app = world.apps.find(id);
	if (app === undefined) return refuse(901);
	if (app.neverRun === true) return refuse(810);
	return (
		refuseWithoutAccess(world, app, password) ?? { fields: fieldsOfApp(app), makes: app.makes }
	);
}

/** `GET /api/webapp/apiCallDemo` (reference 5.2): the key is in the query, and comes back inside `curl`. */
export function appDemo(world: World, call: ApiCall): Reply {
	const { apiKey, webappId } = call.query;
	const caller = callerWithKey(world, apiKey);
	if ('refusal' in caller) return caller.refusal;
	if (webappId === undefined || webappId === '') {
		return e1(world, 301, 'PARAMS_INVALID: webappId is required');
	}
	const app = world.apps.find(webappId);
	if (app === undefined) return e1(world, 901, 'WEBAPP_NOT_EXISTS');
	const fields = listedFields(world, app);
	return e1Success(world, {
		curl: curlFor(originOf(call), webappId, caller.account.key, fields),
		webappName: app.name,
		...encryptedMember(world, app),
		statisticsInfo: {
			likeCount: '3',
			downloadCount: '0',
			useCount: String(app.useCount ?? 0),
			pv: '120',
			collectCount: '2',
		},
		nodeInfoList: fields,
		covers: [
			{
				id: `${webappId.slice(0, -1)}1`,
				objName: `covers/${webappId}.png`,
				url: world.files.preview(webappId),
				thumbnailUri: world.files.preview(webappId),
				imageWidth: '64',
				imageHeight: '64',
			},
		],
		tags: (app.tags ?? []).map((name, index) => ({
			id: String(index + 1),
			name,
			nameEn: name,
			labels: null,
		})),
	});
}

function listedFields(world: World, app: SimulatedApp): JsonObject[] {
	const hidden = app.password !== undefined && world.switches.encryptedAppFields === 'hidden';
	if (app.neverRun === true || hidden) return [];
	return app.fields.map(({ choices: _, ...field }) => field);
}

function encryptedMember({ switches }: World, app: SimulatedApp): JsonObject {
	const accessEncrypted = app.password !== undefined;
	const isShown =
		switches.accessEncryptedMember === 'always' ||
		(switches.accessEncryptedMember === 'whenTrue' && accessEncrypted);
	return isShown ? { accessEncrypted } : {};
}

const originOf = (call: ApiCall): string => `http://${call.headers.host ?? 'simulator.invalid'}`;

/** The sample command, with the caller's key in it: a secret. */
function curlFor(origin: string, webappId: string, key: string, fields: JsonValue[]): string {
	const body = JSON.stringify({ webappId, apiKey: key, nodeInfoList: fields }, null, 2);
	return `curl --location --request POST '${origin}/task/openapi/ai-app/run' \\
--header 'Content-Type: application/json' \\
--data-raw '${body}'`;
}

const SORTS = ['RECOMMEND', 'HOTTEST', 'NEWEST'];
const MAX_PAGE = 50;

/** `POST /openapi/v2/aiapp/list` (reference 5.4). */
export function listApps(world: World, call: ApiCall): Reply {
	const caller = callerOfList(world, call);
	if ('refusal' in caller) return caller.refusal;
	const body = isJsonObject(call.json) ? call.json : {};
	const problem = findListProblem(body);
	if (problem !== undefined) return e1(world, 301, `PARAMS_INVALID: ${problem}`);

	const apps = sorted(world, String(body.sort));
	const current = Number(body.current);
	const size = Number(body.size);
	const pages = Math.ceil(apps.length / size);
	const page = apps.slice((current - 1) * size, current * size);
	const written = (count: number) =>
		world.switches.listNumbers === 'string' ? String(count) : count;
	return e1Success(world, {
		records: page.map(([id, app]) => ({
			title: app.name,
			description: app.description,
			cover: world.files.preview(id),
			invokeExample: invokeExample(originOf(call), id, app),
		})),
		current: written(current),
		size: written(size),
		total: written(apps.length),
		pages: written(pages),
		hasNext: current < pages,
	});
}

function callerOfList(world: World, call: ApiCall) {
	const { authorization } = call.headers;
	const isBare = authorization !== undefined && !authorization.includes(' ');
	return isBare && world.switches.appListTakesBareKey
		? callerWithKey(world, authorization)
		: callerOfV2(world, call);
}

function findListProblem({ current, size, sort, days }: Record<string, unknown>) {
	const isCount = (value: unknown) => Number.isInteger(value) && Number(value) >= 1;
	if (!isCount(current)) return 'current must be a page, from 1 on';
	if (!isCount(size) || Number(size) > MAX_PAGE) return `size must be between 1 and ${MAX_PAGE}`;
	if (!SORTS.some((known) => known === sort)) return `sort must be one of ${SORTS.join(', ')}`;
	return days === undefined || isCount(days) ? undefined : 'days must be a positive integer';
}

function sorted(world: World, sort: string): Array<[id: string, app: SimulatedApp]> {
	const apps = world.apps.all();
	if (sort === 'NEWEST') return apps.reverse();
	if (sort === 'RECOMMEND') return apps;
	return apps.sort(([, one], [, other]) => (other.useCount ?? 0) - (one.useCount ?? 0));
}

/** A command line: the app's id is nowhere but in its address. */
const invokeExample = (origin: string, id: string, app: SimulatedApp): string =>
	`curl -X POST '${origin}/openapi/v2/run/ai-app/${id}' \\
-H 'Content-Type: application/json' -H 'Authorization: Bearer <YOUR_API_KEY>' \\
-d '${JSON.stringify({ nodeInfoList: app.fields.map(({ choices: _, ...field }) => field) })}'`;
