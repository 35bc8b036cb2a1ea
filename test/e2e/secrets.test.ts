import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { errorOf, itemsOf } from '../../scripts/lib/n8nApi';
import type { Life } from '../simulator';
import { START_TIMEOUT } from './harness';
import { type Host, startHost } from './support/host';
import { type Recorder, startRecorder } from './support/recorder';
import { Stage, type StageSettings } from './support/stage';

/** What real executions leave behind on disk: the database, its log of changes, n8n's own log, the files. */

const TIMEOUT = 4 * 60_000;
/** As RunningHub's keys are; n8n keeps it encrypted. */
const KEY = '5ec2e70123456789abcdef0dec0deab1';
/** Something that is stored with each execution: the search would find the key in its place. */
const PLANTED = 'b1ab1ab1ab1ab1ab1ab1ab1ab1ab1ab1';

const POLL = { waitStrategy: 'poll', timeout: 1, options: { pollInterval: 1, rawResponse: true } };
const AT_ONCE: Life = { end: { kind: 'success' } };

describe('the API key', () => {
	let host: Host;
	let recorder: Recorder;
	const stages: Stage[] = [];

	beforeAll(async () => {
		recorder = await startRecorder();
		host = await startHost(undefined, { N8N_LOG_LEVEL: 'debug' });
	}, START_TIMEOUT);

	afterAll(async () => {
		for (const { simulator } of stages) await simulator.stop();
		await host?.end();
		await recorder?.stop();
	}, 60_000);

	const setStage = async (life: Life, settings: StageSettings): Promise<Stage> => {
		const stage = await Stage.set(host, recorder, { apiKey: KEY, ...settings });
		stage.simulator.setDefaultLife(life);
		stages.push(stage);
		return stage;
	};

	const run = async (stage: Stage) => await stage.finished(await stage.start([PLANTED]));

	/** The files of n8n that hold a text in one of the forms in which it could be there. */
	const filesWith = async (text: string): Promise<string[]> => {
		const forms = [text, Buffer.from(text).toString('base64').replace(/=+$/, '')];
		const entries = await readdir(host.folder, { recursive: true, withFileTypes: true });
		const files = entries
			.filter((entry) => entry.isFile())
			.map(({ parentPath, name }) => join(parentPath, name))
			.filter((path) => !path.includes('node_modules'));
		const found = files.map(async (path) => {
			const bytes = await readFile(path);
			return forms.some((form) => bytes.includes(form)) ? [relative(host.folder, path)] : [];
		});
		return (await Promise.all(found)).flat();
	};

	it(
		'is in no file of n8n, and no host of files has seen it',
		async () => {
			const good = await setStage(AT_ONCE, { parameters: { ...POLL, downloadResults: true } });
			const [video] = itemsOf(await run(good), 'RunningHub');
			expect(video?.json.status).toBe('SUCCESS');
			expect(video?.binary?.data?.mimeType).toBe('video/mp4');

			const exceptionMessage = `401 for https://a.example/proxy/${KEY}/view?apiKey=${KEY}`;
			const failing: Life = { end: { kind: 'nodeException', exceptionMessage } };
			const failed = await setStage(failing, { parameters: POLL });
			expect(errorOf(await run(failed))?.message).toContain('The task failed');

			const refused = await setStage(AT_ONCE, {
				parameters: POLL,
				settings: { onError: 'continueRegularOutput' },
			});
			const errorMessage = `Authorization: Bearer ${KEY} is not welcome`;
			refused.simulator.addFault({ kind: 'e3', errorCode: '7777', errorMessage, match: {} });
			const [kept] = itemsOf(await run(refused), 'RunningHub');
			expect(kept?.json.error).toMatchObject({ code: '7777' });

			const files = [{ type: 'mp4', expiresInMs: 0 }];
			const lost = await setStage(
				{ end: { kind: 'success', files } },
				{ parameters: { ...POLL, downloadResults: true } },
			);
			expect(errorOf(await run(lost))?.message).toContain('could not be downloaded');

			const asleep = await setStage(
				{ runningMs: 3_000, callback: { kind: 'held' }, end: { kind: 'success' } },
				{ parameters: { downloadResults: true } },
			);
			const id = await asleep.startAndSleep([PLANTED]);
			expect(await filesWith(KEY)).toEqual([]);
			await asleep.allTasksEnded();
			await asleep.simulator.releaseCallbacks();
			expect((await asleep.finished(id)).status).toBe('success');
			await asleep.quiet();

			const withPlanted = await filesWith(PLANTED);
			expect(withPlanted.filter((path) => /database\.sqlite/.test(path))).not.toEqual([]);
			expect(await host.log()).toContain(asleep.simulator.tasks[0]?.taskId);
			expect(await filesWith(KEY)).toEqual([]);
			for (const { simulator } of stages) {
				expect(simulator.leaks()).toEqual([]);
				// The simulator would know the key if it saw it there.
				expect(simulator.requests.some(({ headers }) => headers.authorization?.includes(KEY))).toBe(
					true,
				);
			}
		},
		TIMEOUT,
	);
});
