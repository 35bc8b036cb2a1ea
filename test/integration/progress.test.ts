import { AT_ONCE, inLab, submitAndWait } from './support';

jest.setTimeout(30_000);

test.concurrent('who runs a workflow in the editor sees how its task stands', async () => {
	await inLab(
		async ({ simulator, run }) => {
			const { uiMessages } = await run(submitAndWait(), { mode: 'manual' });
			const lines = uiMessages.map(String);
			const taskId = simulator.tasks[0]?.taskId;
			expect(lines[0]).toMatch(new RegExp(`^0 of 1 task done; ${taskId} (QUEUED|RUNNING), 0 s$`));
			expect(lines.at(-1)).toBe('1 of 1 task done');
		},
		{ defaultTaskScript: AT_ONCE },
	);
});

test.concurrent('a run that nobody looks at tells only n8n’s log', async () => {
	await inLab(
		async ({ simulator, run }) => {
			const { uiMessages, log } = await run(submitAndWait(), { mode: 'trigger' });
			expect(uiMessages).toEqual([]);
			expect(log.join('\n')).toContain(`0 of 1 task done; ${simulator.tasks[0]?.taskId}`);
		},
		{ defaultTaskScript: AT_ONCE },
	);
});
