import type { TestWorkflow } from './testWorkflow';

/**
 * The flow behind ran once for each cast, with its scenes in order, and each has the video of the task that was made
 * for it; every task was paid for once.
 * @param failed ids of the tasks that have an error in place of a video
 * @param refused was the account full at times?
 */
export function expectVideos(
	workflow: TestWorkflow,
	casts: string[][],
	failed: unknown[] = [],
	{ refused = false } = {},
): void {
	expectScenes(workflow, casts, failed);
	const { simulator } = workflow;
	const prompts = simulator.tasks.map(({ body }) => body.prompt);
	expect(new Set(prompts).size).toBe(prompts.length);
	if (!refused) expect(simulator.submits()).toHaveLength(prompts.length);
}

/** The same, whatever was paid for it. */
export function expectScenes(
	workflow: TestWorkflow,
	casts: string[][],
	failed: unknown[] = [],
): void {
	const told = workflow.told().map(({ items }) => items);
	expect(told.map((items) => items.map(({ scene }) => scene)).sort()).toEqual([...casts].sort());
	const scenesByTask = workflow.scenesByTask();
	for (const item of told.flat()) {
		const hasFailed = failed.includes(item.taskId);
		expect(scenesByTask.get(String(item.taskId))).toBe(item.scene);
		expect(item).toMatchObject(
			hasFailed
				? { status: 'FAILED', url: null, error: { kind: 'failed' } }
				: { status: 'SUCCESS', error: null, url: expect.stringContaining(String(item.taskId)) },
		);
	}
}
