import { errorOf, itemsOf } from '../../scripts/lib/n8nApi';
import type { TaskScript } from '../simulator';
import { credentialData } from './support/credential';
import { FETCH_RESULT, type TestWorkflow } from './support/testWorkflow';
import { until } from '../../scripts/lib/until';
import { useN8n } from './support/useN8n';

/** n8n is stopped, or killed, while a node asks for its tasks again and again. */

jest.setTimeout(3 * 60_000);
const SCENES = ['One', 'Two', 'Three'];
const POLL = { waitStrategy: 'poll', options: { pollInterval: 1 } };
/** n8n gives its executions 10 s when it is shut down (see `startN8n`). */
const ENDS_IN_TIME: TaskScript = { runningMs: 4_000, end: { kind: 'success' } };
const ENDS_TOO_LATE: TaskScript = { runningMs: 25_000, end: { kind: 'success' } };

describe('n8n while it waits for tasks by asking', () => {
	const n8n = useN8n();

	/** Starts an execution, and ends when all its tasks are paid for and n8n has asked for each. */
	const startAndAsk = async (workflow: TestWorkflow): Promise<string> => {
		const id = await workflow.start(SCENES);
		await until('n8n to ask for the tasks', 30, () => {
			const asked = workflow.simulator.requests.filter(({ path }) => path === '/openapi/v2/query');
			return asked.length >= SCENES.length && workflow.simulator.tasks.length === SCENES.length;
		});
		return id;
	};

	/** The ids of the tasks that n8n's log says it has begun, for somebody who looks for them after a crash. */
	const idsInLog = async (): Promise<string[]> => {
		const log = await n8n.host.log();
		return [...log.matchAll(/RunningHub accepted task (\d{19})/g)].map(([, id = '']) => id);
	};

	/** What somebody does with the ids of the log: a workflow that fetches their results. */
	const fetchResults = async ({ simulator }: TestWorkflow, taskIds: string[]) => {
		const net = await n8n.publish({
			parameters: { ...FETCH_RESULT, taskId: '={{ $json.scene }}' },
			credentialData: credentialData(simulator),
		});
		return itemsOf(await net.finished(await net.start(taskIds)), 'RunningHub');
	};

	const statusesOf = (items: Array<{ json: Record<string, unknown> }>) =>
		items.map(({ json }) => [json.taskId, json.status]);

	/** Its execution is lost, and what n8n's log names of it is enough to get what was paid for. */
	const expectFetchable = async (workflow: TestWorkflow, id: string) => {
		await n8n.host.api.executionInStatus(id, 'crashed');
		const ids = workflow.simulator.tasks.map(({ taskId }) => taskId);
		expect(await idsInLog()).toEqual(expect.arrayContaining(ids));
		const fetched = await fetchResults(workflow, ids);
		expect(statusesOf(fetched)).toEqual(ids.map((taskId) => [taskId, 'SUCCESS']));
		expect(workflow.simulator.submits()).toHaveLength(SCENES.length);
	};

	it('is shut down: what ends within n8n’s time for that is saved, and the log names the other tasks', async () => {
		const quick = await n8n.publish({ parameters: POLL }, ENDS_IN_TIME);
		const slow = await n8n.publish({ parameters: POLL }, ENDS_TOO_LATE);
		const slowId = await startAndAsk(slow);
		const quickId = await startAndAsk(quick);
		await n8n.host.shutDown();
		await n8n.host.startAgain();

		const execution = await n8n.host.api.execution(quickId);
		expect(execution.status).toBe('success');
		expect(statusesOf(itemsOf(execution, 'RunningHub'))).toEqual(
			quick.simulator.tasks.map(({ taskId }) => [taskId, 'SUCCESS']),
		);
		expect(quick.simulator.submits()).toHaveLength(SCENES.length);
		await expectFetchable(slow, slowId);
	});

	it('is killed: the log names the tasks; with Submit in a node of its own and saved progress a retry goes on from them', async () => {
		const inOneNode = await n8n.publish({ parameters: POLL }, ENDS_TOO_LATE);
		const inTwoNodes = await n8n.publish(
			{
				parameters: { operation: 'submit' },
				next: { ...FETCH_RESULT, waitStrategy: 'poll' },
				workflowSettings: { saveExecutionProgress: true },
			},
			ENDS_TOO_LATE,
		);
		const [one, two] = [await startAndAsk(inOneNode), await startAndAsk(inTwoNodes)];
		await n8n.host.kill();
		await n8n.host.startAgain();

		await n8n.host.api.executionInStatus(two, 'crashed');
		const retry = await n8n.host.api.retryExecution(two, 'asItWas');
		const execution = await inTwoNodes.finished(retry);
		expect([execution.status, errorOf(execution)?.message]).toEqual(['success', undefined]);
		expect(inTwoNodes.told().map(({ items }) => items.map(({ scene }) => scene))).toEqual([SCENES]);
		expect(inTwoNodes.simulator.submits()).toHaveLength(SCENES.length);
		await expectFetchable(inOneNode, one);
	});
});
