import type { IWebhookDescription, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { taskIdInCallback } from '../../../runninghub/api/callback';
import { isEnded } from '../../../runninghub/api/task';
import { n8nClock } from '../n8n/clock';
import { connectApi } from '../n8n/connection';
import { asleepIn, type Asleep } from '../n8n/runState';
import { WAKE_PATH } from './callbackUrl';
import { savedContextOf, storedContextOf } from './executionStack';
import { respondUnavailable } from './respondUnavailable';

/** Where RunningHub's callbacks arrive while the execution sleeps. */
export const wakeWebhooks: IWebhookDescription[] = [
	{
		name: 'default',
		httpMethod: 'POST',
		responseMode: 'onReceived',
		path: WAKE_PATH,
		restartWebhook: true,
		isFullPath: true,
	},
];

/**
 * A callback has come for an execution that sleeps. It is a hint and no more: anybody can send one, and one may come twice,
 * too early or for another task. So RunningHub is asked whether it is worth while to wake the execution; what becomes of
 * its tasks is decided in execute() alone.
 *
 * Rule that must not be broken: it never throws, or n8n would end the execution and forget its run.
 */
export async function onCallback(this: IWebhookFunctions): Promise<IWebhookResponseData> {
	try {
		return await wakeIfWorthwhile(this);
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		this.logger.warn(`A callback of RunningHub’s could not be handled: ${reason}`);
		return respondUnavailable(this, 'The task could not be looked at; call again.');
	}
}

async function wakeIfWorthwhile(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const saved = savedContextOf(context);
	const asleep = asleepIn(saved);
	if (saved === undefined || asleep === undefined || asleep.taskIds.length === 0)
		return sleepOn('This execution sleeps for no task.');

	// n8n 1 and 2.0 do not check who calls, and get no address to give out (see wakeUrl).
	if (!('signature' in context.getQueryData())) return sleepOn('The call is not signed.');

	const known = knownSleep(`${context.getExecutionId()}:${asleep.since}`);
	const hint = taskIdInCallback(context.getBodyData());
	const { client } = await connectApi(context);
	for (const taskId of inOrder(asleep.taskIds, hint)) {
		if (known.ended.has(taskId)) continue;
		if (!isEnded(await client.query(taskId))) break;
		known.ended.add(taskId);
	}
	if (!isWorthwhile(asleep, known.ended.size)) return sleepOn('Not enough has ended yet.');
	// n8n goes on with the execution as it has read it before this call. Meanwhile time, or a callback in another process,
	// may have woken it; if it sleeps again, tasks that it has submitted since would be submitted once more.
	if (asleepIn(await storedContextOf(context))?.since !== asleep.since)
		return respondUnavailable(context, 'The execution has been woken meanwhile.');

	// Of several callbacks at the same time only one wakes it; to the others n8n would respond with an error.
	if (n8nClock.now() < known.claimedUntil)
		return respondUnavailable(context, 'The execution is being woken.');
	known.claimedUntil = n8nClock.now() + CLAIM_MS;
	// n8n goes on with the saved run as it is here.
	Reflect.set(saved, 'asleep', { ...asleep, calledBack: true } satisfies Asleep);
	return { webhookResponse: { message: 'Woken.' }, workflowData: [] };
}

/** The named task first: where it is still running, one question is enough. */
function inOrder(taskIds: readonly string[], hint: string | undefined): string[] {
	return taskIds.toSorted((a, b) => Number(b === hint) - Number(a === hint));
}

/** While submits wait for a slot, a quarter of the tasks is enough: to wait for the end of all would leave the account idle. */
const ENOUGH_OF_TASKS = 1 / 4;

function isWorthwhile({ taskIds, deferred }: Asleep, ended: number): boolean {
	const enough = deferred > 0 ? Math.ceil(taskIds.length * ENOUGH_OF_TASKS) : taskIds.length;
	return ended >= enough;
}

/** A result without `workflowData`: n8n responds to the caller, and the execution sleeps on. */
function sleepOn(message: string): IWebhookResponseData {
	return { webhookResponse: { message } };
}

/** What this process knows of one sleep of an execution. */
interface KnownSleep {
	/** So that the next callback need not ask for them again. */
	ended: Set<string>;
	/** By the clock. A claim that did not wake the execution must not block the calls that RunningHub sends again. */
	claimedUntil: number;
}

const MAX_SLEEPS = 500;
const CLAIM_MS = 10_000;
const sleeps = new Map<string, KnownSleep>();

function knownSleep(sleep: string): KnownSleep {
	const known = sleeps.get(sleep) ?? { ended: new Set<string>(), claimedUntil: -Infinity };
	sleeps.set(sleep, known);
	// The oldest one is forgotten; its execution then only asks RunningHub more often.
	const [oldest] = sleeps.keys();
	if (sleeps.size > MAX_SLEEPS && oldest !== undefined) sleeps.delete(oldest);
	return known;
}
