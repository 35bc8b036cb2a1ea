import { itemsOf } from '../../../scripts/lib/n8nApi';
import { until } from '../../../scripts/lib/until';
import { credentialData } from './credential';
import { expectScenes, expectVideos } from './expectVideos';
import type { N8nUnderTest } from './n8nUnderTest';
import { lost, runsNoFlowTwice, scenesOf, scriptWith } from './sleepScenes';
import { FETCH_RESULT, type TestWorkflow } from './testWorkflow';
import { useN8n } from './useN8n';

const QUERY = { path: '/openapi/v2/query' };
const SUBMIT = { path: '/openapi/v2/vidu/' };
/** Longer than n8n gives its executions when it is shut down. */
const TOO_LONG_MS = 30_000;

const STOPS = ['killed', 'shut down'] as const;
type Stop = (typeof STOPS)[number];

/**
 * A real n8n that is killed, or shut down, while executions sleep, have just been woken, or submit.
 * @param stops all ways in which n8n ends, if not given
 */
export function testKilledSleep({ start }: N8nUnderTest, stops: readonly Stop[] = STOPS) {
	const n8n = useN8n(start);
	jest.setTimeout(6 * 60_000);

	const stop = async (how: Stop) =>
		await (how === 'killed' ? n8n.host.kill() : n8n.host.shutDown());

	it.each(stops)(
		'gets all twenty results, paid for once, though n8n is %s while it sleeps',
		async (how) => {
			const workflow = await n8n.publish();
			workflow.simulator.setDefaultTaskScript(lost(10_000));
			const scenes = scenesOf(20);
			await workflow.startAndSleep(scenes);
			await stop(how);
			await workflow.allTasksEnded();
			await n8n.host.startAgain();
			await until('the results', 150, () => workflow.told().length > 0);
			await workflow.quiet();
			expectVideos(workflow, [scenes]);
		},
	);

	const crashed = async (id: string) => await n8n.host.api.executionInStatus(id, 'crashed', 200);

	const retried = async (workflow: TestWorkflow, id: string) => {
		const retryId = await n8n.host.api.retryExecution(id, 'asItWas');
		expect((await workflow.finished(retryId, 150)).status).toBe('success');
		await workflow.quiet();
	};

	const acceptedInLog = async () => {
		const log = await n8n.host.log();
		return [...log.matchAll(/RunningHub accepted task (\d{19})/g)].map(([, taskId]) => taskId);
	};

	describe.each(stops)('n8n that is %s', (how) => {
		const few = scenesOf(4);

		const looking = async () => {
			const workflow = await n8n.publish({}, lost(5_000));
			const id = await workflow.startAndSleep(few);
			const { simulator } = workflow;
			simulator.addFault({ kind: 'slow', delayMs: TOO_LONG_MS, match: QUERY, times: few.length });
			await until('n8n to look', 90, () =>
				simulator.requests.some(({ path }) => path === QUERY.path),
			);
			return { workflow, id };
		};

		const fetching = async () => {
			const slowFile = { type: 'mp4', bytes: 300_000, bytesPerSecond: 300_000_000 / TOO_LONG_MS };
			const workflow = await n8n.publish(
				{ parameters: { downloadResults: true } },
				lost(5_000, { end: { kind: 'success', files: [slowFile] } }),
			);
			const id = await workflow.startAndSleep(few);
			await until('n8n to fetch', 90, () =>
				workflow.simulator.requests.some(({ origin }) => origin === 'files'),
			);
			return { workflow, id };
		};

		/** It has slept with a full account: the tasks of that time are with the execution, as n8n has stored it. */
		const submittingOn = async () => {
			const scenes = scenesOf(2 * few.length);
			const calls = scriptWith({ runningMs: 2_000, callback: { kind: 'normal' } });
			const workflow = await n8n.publish({ concurrencyLimit: few.length }, calls);
			const { simulator } = workflow;
			simulator.nextTaskScripts(...few.map(() => lost(5_000)));
			const id = await workflow.startAndSleep(scenes);
			const kept = taskIdsOf(workflow);
			const unanswered = few.length - 1;
			simulator.addFault({
				kind: 'slow',
				delayMs: TOO_LONG_MS,
				match: SUBMIT,
				after: 1,
				times: unanswered,
			});
			await until('n8n to submit more', 90, async () => {
				const next = taskIdsOf(workflow)[kept.length];
				return simulator.tasks.length === scenes.length && (await acceptedInLog()).includes(next);
			});
			return { workflow, id, scenes, kept };
		};

		/** It has never slept. */
		const submitting = async () => {
			const scenes = scenesOf(20);
			const workflow = await n8n.publish({}, lost(5_000));
			const { simulator } = workflow;
			const answered = 5;
			simulator.addFault({
				kind: 'slow',
				delayMs: TOO_LONG_MS,
				match: SUBMIT,
				after: answered,
				times: 'always',
			});
			const id = await workflow.start(scenes);
			// The node sends ten at a time: the last of these leaves when the first have their answers.
			await until('n8n to submit', 30, () => simulator.tasks.length === answered + 10);
			return { workflow, id, given: taskIdsOf(workflow).slice(0, answered) };
		};

		const cutOff = async () => {
			const woken = await Promise.all([looking(), fetching(), submittingOn()]);
			const begun = await submitting();
			await stop(how);
			const paid = taskIdsOf(begun.workflow);
			await n8n.host.startAgain();
			return {
				looked: woken[0],
				fetched: woken[1],
				submittedOn: woken[2],
				begun: { ...begun, paid },
			};
		};
		let runs: Awaited<ReturnType<typeof cutOff>>;

		beforeAll(async () => {
			runs = await cutOff();
		});

		it('while it looks at woken tasks, or fetches their files, loses nothing: Retry pays for none', async () => {
			const both = [runs.looked, runs.fetched].map(async ({ workflow, id }) => {
				await crashed(id);
				await retried(workflow, id);
				expectVideos(workflow, [few]);
			});
			await Promise.all(both);
		});

		it('while it submits after a sleep: Retry takes up the tasks of before, and the log names the others', async () => {
			const { workflow, id, scenes, kept } = runs.submittedOn;
			await crashed(id);
			const given = taskIdsOf(workflow).slice(0, kept.length + 1);
			expect(await acceptedInLog()).toEqual(expect.arrayContaining(given));
			await retried(workflow, id);
			expectScenes(workflow, [scenes]);
			const results = workflow.told().flatMap(({ items }) => items.map(({ taskId }) => taskId));
			expect(results).toEqual(expect.arrayContaining(kept));
			const { tasks } = workflow.simulator;
			const promptsOf = (from: number, to?: number) =>
				tasks.slice(from, to).map(({ body }) => body.prompt);
			expect(promptsOf(scenes.length).sort()).toEqual(promptsOf(kept.length, scenes.length).sort());
		});

		it('while it submits for the first time: the log names its tasks, and nothing is submitted again by itself', async () => {
			const { workflow, id, given, paid } = runs.begun;
			await crashed(id);
			expect(await acceptedInLog()).toEqual(expect.arrayContaining(given));
			const net = await n8n.publish({
				parameters: { ...FETCH_RESULT, taskId: '={{ $json.scene }}' },
				credentialData: credentialData(workflow.simulator),
			});
			const fetched = itemsOf(await net.finished(await net.start(given)), 'RunningHub');
			expect(fetched.map(({ json }) => [json.taskId, json.status])).toEqual(
				given.map((taskId) => [taskId, 'SUCCESS']),
			);
			expect(taskIdsOf(workflow)).toEqual(paid);
			expect(workflow.told()).toEqual([]);
		});
	});

	runsNoFlowTwice(n8n);
}

const taskIdsOf = ({ simulator }: TestWorkflow) => simulator.tasks.map(({ taskId }) => taskId);
