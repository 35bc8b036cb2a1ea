import { until } from '../../../scripts/lib/until';
import { expectVideos } from './expectVideos';
import type { N8nUnderTest } from './n8nUnderTest';
import { lost, runsNoFlowTwice, scenesOf } from './sleepScenes';
import { useN8n } from './useN8n';

const QUERY = { path: '/openapi/v2/query' };

/** A real n8n that is killed, or shut down, while executions sleep or have just been woken. */
export function testKilledSleep({ start }: N8nUnderTest) {
	const n8n = useN8n(start);
	jest.setTimeout(6 * 60_000);

	it('gets all twenty results, paid for once, though n8n is killed while it sleeps', async () => {
		const workflow = await n8n.publish();
		workflow.simulator.setDefaultTaskScript(lost(10_000));
		const scenes = scenesOf(20);
		await workflow.startAndSleep(scenes);
		await n8n.host.kill();
		await workflow.allTasksEnded();
		await n8n.host.startAgain();
		await until('the results', 150, () => workflow.told().length > 0);
		await workflow.quiet();
		expectVideos(workflow, [scenes]);
	});

	describe.each([
		['killed', async () => await n8n.host.kill()],
		['shut down', async () => await n8n.host.shutDown()],
	])('n8n that is %s', (_, stop) => {
		it('while it looks at woken tasks, or fetches their files, loses nothing: Retry pays for none', async () => {
			const scenes = scenesOf(4);
			const looking = await n8n.publish();
			const fetching = await n8n.publish({ parameters: { downloadResults: true } });
			// Longer than n8n gives its executions when it is shut down.
			const slowFile = { type: 'mp4', bytes: 300_000, bytesPerSecond: 300_000 / 30 };
			looking.simulator.setDefaultTaskScript(lost(5_000));
			fetching.simulator.setDefaultTaskScript(
				lost(5_000, { end: { kind: 'success', files: [slowFile] } }),
			);
			const ids = [await looking.startAndSleep(scenes), await fetching.startAndSleep(scenes)];
			looking.simulator.addFault({
				kind: 'slow',
				delayMs: 30_000,
				match: QUERY,
				times: scenes.length,
			});
			await until('both to wake', 90, () => {
				const asks = looking.simulator.requests.some(({ path }) => path === QUERY.path);
				const fetches = fetching.simulator.requests.some(({ origin }) => origin === 'files');
				return asks && fetches;
			});
			await stop();
			await n8n.host.startAgain();

			for (const [index, workflow] of [looking, fetching].entries()) {
				await n8n.host.api.executionInStatus(ids[index] ?? '', 'crashed');
				const retryId = await n8n.host.api.retryExecution(ids[index] ?? '', 'asItWas');
				expect((await workflow.finished(retryId, 150)).status).toBe('success');
				await workflow.quiet();
				expectVideos(workflow, [scenes]);
			}
		});
	});

	runsNoFlowTwice(n8n);
}
