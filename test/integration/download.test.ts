import type { INodeParameters } from 'n8n-workflow';
import { until } from '../../scripts/lib/until';
import type { TaskScript, ResultFile } from '../simulator';
import { wakeOnTime, retryRun } from './harness';
import { CONTINUE, ERROR_OUTPUT, inLab, itemsOf, KEY, shown, submitAndWait, task } from './support';

const files = (...results: ResultFile[]): TaskScript => ({
	end: { kind: 'success', files: results },
});
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
			lab.simulator.nextTaskScripts(files(text('the video')));
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
			lab.simulator.nextTaskScripts(files(text('x')));
			await lab.run(downloading());
			const fetched = lab.simulator.requests.filter(({ origin }) => origin === 'files');
			expect(fetched).toHaveLength(1);
			expect(JSON.stringify(fetched)).not.toContain(KEY);
			expect(fetched[0]?.headers).not.toHaveProperty('authorization');
		});
	});

	test.concurrent('of one task are numbered, in a field of the user’s choice', async () => {
		await inLab(async (lab) => {
			lab.simulator.nextTaskScripts(files(text('one'), text('two'), text('three')));
			const run = await lab.run(downloading({ binaryPropertyName: 'video' }));
			const [item] = run.items;
			expect(Object.keys(item?.binary ?? {})).toEqual(['video', 'video_1', 'video_2']);
			expect((await run.readBinary(item, 'video_2')).toString()).toBe('three');
		});
	});

	test.concurrent(
		'have names that begin with their task, so that none overwrites another',
		async () => {
			await inLab(async (lab) => {
				lab.simulator.nextTaskScripts(files(text('a'), text('b')), files(text('c')));
				const run = await lab.run(downloading(), { items: itemsOf({}, {}) });
				const names = run.items.flatMap(({ binary }) =>
					Object.values(binary ?? {}).map(({ fileName }) => fileName),
				);
				const ids = run.items.map(({ json }) => String(json.taskId));
				expect(names).toEqual([
					`${ids[0]}_ComfyUI_00001_.mp4`,
					`${ids[0]}_2_ComfyUI_00002_.mp4`,
					`${ids[1]}_ComfyUI_00001_.mp4`,
				]);
			});
		},
	);

	test.concurrent('can be one item each, all paired with the item that asked', async () => {
		await inLab(async (lab) => {
			lab.simulator.nextTaskScripts(files(text('one'), text('two')), files(text('three')));
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
			lab.simulator.nextTaskScripts(files(text('x')));
			const run = await lab.run(submitAndWait());
			expect(run.items[0]?.binary).toBeUndefined();
			expect(lab.simulator.requests.filter(({ origin }) => origin === 'files')).toEqual([]);
		});
	});

	test.concurrent('of an earlier task come with Wait for Result', async () => {
		await inLab(async (lab) => {
			lab.simulator.nextTaskScripts(files(text('late')));
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
			lab.simulator.nextTaskScripts(
				files(text('x'.repeat(5_000), { breakAfterBytes: 1_000, breakTimes: 2 })),
			);
			const run = await lab.run(downloading());
			expect((await run.readBinary(run.items[0], 'data')).length).toBe(5_000);
			expect(lab.simulator.tasks).toHaveLength(1);
		});
	});

	test.concurrent.each([
		['its address has run out', text('gone', { expiresInMs: 0 }), /no longer exists \(HTTP 403\)/],
		['it was deleted', text('gone', { status: 404 }), /\(HTTP 404\); RunningHub deletes results/],
		['its host fails', text('x', { status: 503 }), /its host answered with HTTP 503/],
	])('for good is an error that names task and address: %s', async (_, file, why) => {
		await inLab(async (lab) => {
			lab.simulator.nextTaskScripts(files(text('there'), file), files(text('of another item')));
			const run = await lab.run(downloading(), { items: itemsOf({}, {}) });
			const [bad, good] = lab.simulator.tasks;
			expect(run.error?.message).toMatch(
				/^The task is done, but its result could not be downloaded/,
			);
			expect(run.error?.message).toMatch(why);
			expect(run.error?.message).toContain(`task ${bad?.taskId}, ${bad?.results[1]?.url}`);
			// Its other files are there, and nobody else names them.
			expect(shown(run)).toContain(String(bad?.results[0]?.url));
			// Its address is shortened: Wait for Result gives it by the id.
			expect(shown(run)).toContain(`task ${good?.taskId} SUCCESS http://127.0.0.1:`);
		});
	});

	test.concurrent.each<[string, ResultFile]>([
		['an HTML page', text('<html><body>Oops</body></html>', { contentType: 'text/html' })],
		['an XML error', text('<?xml version="1.0"?><Error/>', { contentType: 'application/xml' })],
		['a page that is said to be a video', text('<!doctype html>')],
		['an empty file', text('')],
		['HTTP 204', text('x', { status: 204 })],
	])('with status 200 is one too, and nothing is paid again: %s', async (_, file) => {
		await inLab(async (lab) => {
			lab.simulator.nextTaskScripts(files(file));
			const run = await lab.run(downloading(), CONTINUE);
			expect(run.items[0]?.binary).toBeUndefined();
			expect(run.items[0]?.json).toMatchObject({
				status: 'SUCCESS',
				taskId: lab.simulator.tasks[0]?.taskId,
				url: lab.simulator.tasks[0]?.results[0]?.url,
				error: { kind: 'transient', message: expect.stringContaining('its host sent') },
			});
			await retryRun(run);
			expect(lab.simulator.submits()).toHaveLength(1);
		});
	});

	test.concurrent(
		'of one of three takes nothing from the others, with One Item per File',
		async () => {
			const parameters = downloading({ options: { splitResults: true, pollInterval: 1 } });
			const three = files(text('one'), text('two', { status: 404 }), text('three'));
			await inLab(async (lab) => {
				lab.simulator.nextTaskScripts(three, three);
				const kept = await lab.run(parameters, CONTINUE);
				expect(
					kept.items.map(({ json, binary }) => [json.error !== null, 'data' in (binary ?? {})]),
				).toEqual([
					[false, true],
					[true, false],
					[false, true],
				]);
				expect((await kept.readBinary(kept.items[2], 'data')).toString()).toBe('three');
				const split = await lab.run(parameters, ERROR_OUTPUT);
				const contents = split.items.map(async (item) =>
					(await split.readBinary(item, 'data')).toString(),
				);
				expect(await Promise.all(contents)).toEqual(['one', 'three']);
				expect(split.errorItems).toHaveLength(1);
				const [, task] = lab.simulator.tasks;
				expect(split.errorItems[0]?.json).toMatchObject({
					error: { taskId: task?.taskId, task: { url: task?.results[1]?.url } },
				});
			});
		},
	);

	test.concurrent.each([
		['Continue', CONTINUE],
		['an error output', ERROR_OUTPUT],
	])('leaves the item with its address and the files that are there: %s', async (_, settings) => {
		await inLab(async (lab) => {
			lab.simulator.nextTaskScripts(files(text('gone', { expiresInMs: 0 }), text('there')));
			const run = await lab.run(downloading(), settings);
			const item = run.items[0] ?? run.errorItems[0];
			const shown = JSON.stringify(item?.json);
			expect(shown).toContain(lab.simulator.tasks[0]?.taskId);
			expect(shown).toContain(lab.simulator.filesUrl);
			if (settings === CONTINUE) {
				expect(Object.keys(item?.binary ?? {})).toEqual(['data_1']);
				expect(item?.json.error).toMatchObject({ kind: 'notFound' });
			}
		});
	});

	test.concurrent('is taken up by a retry without a new task', async () => {
		await inLab(async (lab) => {
			lab.simulator.nextTaskScripts(files(text('x', { breakAfterBytes: 0, breakTimes: 4 })));
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
		lab.simulator.nextTaskScripts(
			files({ type: 'mp4', bytes: 10_000_000, bytesPerSecond: 20_000 }),
		);
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
			const soon: TaskScript = { ...files(text('the video')), runningPolls: 0 };
			lab.simulator.nextTaskScripts(soon, { ...soon, runningPolls: 1 });
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
			lab.simulator.nextTaskScripts({
				...files(text('gone', { expiresInMs: 0 })),
				runningPolls: 0,
			});
			const done = await wakeOnTime(await lab.run(sleeping, CONTINUE));
			expect(done.items[0]?.json).toMatchObject({
				taskId: lab.simulator.tasks[0]?.taskId,
				url: expect.stringContaining('http'),
				error: { kind: 'notFound' },
			});
		}, byAsking);
	});
});

/** Tasks end by being asked, not by the time that passes. */
const byAsking = { switches: { callbackPollMs: 600_000 } };
