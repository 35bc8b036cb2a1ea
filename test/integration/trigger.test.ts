import { RunningHubTrigger } from '../../nodes/RunningHubTrigger/RunningHubTrigger.node';
import { callTrigger } from './harness';
import { AT_ONCE, inLab, submit, type Lab } from './support';

/** Submits a task that has ended when it is asked for. */
async function endedTask(lab: Lab): Promise<string | undefined> {
	lab.simulator.setDefaultLife(AT_ONCE);
	await lab.run(submit());
	return lab.simulator.tasks[0]?.taskId;
}

/**
 * RunningHub calls.
 * @param n8nAnswers with this status, once it has started the workflow or could not
 */
async function starts(lab: Lab, taskId: string | undefined, n8nAnswers = 200): Promise<boolean> {
	const { returned } = await callTrigger(
		{
			...lab.options({ statuses: ['SUCCESS'] }),
			node: new RunningHubTrigger(),
			// A trigger remembers its tasks, and all simulators have the same ids.
			nodeSettings: { id: lab.simulator.baseUrl },
		},
		{ body: { event: 'TASK_END', taskId }, n8nAnswers },
	);
	return returned.workflowData !== undefined;
}

describe('a call that RunningHub repeats', () => {
	it('starts nothing when the first one has started the workflow', async () => {
		await inLab(async (lab) => {
			const taskId = await endedTask(lab);
			expect(await starts(lab, taskId)).toBe(true);
			expect(await starts(lab, taskId)).toBe(false);
		});
	});

	it('starts the workflow, once, when n8n could not start it before', async () => {
		await inLab(async (lab) => {
			const taskId = await endedTask(lab);
			expect(await starts(lab, taskId, 500)).toBe(true);
			expect(await starts(lab, taskId, 503)).toBe(true);
			expect(await starts(lab, taskId)).toBe(true);
			expect(await starts(lab, taskId)).toBe(false);
		});
	});
});
