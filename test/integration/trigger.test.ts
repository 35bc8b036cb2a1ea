import { RunningHubTrigger } from '../../nodes/RunningHubTrigger/RunningHubTrigger.node';
import { callTrigger, type Callback } from './harness';
import { AT_ONCE, inLab, submit, type Lab } from './support';

/** Submits a task that has ended when it is asked for. */
async function endedTask(lab: Lab): Promise<string | undefined> {
	lab.simulator.setDefaultLife(AT_ONCE);
	await lab.run(submit());
	return lab.simulator.tasks[0]?.taskId;
}

/** RunningHub calls, and n8n answers it, once it has started the workflow or could not. */
async function call(lab: Lab, taskId: string | undefined, answer: Partial<Callback> = {}) {
	const { returned, answered } = await callTrigger(
		{
			...lab.options({ statuses: ['SUCCESS'] }),
			node: new RunningHubTrigger(),
			// A trigger remembers its tasks, and all simulators have the same ids.
			nodeSettings: { id: lab.simulator.baseUrl },
		},
		{ body: { event: 'TASK_END', taskId }, ...answer },
	);
	if (returned.workflowData !== undefined) return 'started';
	return answered.includes(503) ? 'call again' : 'ignored';
}

describe('a call that RunningHub repeats', () => {
	it('starts nothing when the first one has started the workflow', async () => {
		await inLab(async (lab) => {
			const taskId = await endedTask(lab);
			expect(await call(lab, taskId)).toBe('started');
			expect(await call(lab, taskId)).toBe('ignored');
		});
	});

	it('starts the workflow, once, when n8n could not start it before', async () => {
		await inLab(async (lab) => {
			const taskId = await endedTask(lab);
			expect(await call(lab, taskId, { n8nAnswers: 500 })).toBe('started');
			expect(await call(lab, taskId, { n8nAnswers: 503 })).toBe('started');
			expect(await call(lab, taskId)).toBe('started');
			expect(await call(lab, taskId)).toBe('ignored');
		});
	});

	it('starts the workflow when n8n could not and RunningHub had hung up before that', async () => {
		await inLab(async (lab) => {
			const taskId = await endedTask(lab);
			expect(await call(lab, taskId, { n8nAnswers: 500, hungUp: true })).toBe('started');
			expect(await call(lab, taskId, { hungUp: true })).toBe('started');
			expect(await call(lab, taskId)).toBe('ignored');
		});
	});

	it('is asked for again while n8n may still fail to start the workflow', async () => {
		await inLab(async (lab) => {
			const taskId = await endedTask(lab);
			expect(await call(lab, taskId, { n8nAnswers: null })).toBe('started');
			expect(await call(lab, taskId)).toBe('call again');
		});
	});
});
