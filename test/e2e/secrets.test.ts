import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { errorOf, itemsOf } from '../../scripts/lib/n8nApi';
import type { TaskScript } from '../simulator';
import { type TestWorkflow, type TestWorkflowSettings } from './support/testWorkflow';
import { startHost } from './support/host';
import { useN8n } from './support/useN8n';

/** What real executions leave behind on disk: the database, its log of changes, n8n's own log, the files. */

jest.setTimeout(4 * 60_000);
/** As RunningHub's keys are; n8n keeps it encrypted. */
const KEY = '5ec2e70123456789abcdef0dec0deab1';
/** Something that is stored with each execution: the search would find the key in its place. */
const PLANTED = 'b1ab1ab1ab1ab1ab1ab1ab1ab1ab1ab1';

const POLL = { waitStrategy: 'poll', timeout: 1, options: { pollInterval: 1, rawResponse: true } };
const AT_ONCE: TaskScript = { end: { kind: 'success' } };

describe('the API key', () => {
	const n8n = useN8n(async () => await startHost(undefined, { N8N_LOG_LEVEL: 'debug' }));

	const publish = async (
		script: TaskScript,
		settings: TestWorkflowSettings,
	): Promise<TestWorkflow> => await n8n.publish({ apiKey: KEY, ...settings }, script);

	const run = async (workflow: TestWorkflow) =>
		await workflow.finished(await workflow.start([PLANTED]));

	/** The files of n8n that hold a text in one of the forms in which it could be there. */
	const filesWith = async (text: string): Promise<string[]> => {
		const forms = [text, Buffer.from(text).toString('base64').replace(/=+$/, '')];
		const entries = await readdir(n8n.host.folder, { recursive: true, withFileTypes: true });
		const files = entries
			.filter((entry) => entry.isFile())
			.map(({ parentPath, name }) => join(parentPath, name))
			.filter((path) => !path.includes('node_modules'));
		const found = files.map(async (path) => {
			const bytes = await readFile(path);
			return forms.some((form) => bytes.includes(form)) ? [relative(n8n.host.folder, path)] : [];
		});
		return (await Promise.all(found)).flat();
	};

	it('is in no file of n8n, and no host of files has seen it', async () => {
		const good = await publish(AT_ONCE, { parameters: { ...POLL, downloadResults: true } });
		const [video] = itemsOf(await run(good), 'RunningHub');
		expect(video?.json.status).toBe('SUCCESS');
		expect(video?.binary?.data?.mimeType).toBe('video/mp4');

		const exceptionMessage = `401 for https://a.example/proxy/${KEY}/view?apiKey=${KEY}`;
		const failing: TaskScript = { end: { kind: 'nodeException', exceptionMessage } };
		const failed = await publish(failing, { parameters: POLL });
		expect(errorOf(await run(failed))?.message).toContain('The task failed');

		const refused = await publish(AT_ONCE, {
			parameters: POLL,
			settings: { onError: 'continueRegularOutput' },
		});
		const errorMessage = `Authorization: Bearer ${KEY} is not welcome`;
		refused.simulator.addFault({ kind: 'e3', errorCode: '7777', errorMessage, match: {} });
		const [kept] = itemsOf(await run(refused), 'RunningHub');
		expect(kept?.json.error).toMatchObject({ code: '7777' });

		const files = [{ type: 'mp4', expiresInMs: 0 }];
		const lost = await publish(
			{ end: { kind: 'success', files } },
			{ parameters: { ...POLL, downloadResults: true } },
		);
		expect(errorOf(await run(lost))?.message).toContain('could not be downloaded');

		const asleep = await publish(
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
		expect(await n8n.host.log()).toContain(asleep.simulator.tasks[0]?.taskId);
		expect(await filesWith(KEY)).toEqual([]);
		for (const { simulator } of n8n.workflows) {
			expect(simulator.leaks()).toEqual([]);
			// The simulator would know the key if it saw it there.
			expect(simulator.requests.some(({ headers }) => headers.authorization?.includes(KEY))).toBe(
				true,
			);
		}
	});
});
