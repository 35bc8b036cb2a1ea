import { everyForm, OPERATIONS } from './everyOperation';
import { inLab, submitAndWait } from './support';

/** n8n's Agents, which call the node outside of any execution; what they share with others is in tool.test.ts. */

jest.setTimeout(30_000);

const prompt = "={{ $fromAI('prompt', 'what happens in the video', 'string') }}";
const input = { prompt: 'a cat' };

test.concurrent.each(OPERATIONS)('they get from %s what any agent gets', async (name) => {
	await inLab(async ({ simulator, run, asTool }) => {
		await run(submitAndWait());
		const form = everyForm(simulator.tasks[0]?.taskId ?? '')[name] ?? {};
		const here = await asTool(form, {}, 'ephemeral');
		expect(here.error).toBeUndefined();
		const elsewhere = await asTool(form, {}, 'engine');
		expect(withoutIds(here.answer)).toEqual(withoutIds(elsewhere.answer));
	});
});

const withoutIds = (answer = 'none') =>
	answer.replace(/\d{19}/g, '<id>').replace(/\?expires=[^"]*/g, '');

test.concurrent('the same call twice is two videos', async () => {
	await inLab(async ({ simulator, asTool }) => {
		const order = async () => await asTool(submitAndWait({ prompt }), input, 'ephemeral');
		const answers = await Promise.all([order(), order()]);
		expect(simulator.tasks).toHaveLength(2);
		for (const { taskId } of simulator.tasks) {
			expect(answers.filter(({ answer }) => answer?.includes(taskId))).toHaveLength(1);
		}
	});
});

/** It would forget what is paid for. */
test.concurrent('an execution whose context is missing fails before it pays', async () => {
	await inLab(async ({ simulator, asTool }) => {
		const { error } = await asTool(submitAndWait({ prompt }), input, 'ephemeral', {
			mode: 'trigger',
		});
		expect(error?.message).toContain('not initialized');
		expect(simulator.requests).toEqual([]);
	});
});
