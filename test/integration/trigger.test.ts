import { RunningHubTrigger } from '../../nodes/RunningHubTrigger/RunningHubTrigger.node';
import { callTrigger, type Callback } from './harness';
import { AT_ONCE, inLab, submit, type Lab, credential } from './support';

/** Submits a task that has ended when it is asked for. */
async function endedTask(lab: Lab): Promise<string> {
	lab.simulator.setDefaultTaskScript(AT_ONCE);
	await lab.run(submit());
	return lab.simulator.tasks.at(-1)?.taskId ?? '';
}

interface Call extends Pick<Callback, 'n8nAnswers' | 'saved'> {
	/** Where it arrives: each process has its own memory of the trigger. */
	process?: string;
}

/** RunningHub calls, and n8n answers it, once it has started the workflow or could not. */
async function call(lab: Lab, taskId: string, { process = 'one', ...answer }: Call = {}) {
	const { returned, answered, saved } = await callTrigger(
		{
			...lab.options({ statuses: ['SUCCESS'] }),
			node: new RunningHubTrigger(),
			// A trigger remembers its tasks, and all simulators have the same ids.
			nodeSettings: { id: `${lab.simulator.baseUrl} ${process}` },
		},
		{ body: { event: 'TASK_END', taskId }, ...answer },
	);
	if (returned.workflowData !== undefined) return { outcome: 'started', saved };
	return { outcome: answered.includes(503) ? 'call again' : 'ignored', saved };
}

const STARTED = { outcome: 'started' };
const IGNORED = { outcome: 'ignored' };
const CALL_AGAIN = { outcome: 'call again' };

describe('a call that RunningHub repeats', () => {
	it('starts nothing when the first one has started the workflow', async () => {
		await inLab(async (lab) => {
			const taskId = await endedTask(lab);
			expect(await call(lab, taskId)).toMatchObject(STARTED);
			expect(await call(lab, taskId)).toMatchObject(IGNORED);
		});
	});

	it('starts the workflow, once, when n8n could not start it before', async () => {
		await inLab(async (lab) => {
			const taskId = await endedTask(lab);
			expect(await call(lab, taskId, { n8nAnswers: 500 })).toMatchObject(STARTED);
			expect(await call(lab, taskId, { n8nAnswers: 503 })).toMatchObject(STARTED);
			expect(await call(lab, taskId)).toMatchObject(STARTED);
			expect(await call(lab, taskId)).toMatchObject(IGNORED);
		});
	});

	it('starts it also after a restart, and when another task has started it in between', async () => {
		await inLab(async (lab) => {
			const [failed, other] = [await endedTask(lab), await endedTask(lab)];
			expect(await call(lab, failed, { n8nAnswers: 500 })).toMatchObject(STARTED);
			const { outcome, saved } = await call(lab, other);
			expect(outcome).toBe('started');

			const restarted = { process: 'two', saved };
			expect(await call(lab, other, restarted)).toMatchObject(IGNORED);
			expect(await call(lab, failed, restarted)).toMatchObject(STARTED);
		});
	});

	it('is asked for again while n8n may still fail to start the workflow', async () => {
		await inLab(async (lab) => {
			const taskId = await endedTask(lab);
			expect(await call(lab, taskId, { n8nAnswers: null })).toMatchObject(STARTED);
			expect(await call(lab, taskId)).toMatchObject(CALL_AGAIN);
		});
	});

	it('starts it at last when n8n never answered, as for an execution that was stopped in n8n’s own queue', async () => {
		await inLab(async (lab) => {
			const taskId = await endedTask(lab);
			expect(await call(lab, taskId, { n8nAnswers: null })).toMatchObject(STARTED);
			const now = performance.now.bind(performance);
			const later = jest.spyOn(performance, 'now').mockImplementation(() => now() + 61 * 60_000);
			expect(await call(lab, taskId).finally(() => later.mockRestore())).toMatchObject(STARTED);
		});
	});
});

it('a call that comes while the credential has no usable address is asked for again, and the log says why', async () => {
	await inLab(async (lab) => {
		const taskId = await endedTask(lab);
		const { returned, answered, log } = await callTrigger(
			{
				...lab.options({ statuses: ['SUCCESS'] }),
				node: new RunningHubTrigger(),
				credentials: credential({ baseUrl: 'no address at all' }),
			},
			{ body: { event: 'TASK_END', taskId } },
		);
		expect([answered, returned]).toEqual([[503], { noWebhookResponse: true }]);
		expect(log.join('\n')).toContain('Base URL');
	});
});
