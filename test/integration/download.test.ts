import type { INodeParameters } from 'n8n-workflow';
import { until } from '../e2e/support/until';
import type { Life, ResultFile } from '../simulator';
import { wakeOnTime, retryRun } from './harness';
import { CONTINUE, ERROR_OUTPUT, inLab, itemsOf, KEY, submitAndWait, task } from './support';

const files = (...results: ResultFile[]): Life => ({ end: { kind: 'success', files: results } });
const text = (content: string, more: Partial<ResultFile> = {}): ResultFile => ({
	type: 'mp4',
	content,
	...more,
});
const downloading = (more: INodeParameters = {}) =>
	submitAndWait({ downloadResults: true, ...more });

describe('downloaded results', () => {
	test.concurrent('are in the binary field data, with a true name and type', async () => {
		await inLab(async (lab) => {
			lab.simulator.nextLives(files(text('the video')));
			const run = await lab.run(downloading());
			const [item] = run.items;
			expect((await run.readBinary(item, 'data')).toString()).toBe('the video');
			expect(item?.binary?.data).toMatchObject({
				fileName: expect.stringMatching(/\.mp4$/),
				mimeType: 'video/mp4',
				fileExtension: 'mp4',
				fileType: 'video',
			});
			expect(item?.json).toMatchObject({
				status: 'SUCCESS',
				url: expect.stringContaining(lab.simulator.filesUrl),
			});
		});
	});

	test.concurrent('are fetched without the key, from an origin of their own', async () => {
		await inLab(async (lab) => {
			lab.simulator.nextLives(files(text('x')));
			await lab.run(downloading());
			const fetched = lab.simulator.requests.filter(({ origin }) => origin === 'files');
			expect(fetched).toHaveLength(1);
			expect(JSON.stringify(fetched)).not.toContain(KEY);
			expect(fetched[0]?.headers).not.toHaveProperty('authorization');
		});
	});

	test.concurrent('of one task are numbered, in a field of the user’s choice', async () => {
		await inLab(async (lab) => {
			lab.simulator.nextLives(files(text('one'), text('two'), text('three')));
			const run = await lab.run(downloading({ binaryPropertyName: 'video' }));
			const [item] = run.items;
			expect(Object.keys(item?.binary ?? {})).toEqual(['video', 'video_1', 'video_2']);
			expect((await run.readBinary(item, 'video_2')).toString()).toBe('three');
		});
	});

	test.concurrent('can be one item each, all paired with the item that asked', async () => {
		await inLab(async (lab) => {
			lab.simulator.nextLives(files(text('one'), text('two')), files(text('three')));
			const run = await lab.run(
				downloading({ options: { splitResults: true, pollInterval: 1 }, prompt: '={{ $json.p }}' }),
				{ items: itemsOf({ p: 'first' }, { p: 'second' }) },
			);
			expect(run.items.map(({ pairedItem }) => pairedItem)).toEqual([
				{ item: 0 },
				{ item: 0 },
				{ item: 1 },
			]);
			const contents = run.items.map(async (item) =>
				(await run.readBinary(item, 'data')).toString(),
			);
			expect(await Promise.all(contents)).toEqual(['one', 'two', 'three']);
			const urls = run.items.map(({ json }) => json.url);
			expect(new Set(urls).size).toBe(3);
			expect(
				run.items.map(({ json }) => Array.isArray(json.results) && json.results.length),
			).toEqual([1, 1, 1]);
		});
	});

	test.concurrent('are not fetched where nobody asks for them', async () => {
		await inLab(async (lab) => {
			lab.simulator.nextLives(files(text('x')));
			const run = await lab.run(submitAndWait());
			expect(run.items[0]?.binary).toBeUndefined();
			expect(lab.simulator.requests.filter(({ origin }) => origin === 'files')).toEqual([]);
		});
	});

	test.concurrent('of an earlier task come with Wait for Result', async () => {
		await inLab(async (lab) => {
			lab.simulator.nextLives(files(text('late')));
			const [submitted] = (await lab.run({ ...submitAndWait(), operation: 'submit' })).items;
			const run = await lab.run(
				task('waitForResult', { taskId: String(submitted?.json.taskId), downloadResults: true }),
			);
			expect((await run.readBinary(run.items[0], 'data')).toString()).toBe('late');
		});
	});
});

describe('a download that breaks', () => {
	test.concurrent('starts anew from its address, and nothing is paid again', async () => {
		await inLab(async (lab) => {
			lab.simulator.nextLives(
				files(text('x'.repeat(5_000), { breakAfterBytes: 1_000, breakTimes: 2 })),
			);
			const run = await lab.run(downloading());
			expect((await run.readBinary(run.items[0], 'data')).length).toBe(5_000);
			expect(lab.simulator.tasks).toHaveLength(1);
		});
	});

	test.concurrent('for good is an error that names task and address', async () => {
		await inLab(async (lab) => {
			lab.simulator.nextLives(files(text('gone', { expiresInMs: 0 })));
			const run = await lab.run(downloading());
			expect(run.error?.message).toMatch(/result could not be downloaded: .*HTTP 403/);
			expect(run.error?.message).toContain(lab.simulator.tasks[0]?.taskId);
		});
	});

	test.concurrent.each([
		['Continue', CONTINUE],
		['an error output', ERROR_OUTPUT],
	])('leaves the item with its address and the files that are there: %s', async (_, settings) => {
		await inLab(async (lab) => {
			lab.simulator.nextLives(files(text('gone', { expiresInMs: 0 }), text('there')));
			const run = await lab.run(downloading(), settings);
			const item = run.items[0] ?? run.errorItems[0];
			const shown = JSON.stringify(item?.json);
			expect(shown).toContain(lab.simulator.tasks[0]?.taskId);
			expect(shown).toContain(lab.simulator.filesUrl);
			if (settings === CONTINUE) {
				expect(Object.keys(item?.binary ?? {})).toEqual(['data_1']);
				expect(item?.json.error).toMatchObject({ kind: 'transient' });
			}
		});
	});

	test.concurrent('is taken up by a retry without a new task', async () => {
		await inLab(async (lab) => {
			lab.simulator.nextLives(files(text('x', { breakAfterBytes: 0, breakTimes: 4 })));
			const failed = await lab.run(downloading());
			expect(failed.error?.message).toContain('could not be downloaded');
			const retried = await retryRun(failed);
			expect((await retried.readBinary(retried.items[0], 'data')).toString()).toBe('x');
			expect(lab.simulator.tasks).toHaveLength(1);
		});
	});
});

test.concurrent('a download is stopped with its execution, within a second', async () => {
	await inLab(async (lab) => {
		lab.simulator.nextLives(files({ type: 'mp4', bytes: 10_000_000, bytesPerSecond: 20_000 }));
		const { cancel, finished } = lab.start(downloading());
		await until('the download', 10, () =>
			lab.simulator.requests.some(({ origin }) => origin === 'files'),
		);
		const stoppedAt = Date.now();
		cancel();
		expect((await finished).run.status).toBe('canceled');
		expect(Date.now() - stoppedAt).toBeLessThan(1_000);
	});
});

describe('the files of a run that sleeps', () => {
	const sleeping = downloading({ waitStrategy: 'sleep' });

	test.concurrent('are fetched when all of its tasks have ended, and not before', async () => {
		await inLab(async (lab) => {
			const soon: Life = { ...files(text('the video')), runningPolls: 0 };
			lab.simulator.nextLives(soon, { ...soon, runningPolls: 1 });
			const run = await lab.run(sleeping, { items: itemsOf({}, {}) });
			const fetched = () =>
				lab.simulator.requests.filter(({ origin }) => origin === 'files').length;
			const again = await wakeOnTime(run);
			expect([again.run.status, fetched()]).toEqual(['waiting', 0]);
			const done = await wakeOnTime(again);
			expect((await done.readBinary(done.items[0], 'data')).toString()).toBe('the video');
			expect((await done.readBinary(done.items[1], 'data')).toString()).toBe('the video');
			expect(fetched()).toBe(2);
		}, byAsking);
	});

	test.concurrent('that cannot be had end it as Continue On Fail says', async () => {
		await inLab(async (lab) => {
			lab.simulator.nextLives({ ...files(text('gone', { expiresInMs: 0 })), runningPolls: 0 });
			const done = await wakeOnTime(await lab.run(sleeping, CONTINUE));
			expect(done.items[0]?.json).toMatchObject({
				taskId: lab.simulator.tasks[0]?.taskId,
				url: expect.stringContaining('http'),
				error: { kind: 'transient' },
			});
		}, byAsking);
	});
});

/** Tasks end by being asked, not by the time that passes. */
const byAsking = { switches: { callbackPollMs: 600_000 } };
