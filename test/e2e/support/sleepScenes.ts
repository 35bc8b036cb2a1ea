import type { TaskScript } from '../../simulator';
import { ENDS_ASLEEP } from './testWorkflow';
import type { SharedN8n } from './useN8n';

export const scriptWith = (script: Partial<TaskScript>): TaskScript => ({
	...ENDS_ASLEEP,
	...script,
});

/** Nobody tells of its end. */
export const lost = (runningMs: number, more: Partial<TaskScript> = {}) =>
	scriptWith({ runningMs, callback: { kind: 'lost' }, ...more });

export const scenesOf = (amount: number) =>
	Array.from({ length: amount }, (_, index) => `Scene ${index + 1}`);

/** To be the last test of a file: what its workflows have told, they have told once. */
export function runsNoFlowTwice(n8n: SharedN8n) {
	it('has run no flow twice', async () => {
		for (const workflow of n8n.workflows) await workflow.quiet();
		const runs = n8n.recorder.told.map(({ path, execution }) => `${execution} ${path}`);
		expect(runs).toEqual([...new Set(runs)]);
	});
}
