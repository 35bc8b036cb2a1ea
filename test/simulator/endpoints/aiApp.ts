import type { SimulatedApp } from '../apps';
import { callerOfV2, callerWithKey } from '../auth';
import { e1, e1Success, type Reply } from '../envelopes';
import { isJsonObject, type JsonObject, type JsonValue } from '../json';
import { fieldsOfApp } from '../nodeInfo';
import { refuse, type Refusal } from '../refusals';
import type { ApiCall, SimulatorState } from '../state';
import { COMMON_FIELDS } from './comfyMembers';
import { refuseWithoutAccess, startOnV1, startOnV2, type Target } from './comfyTask';

/** AI Apps: both ways to run one, its fields, and the list of all (reference 5). */

/** `POST /task/openapi/ai-app/run` (reference 5.1). */
export function createAppTask(state: SimulatorState, call: ApiCall): Reply {
	return startOnV1(state, call, ({ webappId, accessPassword }) => ({
		kind: 'aiApp',
		known: [...COMMON_FIELDS, 'webappId'],
		required: ['webappId', 'nodeInfoList'],
		target: () => targetOf(state, String(webappId), accessPassword),
	}));
}

/** `POST /openapi/v2/run/ai-app/{webappId}` (reference 5.3). */
export function runApp(state: SimulatorState, call: ApiCall): Reply {
	return startOnV2(state, call, (id, _, password) => ({
		kind: 'aiApp',
		known: COMMON_FIELDS,
		required: ['nodeInfoList'],
		target: () => targetOf(state, id, password),
	}));
}

function targetOf(state: SimulatorState, id: string, password: unknown): Target | Refusal {
	const app = state.apps.find(id);
	if (app === undefined) return refuse(901);
	if (app.neverRun === true) return refuse(810);
	return (
		refuseWithoutAccess(state, app, password) ?? { fields: fieldsOfApp(app), makes: app.makes }
	);
}

/** `GET /api/webapp/apiCallDemo` (reference 5.2): the key is in the query, and comes back inside `curl`. */
export function appDemo(state: SimulatorState, call: ApiCall): Reply {
	const { apiKey, webappId } = call.query;
	const caller = callerWithKey(state, apiKey);
	if ('refusal' in caller) return caller.refusal;
	if (webappId === undefined || webappId === '') {
		return e1(state, 301, 'PARAMS_INVALID: webappId is required');
	}
	const app = state.apps.find(webappId);
	if (app === undefined) return e1(state, 901, 'WEBAPP_NOT_EXISTS');
	const fields = listedFields(state, app);
	return e1Success(state, {
		curl: curlFor(originOf(call), webappId, caller.account.key, fields),
		webappName: app.name,
		...encryptedMember(state, app),
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
				url: state.files.preview(webappId),
				thumbnailUri: state.files.preview(webappId),
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

function listedFields(state: SimulatorState, app: SimulatedApp): JsonObject[] {
	const hidden = app.password !== undefined && state.switches.encryptedAppFields === 'hidden';
	if (app.neverRun === true || hidden) return [];
	return app.fields.map(({ choices: _, ...field }) => field);
}

function encryptedMember({ switches }: SimulatorState, app: SimulatedApp): JsonObject {
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
export function listApps(state: SimulatorState, call: ApiCall): Reply {
	const caller = callerOfList(state, call);
	if ('refusal' in caller) return caller.refusal;
	const body = isJsonObject(call.json) ? call.json : {};
	const problem = findListProblem(body);
	if (problem !== undefined) return e1(state, 301, `PARAMS_INVALID: ${problem}`);

	const apps = sorted(state, String(body.sort));
	const current = Number(body.current);
	const size = Number(body.size);
	const pages = Math.ceil(apps.length / size);
	const page = apps.slice((current - 1) * size, current * size);
	const written = (count: number) =>
		state.switches.listNumbers === 'string' ? String(count) : count;
	return e1Success(state, {
		records: page.map(([id, app]) => ({
			title: app.name,
			description: app.description,
			cover: state.files.preview(id),
			invokeExample: invokeExample(originOf(call), id, app),
		})),
		current: written(current),
		size: written(size),
		total: written(apps.length),
		pages: written(pages),
		hasNext: current < pages,
	});
}

function callerOfList(state: SimulatorState, call: ApiCall) {
	const { authorization } = call.headers;
	const isBare = authorization !== undefined && !authorization.includes(' ');
	return isBare && state.switches.appListTakesBareKey
		? callerWithKey(state, authorization)
		: callerOfV2(state, call);
}

function findListProblem({ current, size, sort, days }: Record<string, unknown>) {
	const isCount = (value: unknown) => Number.isInteger(value) && Number(value) >= 1;
	if (!isCount(current)) return 'current must be a page, from 1 on';
	if (!isCount(size) || Number(size) > MAX_PAGE) return `size must be between 1 and ${MAX_PAGE}`;
	if (!SORTS.some((known) => known === sort)) return `sort must be one of ${SORTS.join(', ')}`;
	return days === undefined || isCount(days) ? undefined : 'days must be a positive integer';
}

function sorted(state: SimulatorState, sort: string): Array<[id: string, app: SimulatedApp]> {
	const apps = state.apps.all();
	if (sort === 'NEWEST') return apps.reverse();
	if (sort === 'RECOMMEND') return apps;
	return apps.sort(([, one], [, other]) => (other.useCount ?? 0) - (one.useCount ?? 0));
}

/** A command line: the app's id is nowhere but in its address. */
const invokeExample = (origin: string, id: string, app: SimulatedApp): string =>
	`curl -X POST '${origin}/openapi/v2/run/ai-app/${id}' \\
-H 'Content-Type: application/json' -H 'Authorization: Bearer <YOUR_API_KEY>' \\
-d '${JSON.stringify({ nodeInfoList: app.fields.map(({ choices: _, ...field }) => field) })}'`;
