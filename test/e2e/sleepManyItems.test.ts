import { until } from '../../scripts/lib/until';
import type { Life } from '../simulator';
import { START_TIMEOUT } from './harness';
import { expectVideos } from './support/expectVideos';
import { startHost, type Host } from './support/host';
import { startRecorder, type Recorder } from './support/recorder';
import { LIFE, Stage } from './support/stage';

const ITEMS = 300;
const PLACES = 5;
const TASK_MS = 5_000;
/** n8n has one place for executions in production, and removes all but the newest that has ended, once a minute. */
const N8N_SETTINGS = {
	N8N_CONCURRENCY_PRODUCTION_LIMIT: '1',
	EXECUTIONS_DATA_PRUNE_MAX_COUNT: '1',
	EXECUTIONS_DATA_PRUNE_SOFT_DELETE_INTERVAL: '1',
};

const CALLS: Life = { ...LIFE, runningMs: TASK_MS, callback: { kind: 'normal' } };

let host: Host;
let recorder: Recorder;
const stages: Stage[] = [];

async function setStage(concurrencyLimit?: number): Promise<Stage> {
	const stage = await Stage.set(host, recorder, { concurrencyLimit });
	stages.push(stage);
	stage.simulator.setDefaultLife(CALLS);
	return stage;
}

beforeAll(async () => {
	recorder = await startRecorder();
	host = await startHost(undefined, N8N_SETTINGS);
}, START_TIMEOUT);

afterAll(async () => {
	for (const { simulator } of stages) await simulator.stop();
	await host?.end();
	await recorder?.stop();
}, 60_000);

it(
	'sends 300 items through five places; meanwhile the only worker takes other work, and n8n tidies up',
	async () => {
		const many = await setStage(PLACES);
		const other = await setStage();
		const scenes = Array.from({ length: ITEMS }, (_, index) => `Scene ${index + 1}`);
		const startedAt = Date.now();
		const id = await many.startAndSleep(scenes);

		const others: Array<{ id: string; seconds: number }> = [];
		while (many.told().length === 0) {
			const before = Date.now();
			const otherId = await other.start([`Other ${others.length + 1}`]);
			await until('the other flow', 120, () => other.told().length > others.length);
			others.push({ id: otherId, seconds: (Date.now() - before) / 1_000 });
		}
		await many.quiet();
		const seconds = Math.round((Date.now() - startedAt) / 1_000);
		expectVideos(many, [scenes], [], { refused: true });
		expect((await many.finished(id)).status).toBe('success');
		const longest = Math.max(...others.map((run) => run.seconds));
		console.log(
			`${ITEMS} items, ${PLACES} places, ${TASK_MS / 1_000} s each: ${seconds} s, ${await many.sleeps()} sleeps, ` +
				`${many.simulator.submits().length} submits, ${many.simulator.requests.length} requests; ` +
				`${others.length} other runs meanwhile, the longest ${longest.toFixed(1)} s`,
		);
		expect(others.length).toBeGreaterThan(10);
		expect(longest).toBeLessThan(60);
		// The runs that have ended were removed; the one that slept was not.
		const left = (await host.api.executions(other.workflow.id)).map((run) => run.id);
		expect(left).not.toContain(others[0]?.id);
	},
	40 * 60_000,
);
