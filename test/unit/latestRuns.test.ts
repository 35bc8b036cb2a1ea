import {
	MAX_REMEMBERED,
	latestRun,
	rememberRun,
	type KeptRun,
} from '../../nodes/RunningHub/n8n/latestRuns';

const runOf = (taskIds: readonly string[], turns = 0): KeptRun => ({
	submits: Object.fromEntries(taskIds.map((taskId, index) => [String(index), { taskId }])),
	spending: {},
	run: { executionId: '7', tries: 1, startedAt: 0, turns, timersAt: [] },
});
const tasks = (amount: number) => Array.from({ length: amount }, (_, index) => `task ${index}`);

describe('the runs that a process remembers', () => {
	it('are known until n8n knows as much, as they are by then', () => {
		const run = runOf(['one'], 1);
		rememberRun('known', run);
		run.submits.later = { taskId: 'two' };
		expect(latestRun('known', undefined)?.submits).toEqual(run.submits);
		expect(latestRun('known', 0)).toEqual(run);
		expect([latestRun('known', 1), latestRun('never heard of', undefined)]).toEqual([
			undefined,
			undefined,
		]);
	});

	it('have a bound in all, and the oldest goes first', () => {
		const third = Math.ceil(MAX_REMEMBERED / 3);
		for (const key of ['a', 'b', 'c']) rememberRun(key, runOf(tasks(third)));
		rememberRun('b', runOf(['one']));
		rememberRun('d', runOf(tasks(third)));
		const known = ['a', 'b', 'c', 'd'].filter((key) => latestRun(key, undefined) !== undefined);
		expect(known).toEqual(['b', 'c', 'd']);
		for (const key of ['empty', 'empty, too']) rememberRun(key, runOf([]));
		rememberRun('e', runOf(tasks(MAX_REMEMBERED - 1)));
		const left = ['d', 'empty', 'empty, too', 'e'].filter((key) => latestRun(key, undefined));
		expect(left).toEqual(['empty, too', 'e']);
	});

	it('always have the one that has just begun, however large', () => {
		rememberRun('large', runOf(tasks(MAX_REMEMBERED + 1)));
		expect(latestRun('large', undefined)).toBeDefined();
	});
});
