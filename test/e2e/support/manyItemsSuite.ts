import type { INodeParameters } from 'n8n-workflow';
import { until } from '../../../scripts/lib/until';
import type { TaskScript } from '../../simulator';
import { expectVideos } from './expectVideos';
import type { N8nUnderTest } from './n8nUnderTest';
import { ENDS_ASLEEP, type TestWorkflow } from './testWorkflow';
import { useN8n } from './useN8n';

const ITEMS = 300;
const PLACES = 5;
const TASK_MS = 5_000;
/** n8n removes all executions but the newest that has ended, once a minute. */
const TIDIES_UP = {
	EXECUTIONS_DATA_PRUNE_MAX_COUNT: '1',
	EXECUTIONS_DATA_PRUNE_SOFT_DELETE_INTERVAL: '1',
};

const CALLS: TaskScript = { ...ENDS_ASLEEP, runningMs: TASK_MS, callback: { kind: 'normal' } };

/** Where nobody calls at their end, these are waited for awake, up to a minute at each wake. */
const PICTURES: INodeParameters = {
	resource: 'model',
	model: { __rl: true, mode: 'list', value: 'rhart-image-v1/text-to-image' },
	parameters: {
		mappingMode: 'defineBelow',
		value: { prompt: '={{ $json.scene }}', aspectRatio: '1:1' },
	},
};

/** @param n8nUnderTest with one place for executions in production */
export function testManyItems({ start, signsAddresses }: N8nUnderTest) {
	const n8n = useN8n(async () => await start(TIDIES_UP));
	const parameters = signsAddresses ? {} : PICTURES;
	/** An execution that is awake for a minute has the only place that long. */
	const longestWait = signsAddresses ? 60 : 90;

	const publish = async (concurrencyLimit?: number): Promise<TestWorkflow> =>
		await n8n.publish({ parameters, concurrencyLimit }, CALLS);

	it(
		'sends 300 items through five places; meanwhile the only worker takes other work, and n8n tidies up',
		async () => {
			const many = await publish(PLACES);
			const other = await publish();
			const scenes = Array.from({ length: ITEMS }, (_, index) => `Scene ${index + 1}`);
			const startedAt = Date.now();
			const id = await many.startAndSleep(scenes);

			const others: Array<{ id: string; seconds: number }> = [];
			const isDone = () => many.told().length > 0;
			while (!isDone()) {
				const before = Date.now();
				const otherId = await other.start([`Other ${others.length + 1}`]);
				const hasRun = () => other.told().length > others.length;
				await until('the other flow', 120, () => hasRun() || isDone());
				if (!hasRun()) break;
				others.push({ id: otherId, seconds: (Date.now() - before) / 1_000 });
			}
			// At once, since n8n removes it, too, now that it has ended.
			expect((await many.finished(id)).status).toBe('success');
			await many.quiet();
			const seconds = Math.round((Date.now() - startedAt) / 1_000);
			expectVideos(many, [scenes], [], { refused: true });
			const longest = Math.max(...others.map((run) => run.seconds));
			console.log(
				`${ITEMS} items, ${PLACES} places, ${TASK_MS / 1_000} s each: ${seconds} s, ${await many.sleeps()} sleeps, ` +
					`${many.simulator.submits().length} submits, ${many.simulator.requests.length} requests; ` +
					`${others.length} other runs meanwhile, the longest ${longest.toFixed(1)} s`,
			);
			expect(others.length).toBeGreaterThan(10);
			expect(longest).toBeLessThan(longestWait);
			// The runs that have ended were removed; the one that slept was not.
			const left = (await n8n.host.api.executions(other.id)).map((run) => run.id);
			expect(left).not.toContain(others[0]?.id);
		},
		40 * 60_000,
	);
}
