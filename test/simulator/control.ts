import { z } from 'zod';
import { accountSettingsSchema } from './accounts';
import { appSchema } from './apps';
import { callbackPlanSchema, releaseSchema } from './callbacks/plan';
import { jsonReply, type Reply } from './envelopes';
import { faultSchema } from './faults';
import { isTaskScriptName, taskScriptSchema, TASK_SCRIPTS, type TaskScript } from './taskScripts';
import { quickCreateSchema } from './quickCreates';
import { asksForTask } from './routes';
import { switchesSchema } from './switches';
import { isHttpUrl } from './validation';
import { workflowSchema } from './workflows';
import type { SimulatorState } from './state';

/**
 * The simulator's own calls, for tests in another process (`/__simulator/…`, JSON in and out):
 *
 *   GET  requests[?submits=1]  GET tasks  GET uploads  GET loras  GET leaks  GET switches
 *   GET  deliveries  GET callback-plan
 *   POST task-scripts         a script or a list; each a script object or a script's name
 *   POST default-task-script  a script or its name
 *   POST faults         a fault or a list; a pattern as `match.pattern`
 *   POST accounts       { key, settings }
 *   POST switches       the switches to change
 *   POST workflows      { id, workflow }
 *   POST apps           { id, app }
 *   POST quick-creates  { webappId, module }
 *   POST callback-plan      what becomes of callbacks: `{ kind: 'normal' }`, …
 *   POST release-callbacks  { order?, atOnce? }; answers with the deliveries
 *   POST send-callback      { taskId, overrides? }; answers with the delivery
 *   POST forge              { url, body }, a body that is a string goes as it is; answers with the delivery
 *   POST reset
 */
export async function control(
	state: SimulatorState,
	reset: () => void,
	method: string,
	command: string,
	query: URLSearchParams,
	body: string,
): Promise<Reply> {
	try {
		if (method === 'GET') return read(state, command, query);
		if (method === 'POST')
			return await change(state, reset, command, body === '' ? {} : JSON.parse(body));
		return jsonReply({ error: 'use GET or POST' }, 405);
	} catch (error) {
		const text = error instanceof Error ? error.message : String(error);
		return jsonReply({ error: text }, 400);
	}
}

function read(state: SimulatorState, command: string, query: URLSearchParams): Reply {
	switch (command) {
		case 'requests': {
			const all = state.requests;
			const wanted = query.has('submits')
				? all.filter(({ origin, method, path }) => origin === 'api' && asksForTask(method, path))
				: all;
			return plain(wanted);
		}
		case 'tasks':
			state.ledger.refresh();
			return plain(state.ledger.tasks);
		case 'uploads':
			return plain(state.files.uploads);
		case 'loras':
			return plain(state.loras.loras);
		case 'leaks':
			return plain(state.requests.filter(({ credentials = [] }) => credentials.length > 0));
		case 'switches':
			return plain(state.switches);
		case 'deliveries':
			return plain(state.callbacks.deliveries);
		case 'callback-plan':
			return plain(state.callbacks.plan);
		default:
			return jsonReply({ error: `nothing to read at ${command}` }, 404);
	}
}

const scriptOrName: z.ZodType<TaskScript, z.ZodTypeDef, unknown> = z.union([
	taskScriptSchema,
	z
		.string()
		.refine(isTaskScriptName, 'no script has this name')
		.transform((name) => TASK_SCRIPTS[name]),
]);

const accountCommand = z
	.object({ key: z.string().min(1), settings: accountSettingsSchema.partial() })
	.strict();

const workflowCommand = z.object({ id: z.string(), workflow: workflowSchema }).strict();

const appCommand = z.object({ id: z.string(), app: appSchema }).strict();

const quickCreateCommand = z.object({ webappId: z.string(), module: quickCreateSchema }).strict();

const sendCommand = z
	.object({
		taskId: z.string(),
		overrides: z
			.object({
				url: z.string().refine(isHttpUrl, 'not an http or https URL').optional(),
				event: z.string().optional(),
				taskId: z.string().optional(),
				status: z.enum(['SUCCESS', 'FAILED']).optional(),
				eventData: z.literal(false).optional(),
			})
			.strict()
			.optional(),
	})
	.strict();

const forgeCommand = z
	.object({ url: z.string().refine(isHttpUrl, 'not an http or https URL'), body: z.unknown() })
	.strict();

async function change(
	state: SimulatorState,
	reset: () => void,
	command: string,
	body: unknown,
): Promise<Reply> {
	switch (command) {
		case 'task-scripts':
			state.taskScripts.push(...z.array(scriptOrName).parse([body].flat()));
			break;
		case 'default-task-script':
			state.taskScripts.setDefault(scriptOrName.parse(body));
			break;
		case 'faults':
			for (const fault of z.array(faultSchema).parse([body].flat())) state.faults.add(fault);
			break;
		case 'accounts': {
			const { key, settings } = accountCommand.parse(body);
			state.accounts.add(key, settings);
			break;
		}
		case 'switches':
			Object.assign(state.switches, switchesSchema.partial().parse(body));
			break;
		case 'workflows': {
			const { id, workflow } = workflowCommand.parse(body);
			state.workflows.add(id, workflow);
			break;
		}
		case 'apps': {
			const { id, app } = appCommand.parse(body);
			state.apps.add(id, app);
			break;
		}
		case 'quick-creates': {
			const { webappId, module } = quickCreateCommand.parse(body);
			state.quickCreates.add(webappId, module);
			break;
		}
		case 'callback-plan':
			state.callbacks.plan = callbackPlanSchema.parse(body);
			break;
		case 'release-callbacks':
			return plain(await state.callbacks.release(releaseSchema.parse(body)));
		case 'send-callback': {
			const { taskId, overrides } = sendCommand.parse(body);
			return plain(await state.callbacks.send(taskId, overrides));
		}
		case 'forge': {
			const { url, body: forged } = forgeCommand.parse(body);
			return plain(await state.callbacks.forge(url, forged));
		}
		case 'reset':
			reset();
			break;
		default:
			return jsonReply({ error: `nothing to change at ${command}` }, 404);
	}
	return jsonReply({ ok: true });
}

/** Plain data, written as it is. */
const plain = (value: unknown): Reply => ({ ...jsonReply(null), body: JSON.stringify(value) });
