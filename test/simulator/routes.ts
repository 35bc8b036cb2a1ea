import { accountStatus } from './endpoints/account';
import { appDemo, createAppTask, listApps, runApp } from './endpoints/aiApp';
import { loraUploadUrl } from './endpoints/lora';
import { previewPrice, submitModelTask } from './endpoints/model';
import { queueStatus } from './endpoints/queue';
import { createQuickTask, quickCreateStyles } from './endpoints/quickCreate';
import { queryTask } from './endpoints/query';
import { uploadMedia, uploadOldWay } from './endpoints/upload';
import { cancelTask, taskOutputs, taskStatus } from './endpoints/v1Tasks';
import { retryWebhook, webhookDetail } from './endpoints/webhook';
import { createComfyTask, runWorkflow, workflowJson } from './endpoints/workflow';
import { e1, e3Refusal, type Reply } from './envelopes';
import type { ApiCall, SimulatorState } from './state';

interface Route {
	method: string;
	/** The whole path, or, with `/` at the end, its beginning. */
	path: string;
	run: (state: SimulatorState, call: ApiCall) => Reply;
	/** Does this call ask for a task, and so for money? */
	submits?: true;
}

/** The first route that fits is taken: the models, whose endpoints can be anything, come last. */
const ROUTES: Route[] = [
	{ method: 'POST', path: '/task/openapi/create', run: createComfyTask, submits: true },
	{ method: 'POST', path: '/task/openapi/ai-app/run', run: createAppTask, submits: true },
	{
		method: 'POST',
		path: '/task/openapi/quick-ai-app/run',
		run: createQuickTask,
		submits: true,
	},
	{ method: 'POST', path: '/api/fast/creation/model/params', run: quickCreateStyles },
	{ method: 'POST', path: '/api/openapi/getJsonApiFormat', run: workflowJson },
	{ method: 'GET', path: '/api/webapp/apiCallDemo', run: appDemo },
	{ method: 'POST', path: '/task/openapi/status', run: taskStatus },
	{ method: 'POST', path: '/task/openapi/outputs', run: taskOutputs },
	{ method: 'POST', path: '/task/openapi/cancel', run: cancelTask },
	{ method: 'POST', path: '/task/openapi/getWebhookDetail', run: webhookDetail },
	{ method: 'POST', path: '/task/openapi/retryWebhook', run: retryWebhook },
	{ method: 'POST', path: '/task/openapi/upload', run: uploadOldWay },
	{ method: 'POST', path: '/api/openapi/getLoraUploadUrl', run: loraUploadUrl },
	{ method: 'POST', path: '/uc/openapi/accountStatus', run: accountStatus },
	{ method: 'POST', path: '/openapi/v2/query', run: queryTask },
	{ method: 'POST', path: '/openapi/v2/media/upload/binary', run: uploadMedia },
	{ method: 'POST', path: '/openapi/v2/run/workflow/', run: runWorkflow, submits: true },
	{ method: 'POST', path: '/openapi/v2/run/ai-app/', run: runApp, submits: true },
	{ method: 'POST', path: '/openapi/v2/aiapp/list', run: listApps },
	{ method: 'GET', path: '/openapi/v2/queue/status', run: queueStatus },
	{ method: 'POST', path: '/openapi/v2/price-preview/', run: previewPrice },
	{ method: 'POST', path: '/openapi/v2/', run: submitModelTask, submits: true },
];

const routeOf = (path: string): Route | undefined =>
	ROUTES.find((route) =>
		route.path.endsWith('/') ? path.startsWith(route.path) : path === route.path,
	);

/** Answers an API call; what exists nowhere is refused as its generation does it (reference 11). */
export function answer(state: SimulatorState, call: Omit<ApiCall, 'rest'>): Reply {
	const isV2 = call.path.startsWith('/openapi/v2/');
	const route = routeOf(call.path);
	if (route === undefined) return e1(state, 412, 'TOKEN_INVALID');
	if (route.method !== call.method) {
		return isV2 ? e3Refusal(state, '1009', 'method not allowed') : e1(state, 412, 'TOKEN_INVALID');
	}
	return route.run(state, { ...call, rest: call.path.slice(route.path.length) });
}

/** Would this request make a task, if all is well with it? */
export function asksForTask(method: string, path: string): boolean {
	const route = routeOf(path);
	return route?.submits === true && route.method === method;
}
