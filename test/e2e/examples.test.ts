import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pLimit from 'p-limit';
import {
	errorOf,
	type Execution,
	type Item,
	itemsOf,
	type StoredWorkflow,
	type Workflow,
	type WorkflowNode,
} from '../../scripts/lib/n8nApi';
import { projectFolder } from '../../scripts/lib/project';
import { until } from '../../scripts/lib/until';
import {
	type TaskScript,
	type SimulatedTask,
	type Simulator,
	SIMULATOR_APP_ID,
	SIMULATOR_KEY,
	SIMULATOR_WORKFLOW_ID,
	startSimulator,
} from '../simulator';
import {
	CREDENTIAL,
	credentialData,
	saveCredential,
	type SavedCredential,
} from './support/credential';
import { makeDataTable, rowsOf } from './support/dataTable';
import { startHost } from './support/host';
import { type Inbox, openInbox } from './support/inbox';
import { useN8n } from './support/useN8n';

const FOLDER = join(projectFolder, 'examples');
const OURS = 'n8n-nodes-runninghub.';
const CLICK = 'When clicking ‘Execute workflow’';

/** Some runs wait in real time for over a minute: many of them do so at once. */
jest.setTimeout(300_000);
const PATIENCE_SECONDS = 240;

/** The one folder in which n8n may write files. */
const KEPT = mkdtempSync(join(tmpdir(), 'runninghub-kept-'));

const n8n = useN8n(async () => await startHost(undefined, { N8N_RESTRICT_FILE_ACCESS_TO: KEPT }));

afterAll(() => rmSync(KEPT, { recursive: true, force: true }));

const read = (file: string): Workflow => JSON.parse(readFileSync(join(FOLDER, file), 'utf8'));

/** Ends long after its execution has gone to sleep. */
const LONG: TaskScript = {
	runningMs: 20_000,
	callback: { kind: 'held' },
	end: { kind: 'success' },
};
const QUICK: TaskScript = { queuedPolls: 1, runningPolls: 1, end: { kind: 'success' } };
/** Long enough to be stopped while it runs. */
const SLOW: TaskScript = { runningMs: 8_000, end: { kind: 'success' } };
const FAILS: TaskScript = { ...QUICK, end: { kind: 'moderation' } };

/** What a test changes in its copy of an example: parameters, by node. */
type Changes = Record<string, Record<string, unknown>>;

/** A RunningHub account of one test's own, and the examples that use it. */
class TestAccount {
	private constructor(
		readonly simulator: Simulator,
		private readonly credential: SavedCredential,
	) {}

	static async open(script: TaskScript): Promise<TestAccount> {
		const simulator = await startSimulator({ defaultTaskScript: script });
		const name = `RunningHub ${randomUUID()}`;
		const credential = await saveCredential(n8n.host.api, credentialData(simulator), name);
		return new TestAccount(simulator, credential);
	}

	/**
	 * Imports an example, and chooses the credential in its nodes, as its note asks for.
	 * @param others credentials of other nodes, by their names
	 */
	async import(
		file: string,
		changes: Changes = {},
		others: Record<string, WorkflowNode['credentials']> = {},
	): Promise<StoredWorkflow> {
		const { nodes, ...example } = read(file);
		const names = nodes.map(({ name }) => name);
		expect(names).toEqual(expect.arrayContaining(Object.keys(changes)));
		return await n8n.host.api.importWorkflow({
			...example,
			nodes: nodes.map((node) => ({
				...node,
				parameters: { ...node.parameters, ...changes[node.name] },
				...(node.type.startsWith(OURS) && { credentials: { [CREDENTIAL]: this.credential } }),
				...(others[node.name] && { credentials: others[node.name] }),
			})),
		});
	}

	/** Presses "Execute workflow" in the editor; gives the execution's id. */
	async start(file: string, changes?: Changes): Promise<string> {
		return await n8n.host.api.runWorkflow(await this.import(file, changes), CLICK);
	}

	async run(file: string, changes?: Changes): Promise<Execution> {
		return await finished(await this.start(file, changes));
	}

	/** The one task that was paid for. */
	get taskId(): string {
		expect(this.simulator.submits()).toHaveLength(1);
		const [task] = this.simulator.tasks;
		return task?.taskId ?? '';
	}

	async allEnded(): Promise<void> {
		await until('all tasks to end', 60, () =>
			this.simulator.tasks.every(({ endedAt }) => endedAt !== null),
		);
	}
}

const finished = async (id: string) => await n8n.host.api.finishedExecution(id, PATIENCE_SECONDS);

/** n8n has stored it, and nothing runs. */
const asleep = async (id: string) => await n8n.host.api.executionInStatus(id, 'waiting', 90);

const outputOf = (execution: Execution, node: string) =>
	itemsOf(execution, node).map(({ json }) => json);

/** How often a node ran. */
const runsOf = (execution: Execution, node: string): number =>
	execution.data.resultData.runData[node]?.length ?? 0;

const tested = new Set<string>();

/** More at a time are too much for the one small n8n. */
const atOnce = pLimit(8);

/** A test that runs these examples, at the same time as others. */
function example(
	files: string | string[],
	what: string,
	script: TaskScript,
	check: (account: TestAccount) => Promise<void>,
): void {
	for (const file of [files].flat()) tested.add(file);
	const run = async () => {
		const account = await TestAccount.open(script);
		try {
			await check(account);
		} finally {
			await account.simulator.stop();
		}
	};
	test.concurrent(`${[files].flat().join(' and ')}: ${what}`, async () => await atOnce(run));
}

example('vidu-image-to-video.json', 'gives out the video', QUICK, async (account) => {
	const execution = await account.run('vidu-image-to-video.json');
	expect(execution.status).toBe('success');
	expect(outputOf(execution, 'Make the video')).toMatchObject([
		{ taskId: account.taskId, status: 'SUCCESS', url: expect.stringMatching(/\.mp4/) },
	]);
});

const SCHEDULED = 'vidu-on-schedule.json';
for (const [what, callback] of [
	['sleeps, and is woken by the callback', 'held'],
	['sleeps, and finds the video by itself when the callback is lost', 'lost'],
] as const) {
	example(SCHEDULED, what, { ...LONG, callback: { kind: callback } }, async (account) => {
		const { simulator } = account;
		const workflow = await account.import(SCHEDULED, { 'Every morning': soon() });
		await n8n.host.api.publish(workflow);
		const id = await until('the execution', 90, async () => (await newest(workflow))?.id);
		await asleep(id);
		const asleepSince = Date.now();
		await account.allEnded();
		await simulator.releaseCallbacks();

		const execution = await finished(id);
		expect(execution.status).toBe('success');
		// n8n lets a sleep that nobody ends last for 65 seconds.
		if (callback === 'held') expect(Date.now() - asleepSince).toBeLessThan(60_000);
		const [video, ...more] = itemsOf(execution, 'The video');
		expect(more).toEqual([]);
		expect(video?.json).toMatchObject({ taskId: account.taskId, status: 'SUCCESS' });
		expect(await contentOf(video)).toEqual(await download(String(video?.json.url)));
	});
}

/** A schedule that comes once in a test, whatever the time zone. */
function soon() {
	const at = new Date(Date.now() + 30_000);
	const expression = `${at.getSeconds()} ${at.getMinutes()} * * * *`;
	return { rule: { interval: [{ field: 'cronExpression', expression }] } };
}

example(SCHEDULED, 'keeps running when it is run from the editor', QUICK, async (account) => {
	const workflow = await account.import(SCHEDULED);
	const id = await n8n.host.api.runWorkflow(workflow, 'Every morning');
	const execution = await finished(id);
	expect(execution.status).toBe('success');
	expect(outputOf(execution, 'The video')).toMatchObject([{ taskId: account.taskId }]);
});

const MANY = 'vidu-many-items.json';
example(MANY, 'brings all scenes, and a failed one apart', QUICK, async (account) => {
	account.simulator.nextTaskScripts(QUICK, FAILS, QUICK);
	const execution = await account.run(MANY);
	expect(execution.status).toBe('success');

	const tasks = account.simulator.tasks.map(({ taskId, status, body }) => ({
		taskId,
		status,
		scene: String(body.prompt),
	}));
	expect(tasks).toHaveLength(3);
	const byScene = (a: { scene?: unknown }, b: { scene?: unknown }) =>
		String(a.scene).localeCompare(String(b.scene));
	const [failed] = tasks.filter(({ status }) => status === 'FAILED');
	const made = tasks.filter(({ status }) => status === 'SUCCESS').sort(byScene);
	expect(made).toHaveLength(2);

	expect(outputOf(execution, 'What failed')).toEqual([
		{
			scene: failed?.scene,
			taskId: failed?.taskId,
			status: 'FAILED',
			reason: expect.stringMatching(/\w+/),
		},
	]);
	expect(outputOf(execution, 'The videos').sort(byScene)).toEqual(
		made.map(({ scene, taskId }) => ({ scene, taskId, url: expect.stringMatching(/\.mp4/) })),
	);
});

example(MANY, 'brings all scenes when none fails', QUICK, async (account) => {
	const execution = await account.run(MANY);
	expect(execution.status).toBe('success');
	expect(runsOf(execution, 'What failed')).toBe(0);
	const scenes = outputOf(execution, 'The videos').map(({ scene }) => scene);
	expect(scenes).toEqual(outputOf(execution, 'One item per scene').map(({ scene }) => scene));
	expect(scenes).toHaveLength(3);
});

const TRIGGERED = 'runninghub-trigger.json';
const SUBMIT = 'vidu-submit-for-trigger.json';
example([SUBMIT, TRIGGERED], 'the one starts the other', QUICK, async (account) => {
	const triggered = await account.import(TRIGGERED);
	await n8n.host.api.publish(triggered);
	const trigger = triggered.nodes.find(({ name }) => name === 'RunningHub Trigger');
	// Not in the file: n8n makes a new one for each import, and so nobody else knows the URL.
	expect(trigger?.webhookId).toMatch(/^[\w-]{36}$/);
	const url = `${n8n.host.url}/webhook/${String(trigger?.webhookId)}/runninghub?source=foxes`;
	const pasted = { 'Start the video': { options: { callbackUrl: url } } };

	for (const script of [QUICK, FAILS]) {
		account.simulator.nextTaskScripts(script);
		const submitted = await account.run(SUBMIT, pasted);
		expect(submitted.status).toBe('success');
		await account.allEnded();
		await account.simulator.callbacksIdle();
	}
	const [made, failed] = account.simulator.tasks;
	const started = await until('both executions', 60, async () => {
		// n8n lists one that ends at that moment twice, or not at all.
		const ids = new Set((await n8n.host.api.executions(triggered.id)).map(({ id }) => id));
		return ids.size >= 2 && [...ids];
	});
	expect(started).toHaveLength(2);
	const ends = await Promise.all(started.map(finished));
	expect(ends.flatMap((execution) => outputOf(execution, 'RunningHub Trigger'))).toEqual([
		expect.objectContaining({ source: 'foxes' }),
		expect.objectContaining({ source: 'foxes' }),
	]);
	const [video, ...more] = ends.flatMap((execution) => itemsOf(execution, 'Fetch the video'));
	expect(more).toEqual([]);
	expect(video?.json).toMatchObject({ taskId: made?.taskId, status: 'SUCCESS' });
	expect(await contentOf(video)).toEqual(await download(String(addressOf(made))));
	// The two that were submitted: to fetch pays for nothing.
	expect(account.simulator.submits()).toHaveLength(2);
	expect(ends.flatMap((execution) => outputOf(execution, 'What failed'))).toEqual([
		{ taskId: failed?.taskId, source: 'foxes', reason: expect.stringMatching(/\w+/) },
	]);
});

example(SUBMIT, 'is refused before it pays, until the URL is pasted', QUICK, async (account) => {
	const execution = await account.run(SUBMIT);
	expect(execution.status).toBe('error');
	expect(errorOf(execution)?.message).toMatch(/Callback URL is "Paste .*https:\/\//);
	expect(account.simulator.requests).toEqual([]);
});

/** What an example's form has filled in, with other values for some of its inputs. */
const inputs = (file: string, node: string, values: Record<string, string>) => {
	const found = read(file).nodes.find(({ name }) => name === node);
	const nodeInputs = found?.parameters.nodeInputs;
	return {
		nodeInputs: { ...Object(nodeInputs), value: { ...Object(nodeInputs).value, ...values } },
	};
};

const APP = 'ai-app.json';
example(APP, 'downloads the poster', QUICK, async (account) => {
	const { simulator } = account;
	const picture = `${simulator.filesUrl}/preview/fox.png`;
	const execution = await account.run(APP, {
		'Make the poster': inputs(APP, 'Make the poster', { '39.image': picture }),
	});
	expect(execution.status).toBe('success');
	const [poster] = itemsOf(execution, 'Make the poster');
	expect(poster?.json).toMatchObject({ taskId: account.taskId, source: SIMULATOR_APP_ID });
	expect(await contentOf(poster)).toEqual(await download(String(poster?.json.url)));
	expect(simulator.uploads).toHaveLength(1);
	expect(simulator.tasks[0]?.body.nodeInfoList).toEqual(
		expect.arrayContaining([
			expect.objectContaining({ nodeId: '39', fieldValue: simulator.uploads[0]?.fileName }),
			expect.objectContaining({ nodeId: '52', fieldValue: expect.stringMatching(/Good Morning/) }),
		]),
	);
	expect(simulator.leaks()).toEqual([]);
});

const FORM = 'comfy-workflow-from-form.json';
example(FORM, 'hands out what it makes of the picture', QUICK, async (account) => {
	const { simulator } = account;
	const workflow = await account.import(FORM);
	await n8n.host.api.publish(workflow);
	const { id, page } = await sendForm(workflow, [pictureFile(), 'A fox made of paper']);
	const waiting = await asleep(id);
	const shown = await page();
	expect(shown).toContain('Here is your picture');

	const [picture] = itemsOf(waiting, 'Run the workflow');
	expect(picture?.json).toMatchObject({ taskId: account.taskId, source: SIMULATOR_WORKFLOW_ID });
	const made = await download(String(picture?.json.url));
	expect(await contentOf(picture)).toEqual(made);
	expect(handsOut(shown, made)).toBe(true);
	expect((await finished(id)).status).toBe('success');

	expect(simulator.uploads.map(({ originalName, size }) => [originalName, size])).toEqual([
		['fox.png', PICTURE.length],
	]);
	expect(simulator.tasks[0]?.body.nodeInfoList).toEqual([
		{ nodeId: '10', fieldName: 'image', fieldValue: simulator.uploads[0]?.fileName },
		{ nodeId: '6', fieldName: 'text', fieldValue: 'A fox made of paper' },
	]);
	expect(simulator.leaks()).toEqual([]);
});

/** Fills in the form that starts a published workflow, field by field, and sends it. */
async function sendForm(workflow: StoredWorkflow, fields: Array<string | File>) {
	const trigger = workflow.nodes.find(({ name }) => name === 'On form submission');
	const form = new FormData();
	fields.forEach((value, index) => form.set(`field-${index}`, value));
	const url = `${n8n.host.url}/form/${String(trigger?.webhookId)}`;
	const answer = await fetch(url, { method: 'POST', body: form });
	expect(answer.status).toBe(200);
	const { formWaitingUrl }: { formWaitingUrl?: string } = Object(await answer.json());
	const id = await until('the execution', 30, async () => (await newest(workflow))?.id);
	/** Opens the last page of the form, as the browser does when the execution waits there. */
	const page = async () => {
		const text = await (await fetch(String(formWaitingUrl))).text();
		await fetch(String(formWaitingUrl), { method: 'POST' });
		return text;
	};
	return { id, page };
}

/** n8n's page holds the file itself, and saves it when the browser opens it. */
const handsOut = (page: string, file: Buffer) =>
	decodeURIComponent(page).includes(JSON.stringify(file));

const NIGHT = 'night-shift-from-table.json';
const COLUMNS = ['name', 'picture', 'prompt', 'status', 'taskId', 'result', 'cost', 'run'];
/** The simulator's price of one video of the example. */
const NIGHT_PRICE = 0.31;

/** The example with a table of these rows; each test keeps its files in a folder of its own. */
class NightShift {
	private constructor(
		readonly table: string,
		readonly folder: string,
		private readonly workflow: StoredWorkflow,
	) {}

	static async open(
		account: TestAccount,
		rows: Array<Record<string, string>>,
		changes: Changes = {},
		columns = COLUMNS,
	): Promise<NightShift> {
		const table = await makeDataTable(n8n.host, `Videos ${randomUUID()}`, columns, rows);
		const folder = mkdtempSync(join(KEPT, 'night-'));
		const workflow = await account.import(NIGHT, {
			'Rows under way': { dataTableId: { __rl: true, mode: 'list', value: table } },
			'Keep the file': { fileName: fileName(folder) },
			...changes,
		});
		return new NightShift(table, folder, workflow);
	}

	async start(trigger = 'Every night'): Promise<string> {
		return await n8n.host.api.runWorkflow(this.workflow, trigger);
	}

	/** Publishes it; gives the execution that the schedule starts. */
	async startBySchedule(): Promise<string> {
		await n8n.host.api.publish(this.workflow);
		return await until('the execution', 90, async () => (await newest(this.workflow))?.id);
	}

	/** A whole night as by hand, which keeps running while it waits; gives its one item. */
	async run(trigger?: string) {
		const execution = await finished(await this.start(trigger));
		expect(errorOf(execution)?.message).toBeUndefined();
		const [report, ...more] = outputOf(execution, 'What the night brought');
		expect(more).toEqual([]);
		return report;
	}

	async rows() {
		return await rowsOf(n8n.host, this.table);
	}

	async statuses() {
		return Object.fromEntries((await this.rows()).map(({ name, status }) => [name, status || '']));
	}
}

const parametersOf = (node: string) =>
	read(NIGHT).nodes.find(({ name }) => name === node)?.parameters;

/** The example's own name of a file, in another folder. */
const fileName = (folder: string) =>
	String(parametersOf('Keep the file')?.fileName).replace('/home/node/.n8n-files', folder);

const nightRow = (name: string, more: Record<string, string> = {}) => ({
	name,
	picture: 'https://example.com/fox.jpg',
	prompt: `A fox, ${name}`,
	...more,
});

/** What the rows' videos were made for, in the order of their names. */
const promptsOf = ({ simulator }: TestAccount) =>
	simulator.tasks.map(({ body }) => body.prompt).sort();

const SOON: TaskScript = { runningMs: 500, end: { kind: 'success' } };
example(
	NIGHT,
	'makes of 200 rows what the budget allows, and the rest the next night',
	SOON,
	async (account) => {
		const { simulator } = account;
		simulator.addAccount(SIMULATOR_KEY, { concurrencyLimit: 5 });
		const names = Array.from({ length: 200 }, (_, index) => `scene ${index + 1}`);
		const rows = names.map((name) => nightRow(name));
		rows[2] = nightRow('scene 3', { picture: '' });
		rows[3] = nightRow('scene 4', { prompt: 'A fox [moderation]' });
		rows[4] = nightRow('scene 5', { status: 'SUCCESS', result: 'made long ago' });
		const budget = NIGHT_PRICE * 110.5;
		const night = await NightShift.open(account, rows, {
			'Start the videos': { ...parametersOf('Start the videos'), options: { budget } },
			'Wait for the videos': {
				...parametersOf('Wait for the videos'),
				options: { pollInterval: 1 },
			},
		});

		const first = await night.run();
		expect(simulator.tasks).toHaveLength(110);
		expect(mostAtOnce(simulator.tasks)).toBe(5);
		const spent = sumOf(simulator.tasks.map(({ cost }) => cost));
		expect(spent).toBeLessThanOrEqual(budget);
		expect(first).toEqual({
			made: 109,
			failed: 2,
			failures: [
				expect.stringMatching(/^3 scene 3: Image is empty/),
				expect.stringMatching(/^4 scene 4: \w+/),
			],
			leftForNextNight: 88,
			whyLeft: expect.stringMatching(/^This task would cost .* Budget is [\d.]+\.$/),
			stillUnderWay: 0,
			inDoubt: [],
			cost: { CNY: spent },
		});
		expect(await night.statuses()).toMatchObject({
			'scene 1': 'SUCCESS',
			'scene 3': 'FAILED',
			'scene 4': 'FAILED',
			'scene 112': 'SUCCESS',
			'scene 113': '',
			'scene 200': '',
		});

		const second = await night.run();
		expect(second).toMatchObject({
			made: 88,
			failed: 0,
			failures: [],
			leftForNextNight: 0,
			whyLeft: '',
		});
		// Each row was paid for once.
		expect(simulator.tasks).toHaveLength(198);
		expect(new Set(promptsOf(account)).size).toBe(198);

		const kept = await night.rows();
		const made = kept.filter(({ status, taskId }) => status === 'SUCCESS' && taskId);
		expect(made).toHaveLength(197);
		expect(readdirSync(night.folder).sort()).toEqual(made.map(({ result }) => result).sort());
		for (const { id, name, taskId, result } of made) {
			expect(result).toBe(`${id} ${name} ${taskId}.mp4`);
			const task = simulator.tasks.find((one) => one.taskId === taskId);
			expect(task?.body.prompt).toBe(`A fox, ${name}`);
		}
		const [{ taskId, result } = {}] = made;
		const video = simulator.tasks.find((one) => one.taskId === taskId)?.results[0]?.url;
		expect(readFileSync(join(night.folder, String(result)))).toEqual(await download(String(video)));
	},
);

const MORNING = 'In the morning, only fetch';

example(NIGHT, 'fetches what a night that was broken off has paid for', SLOW, async (account) => {
	const { simulator } = account;
	simulator.addAccount(SIMULATOR_KEY, { concurrencyLimit: 3 });
	const names = ['one', 'two', 'three', 'four', 'five'];
	const night = await NightShift.open(
		account,
		names.map((name) => nightRow(name)),
	);
	const id = await night.start();
	await until('the first videos to be under way', 60, async () => {
		const statuses = Object.values(await night.statuses());
		return statuses.filter((status) => status === 'sent').length === 3;
	});
	await n8n.host.api.stopExecution(id);
	expect(simulator.tasks).toHaveLength(3);

	expect(await night.run(MORNING)).toMatchObject({
		made: 3,
		failed: 0,
		leftForNextNight: 2,
		whyLeft: expect.stringMatching(/^This run only fetches/),
	});
	expect(simulator.tasks).toHaveLength(3);
	expect(await night.run()).toMatchObject({ made: 2, failed: 0, leftForNextNight: 0, inDoubt: [] });
	expect(promptsOf(account)).toEqual(names.map((name) => `A fox, ${name}`).sort());
	expect(readdirSync(night.folder)).toHaveLength(5);
});

example(
	NIGHT,
	'stops before it pays for more when a file cannot be kept',
	QUICK,
	async (account) => {
		const { simulator } = account;
		const names = ['one', 'two', 'three', 'four', 'five', 'six'];
		const missing = join(KEPT, randomUUID());
		const night = await NightShift.open(
			account,
			names.map((name) => nightRow(name)),
			{
				'Keep the file': { fileName: fileName(missing) },
			},
		);
		const execution = await finished(await night.start());
		expect(execution.status).toBe('error');
		expect(simulator.tasks).toHaveLength(5);

		mkdirSync(missing);
		expect(await night.run()).toMatchObject({ made: 6, failed: 0 });
		expect(simulator.tasks).toHaveLength(6);
		expect(readdirSync(missing)).toHaveLength(6);
	},
);

example(NIGHT, 'leaves alone what may have been paid for', QUICK, async (account) => {
	const { simulator } = account;
	simulator.addFault({ kind: 'dropAfter', match: { path: '/openapi/v2/vidu/' }, times: 1 });
	const night = await NightShift.open(account, [
		nightRow('broken off', { status: 'started' }),
		nightRow('unsure'),
	]);
	const brokenOff = '1 broken off';
	expect(await night.run()).toMatchObject({
		made: 0,
		failed: 0,
		inDoubt: [brokenOff, expect.stringMatching(/^2 unsure: RunningHub may or may not/)],
	});
	expect(await night.statuses()).toEqual({ 'broken off': 'started', unsure: 'UNKNOWN' });
	expect(await night.run()).toMatchObject({ made: 0, failed: 0, inDoubt: [brokenOff] });
	expect(simulator.submits()).toHaveLength(1);
});

example(NIGHT, 'ends when RunningHub answers no submit', QUICK, async (account) => {
	const { simulator } = account;
	simulator.addFault({ kind: 'dropAfter', match: { path: '/openapi/v2/vidu/' }, times: 'always' });
	const names = ['one', 'two', 'three', 'four', 'five', 'six', 'seven'];
	const night = await NightShift.open(
		account,
		names.map((name) => nightRow(name)),
	);
	const report = await night.run();
	expect(simulator.submits()).toHaveLength(5);
	expect(report).toMatchObject({
		failed: 0,
		leftForNextNight: 2,
		whyLeft: expect.stringMatching(/^None of the last rows could be sent/),
	});
	expect(report?.inDoubt).toHaveLength(5);
});

example(NIGHT, 'is not held up by rows that RunningHub refuses', QUICK, async (account) => {
	const names = ['three', 'four', 'five', 'six', 'seven', 'eight'];
	const night = await NightShift.open(account, [
		nightRow('refused', { prompt: 'A fox [refuse 1015]' }),
		nightRow('too dear', { prompt: 'A fox [refuse 416]' }),
		...names.map((name) => nightRow(name)),
	]);
	expect(await night.run()).toMatchObject({
		made: 6,
		failed: 1,
		failures: [expect.stringMatching(/^1 refused: The generation failed/)],
		leftForNextNight: 1,
		whyLeft: expect.stringMatching(/^The wallet balance is too low/),
	});
	expect(await night.statuses()).toMatchObject({ refused: 'FAILED', 'too dear': '' });
	expect(account.simulator.submits()).toHaveLength(8);
});

example(NIGHT, 'fetches a file that is not there yet the next time', QUICK, async (account) => {
	const { simulator } = account;
	// As often as one download tries.
	simulator.addFault({ kind: 'http', status: 404, match: { origin: 'files' }, times: 4 });
	const night = await NightShift.open(account, [nightRow('late')]);
	expect(await night.run()).toMatchObject({ made: 0, failed: 0, inDoubt: [], stillUnderWay: 1 });
	expect(await night.statuses()).toEqual({ late: 'sent' });

	expect(await night.run(MORNING)).toMatchObject({ made: 1, stillUnderWay: 0 });
	expect(readdirSync(night.folder)).toEqual([`1 late ${account.taskId}.mp4`]);
});

example(NIGHT, 'keeps files of rows with any name, or with none', QUICK, async (account) => {
	const night = await NightShift.open(account, [
		nightRow('', { picture: '' }),
		nightRow('狐狸'.repeat(100)),
		nightRow(''),
	]);
	expect(await night.run()).toMatchObject({
		made: 2,
		failures: [expect.stringMatching(/^1: Image is empty/)],
	});
	const [, long, unnamed] = await night.rows();
	expect(readdirSync(night.folder).sort()).toEqual([
		`2 ${'狐狸'.repeat(30)} ${String(long?.taskId)}.mp4`,
		`3 ${String(unnamed?.taskId)}.mp4`,
	]);
});

example(NIGHT, 'pays for no row twice when two executions run at once', QUICK, async (account) => {
	const names = ['one', 'two', 'three', 'four'];
	const night = await NightShift.open(
		account,
		names.map((name) => nightRow(name)),
	);
	const ids = await Promise.all([night.start(), night.start()]);
	await Promise.all(ids.map(finished));
	expect(promptsOf(account)).toEqual(names.map((name) => `A fox, ${name}`).sort());
});

example(NIGHT, 'finds a missing column before it pays', QUICK, async (account) => {
	const columns = COLUMNS.map((column) => (column === 'cost' ? 'costs' : column));
	const night = await NightShift.open(account, [nightRow('one')], {}, columns);
	expect((await finished(await night.start())).status).toBe('error');
	expect(account.simulator.submits()).toEqual([]);
	expect(await night.statuses()).toEqual({ one: '' });
});

example(
	NIGHT,
	'sleeps while videos are made, and keeps to the budget all night',
	LONG,
	async (account) => {
		const rows = ['one', 'two'].map((name) => nightRow(name));
		const night = await NightShift.open(account, rows, {
			'Every night': soon(),
			'Next rows': { ...parametersOf('Next rows'), limit: 1 },
			'Start the videos': {
				...parametersOf('Start the videos'),
				options: { budget: NIGHT_PRICE * 1.5 },
			},
		});
		const id = await night.startBySchedule();
		await asleep(id);
		const execution = await finished(id);
		expect(execution.status).toBe('success');
		// The second is refused behind the sleep, by what the first has cost before it.
		expect(runsOf(execution, 'Start the videos')).toBe(2);
		expect(outputOf(execution, 'What the night brought')).toMatchObject([
			{ made: 1, failed: 0, leftForNextNight: 1 },
		]);
		expect(account.simulator.tasks).toHaveLength(1);
		expect(readdirSync(night.folder)).toEqual([`1 one ${account.taskId}.mp4`]);
	},
);

const SHOP = 'product-video-from-webhook.json';

/** A shop that sends orders to the published example, and takes what comes back. */
interface Shop {
	/** Gives the execution's id. */
	order(fields: Record<string, string | File>): Promise<string>;
	videos: Inbox;
	failures: Inbox;
}

/** @param refusals how often it refuses a video, and a failure, before it takes one */
async function withShop(
	account: TestAccount,
	check: (shop: Shop) => Promise<void>,
	refusals = 1,
): Promise<void> {
	const [videos, failures] = await Promise.all([openInbox(refusals), openInbox(refusals)]);
	try {
		const workflow = await account.import(
			SHOP,
			{
				Webhook: { path: randomUUID() },
				'Deliver the file': { url: videos.url },
				'Tell the shop': { url: failures.url },
			},
			{ Webhook: await headerAuth() },
		);
		await n8n.host.api.publish(workflow);
		const url = `${n8n.host.url}/webhook/${String(workflow.nodes[0]?.parameters.path)}`;
		const order: Shop['order'] = async (fields) => {
			const form = new FormData();
			for (const [name, value] of Object.entries(fields)) form.set(name, value);
			const send = async (headers: Record<string, string>) =>
				(await fetch(url, { method: 'POST', body: form, headers })).status;
			expect(await send({})).toBe(403);
			expect(await send(SECRET)).toBe(200);
			return await until('the execution', 30, async () => (await newest(workflow))?.id);
		};
		await check({ order, videos, failures });
	} finally {
		await Promise.all([videos.stop(), failures.stop()]);
	}
}

for (const [what, callback] of [
	['sends the file when the callback comes', 'held'],
	['sends the file when the callback is lost', 'lost'],
] as const) {
	example(SHOP, what, { ...LONG, callback: { kind: callback } }, async (account) => {
		const { simulator } = account;
		await withShop(account, async ({ order, videos, failures }) => {
			const id = await order({ picture: pictureFile(), product: 'fox-42' });
			await asleep(id);
			await account.allEnded();
			await simulator.releaseCallbacks();
			const execution = await finished(id);
			expect(execution.status).toBe('success');

			const [video] = simulator.tasks[0]?.results ?? [];
			expect(videos.parcels).toEqual([
				{
					query: { product: 'fox-42', taskId: account.taskId },
					contentType: 'video/mp4',
					bytes: await download(String(video?.url)),
				},
			]);
			expect(failures.parcels).toEqual([]);
			expect(simulator.tasks[0]?.body.imageUrl).toBe(simulator.uploads[0]?.url);
			expect(simulator.leaks()).toEqual([]);
		});
	});
}

/** What the shop was told, as it reads it. */
const toldOf = ({ parcels }: Inbox) =>
	parcels.map(({ contentType, bytes }) => {
		expect(contentType).toBe('application/json');
		return JSON.parse(bytes.toString()) as unknown;
	});

const LONG_FAILS: TaskScript = { ...LONG, end: { kind: 'moderation' } };
example(SHOP, 'tells the shop once of a video that failed', LONG_FAILS, async (account) => {
	await withShop(account, async ({ order, videos, failures }) => {
		const id = await order({ picture: pictureFile(), product: 'fox-42' });
		await asleep(id);
		await account.allEnded();
		await account.simulator.releaseCallbacks();
		const execution = await finished(id);
		expect(execution.status).toBe('success');

		const { taskId } = account;
		expect(toldOf(failures)).toEqual([
			{ product: 'fox-42', taskId, status: 'FAILED', error: expect.stringMatching(/\w+/) },
		]);
		expect(videos.parcels).toEqual([]);
		expect(runsOf(execution, 'Deliver the file')).toBe(0);
		expect(account.simulator.leaks()).toEqual([]);
	});
});

for (const [what, script] of [
	['a video', QUICK],
	['a failure', FAILS],
] as const) {
	example(SHOP, `sends ${what} on Retry, and pays once`, script, async (account) => {
		const fiveTries = 5;
		await withShop(
			account,
			async ({ order, videos, failures }) => {
				const id = await order({ picture: pictureFile(), product: 'fox-42' });
				expect((await finished(id)).status).toBe('error');
				expect([...videos.parcels, ...failures.parcels]).toEqual([]);

				const retried = await finished(await n8n.host.api.retryExecution(id, 'asItWas'));
				expect(retried.status).toBe('success');
				const [taken, other] = script === QUICK ? [videos, failures] : [failures, videos];
				expect(taken.parcels).toHaveLength(1);
				expect(other.parcels).toEqual([]);
				expect(account.simulator.submits()).toHaveLength(1);
			},
			fiveTries,
		);
	});
}

example(SHOP, 'tells the shop of an order without a picture', QUICK, async (account) => {
	await withShop(account, async ({ order, videos, failures }) => {
		const execution = await finished(await order({ product: 'fox-42' }));
		expect(execution.status).toBe('success');
		expect(toldOf(failures)).toEqual([
			{
				product: 'fox-42',
				taskId: null,
				status: 'FAILED',
				error: expect.stringMatching(/picture/),
			},
		]);
		expect(videos.parcels).toEqual([]);
		expect(account.simulator.submits()).toEqual([]);
	});
});

const SECRET = { 'x-shop-secret': 'only-for-tests' };

async function headerAuth() {
	const [[name, value] = []] = Object.entries(SECRET);
	const credential = {
		name: `Shop ${randomUUID()}`,
		type: 'httpHeaderAuth',
		data: { name, value },
	};
	return { httpHeaderAuth: await n8n.host.api.saveCredential(credential) };
}

const PICTURE = readFileSync(join(projectFolder, 'test/simulator/fixtures/sample.png'));
const pictureFile = () => new File([PICTURE], 'fox.png', { type: 'image/png' });

async function download(url: string): Promise<Buffer> {
	return Buffer.from(await (await fetch(url)).arrayBuffer());
}

async function contentOf(item: Item | undefined): Promise<Buffer | undefined> {
	const file = item?.binary?.data;
	return file && (await n8n.host.api.binaryContent(file));
}

async function newest({ id }: StoredWorkflow) {
	return (await n8n.host.api.executions(id))[0];
}

/** Of money: without the digits that binary fractions add. */
const sumOf = (amounts: number[]) => Number(amounts.reduce((sum, one) => sum + one, 0).toFixed(6));

/** How many tasks there were at the same time. */
function mostAtOnce(tasks: SimulatedTask[]): number {
	const running = (at: number) =>
		tasks.filter(({ createdAt, endedAt }) => createdAt <= at && at < (endedAt ?? Infinity));
	return Math.max(...tasks.map(({ createdAt }) => running(createdAt).length));
}

const TEXT_TO_IMAGE = 'model-text-to-image.json';
example(TEXT_TO_IMAGE, 'gives out the picture as a file', QUICK, async (account) => {
	const execution = await account.run(TEXT_TO_IMAGE);
	expect(execution.status).toBe('success');
	const [item, ...more] = itemsOf(execution, 'Make the picture');
	expect(more).toEqual([]);
	expect(item?.json).toMatchObject({ taskId: account.taskId, status: 'SUCCESS' });
	expect(item?.binary?.data).toMatchObject({
		mimeType: 'image/png',
		fileName: expect.stringMatching(/\.png$/),
	});
});

const FOUR = 'compare-models.json';
example(FOUR, 'makes all four at once, and has a row for each', SLOW, async (account) => {
	const { simulator } = account;
	simulator.addFault({
		kind: 'e3',
		errorCode: '1007',
		match: { path: '/openapi/v2/kling' },
		times: 'always',
	});
	simulator.nextTaskScripts(SLOW, { ...SLOW, end: { kind: 'moderation' } }, SLOW);
	const execution = await account.run(FOUR);
	expect(execution.status).toBe('success');

	const [vidu, seedance, hailuo, ...more] = simulator.tasks;
	expect(more).toEqual([]);
	expect(mostAtOnce(simulator.tasks)).toBe(3);
	const made = (task?: SimulatedTask) => ({
		model: task?.endpoint.replace('/openapi/v2/', ''),
		price: task?.cost,
		seconds: expect.any(Number),
		address: task?.results[0]?.url,
		problem: '',
		taskId: task?.taskId,
	});
	expect(outputOf(execution, 'Compare')).toEqual([
		made(vidu),
		{
			model: 'kling-v3.0-std/text-to-video',
			price: 0,
			seconds: null,
			address: '',
			problem: expect.stringMatching(/\w+/),
			taskId: '',
		},
		{ ...made(seedance), address: '', problem: expect.stringMatching(/\w+/) },
		made(hailuo),
	]);
	const prompt = outputOf(execution, 'The prompt')[0]?.prompt;
	expect(simulator.tasks.map(({ body }) => body.prompt)).toEqual([prompt, prompt, prompt]);
});

const LIMIT = 'model-price-limit.json';
/** The simulator's price of the example's picture is 0.05. */
const wish = (limit: number): Changes => ({
	'What to make': { jsonOutput: JSON.stringify({ prompt: 'A fox', limit }) },
});

example(LIMIT, 'makes what is cheap enough', QUICK, async (account) => {
	const execution = await account.run(LIMIT);
	expect(execution.status).toBe('success');
	expect(outputOf(execution, 'What would it cost?')).toMatchObject([
		{ amount: 0.05, basis: 'preview' },
	]);
	expect(outputOf(execution, 'The picture')).toEqual([
		{ taskId: account.taskId, url: expect.stringMatching(/\.png/), cost: 0.05, coins: 0 },
	]);
});

example(LIMIT, 'makes nothing that is too dear', QUICK, async (account) => {
	const execution = await account.run(LIMIT, wish(0.01));
	expect(execution.status).toBe('success');
	expect(outputOf(execution, 'Too expensive')).toEqual([
		{ price: 0.05, currency: 'CNY', limit: 0.01 },
	]);
	expect(runsOf(execution, 'Make the picture')).toBe(0);
	expect(account.simulator.submits()).toEqual([]);
});

const FILM = 'film-from-story.json';
const STORY = [
	'a fox asleep | it wakes up',
	'a fox in the snow | it runs',
	'',
	' a fox at the river|it swims ',
	'a fox in its den',
].join('\r\n');
const STYLE = 'watercolour';
const SCENES = ['a fox asleep', 'a fox in the snow', 'a fox at the river', 'a fox in its den'];
const MOTIONS = ['it wakes up', 'it runs', 'it swims'];
const PICTURE_MODEL = 'rhart-image-v1/text-to-image';
const CLIP_MODEL = 'vidu/start-end-to-video-q2-turbo';

const MADE: TaskScript = { runningMs: 2_000, end: { kind: 'success' } };
const REFUSED: TaskScript = { runningMs: 2_000, end: { kind: 'moderation' } };

/** A video that is like no other, so that its file tells where it came from. */
const videoOf = (bytes: number): TaskScript => ({
	runningMs: 2_000,
	end: { kind: 'success', files: [{ type: 'mp4', bytes }] },
});

/** A folder of a test's own, and the change that makes an example save there. */
function keepFiles(file: string, node: string) {
	const folder = join(KEPT, randomUUID());
	const { fileName } = read(file).nodes.find(({ name }) => name === node)?.parameters ?? {};
	expect(fileName).toMatch(/^=\/home\/node\/\.n8n-files\//);
	const here = String(fileName).replace('/home/node/.n8n-files', folder);
	return { folder, change: { [node]: { fileName: here } } };
}

/** What was paid for, by model. */
const paid = ({ tasks }: Simulator, model: string) =>
	tasks.filter(({ endpoint }) => endpoint === model);
const succeeded = (tasks: SimulatedTask[]) => tasks.filter(({ status }) => status === 'SUCCESS');
const addressOf = (task: SimulatedTask | undefined) => task?.results[0]?.url;

/** The pictures that were made, in the order of the story, and the clips in the order of their files. */
async function filmOf({ simulator }: TestAccount, folder: string) {
	const promptOf = (scene: string) => `${scene}, ${STYLE}`;
	const pictures = succeeded(paid(simulator, PICTURE_MODEL));
	const inOrder = SCENES.map((scene) =>
		pictures.find(({ body }) => body.prompt === promptOf(scene)),
	);
	const clips = succeeded(paid(simulator, CLIP_MODEL));
	const files = (await readdir(folder)).sort();
	const shown = await Promise.all(
		files.map(async (name) => {
			const content = await readFile(join(folder, name));
			const sources = await Promise.all(
				clips.map(async (clip) => content.equals(await download(String(addressOf(clip))))),
			);
			return clips[sources.indexOf(true)];
		}),
	);
	return { pictures: inOrder.map(addressOf), files, shown: shown.map((clip) => clip?.body) };
}

/** The scenes or motions that were paid for more than once. */
const paidAgain = (tasks: SimulatedTask[]) => {
	const prompts = tasks.map(({ body }) => body.prompt);
	return prompts.filter((prompt, index) => prompts.indexOf(prompt) !== index);
};

example(FILM, 'makes what failed again, alone, and keeps the order', MADE, async (account) => {
	const { simulator } = account;
	const { folder, change } = keepFiles(FILM, 'Save the clips');
	await mkdir(folder);
	simulator.nextTaskScripts(MADE, REFUSED, MADE, MADE, MADE);
	simulator.nextTaskScripts(videoOf(3_000), REFUSED, videoOf(1_000), videoOf(2_000));
	const workflow = await account.import(FILM, change);
	await n8n.host.api.publish(workflow);
	const { id } = await sendForm(workflow, [STORY, STYLE]);
	await asleep(id);
	const execution = await finished(id);
	expect(execution.status).toBe('success');

	for (const [model, times] of [
		[PICTURE_MODEL, 5],
		[CLIP_MODEL, 4],
	] as const) {
		const tasks = paid(simulator, model);
		expect(tasks).toHaveLength(times);
		const failed = tasks.filter(({ status }) => status === 'FAILED').map(({ body }) => body.prompt);
		expect(failed).toHaveLength(1);
		expect(paidAgain(tasks)).toEqual(failed);
	}
	const { pictures, files, shown } = await filmOf(account, folder);
	const { submittedAt } = outputOf(execution, 'On form submission')[0] ?? {};
	// The time of the form to the millisecond, with nothing that a file's name may not hold.
	const film = String(submittedAt).slice(0, 23).replaceAll(':', '-').replace('.', '-');
	expect(film).toMatch(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}$/);
	expect(files).toEqual(['01', '02', '03'].map((number) => `film-${film}-${number}.mp4`));
	expect(shown).toEqual(
		MOTIONS.map((prompt, index) =>
			expect.objectContaining({
				prompt,
				firstImageUrl: pictures[index],
				lastImageUrl: pictures[index + 1],
			}),
		),
	);
	expect(outputOf(execution, 'Save the clips').map(({ fileName }) => fileName)).toEqual(
		files.map((name) => join(folder, name)),
	);
	expect(simulator.leaks()).toEqual([]);
});

example(FILM, 'makes a scene that failed twice on Retry, alone', MADE, async (account) => {
	const { simulator } = account;
	const { folder, change } = keepFiles(FILM, 'Save the clips');
	simulator.nextTaskScripts(MADE, REFUSED, MADE, MADE, REFUSED);
	const workflow = await account.import(FILM, change);
	await n8n.host.api.publish(workflow);
	const { id } = await sendForm(workflow, [STORY, STYLE]);
	const failed = await finished(id);
	expect(failed.status).toBe('error');
	expect(paid(simulator, PICTURE_MODEL)).toHaveLength(5);
	expect(errorOf(failed)?.message).toContain(String(paid(simulator, PICTURE_MODEL)[4]?.taskId));

	simulator.nextTaskScripts(MADE, videoOf(1_000), videoOf(2_000), videoOf(3_000));
	const retried = await finished(await n8n.host.api.retryExecution(id, 'asItWas'));
	expect(paid(simulator, PICTURE_MODEL)).toHaveLength(6);
	expect(new Set(paidAgain(paid(simulator, PICTURE_MODEL))).size).toBe(1);

	// There is no folder yet: what was paid for is not lost.
	expect(retried.status).toBe('error');
	expect(retried.data.resultData.lastNodeExecuted).toBe('Save the clips');
	await mkdir(folder);
	const saved = await finished(await n8n.host.api.retryExecution(retried.id, 'asItWas'));
	expect(saved.status).toBe('success');
	expect(paid(simulator, CLIP_MODEL)).toHaveLength(3);
	expect(simulator.submits()).toHaveLength(9);
	const { shown } = await filmOf(account, folder);
	expect(shown.map((body) => body?.prompt)).toEqual(MOTIONS);
});

example(FILM, 'can be had without a scene that is always refused', MADE, async (account) => {
	const { simulator } = account;
	const { folder, change } = keepFiles(FILM, 'Save the clips');
	await mkdir(folder);
	const workflow = await account.import(FILM, change);
	await n8n.host.api.publish(workflow);
	const refused = 'a fox in the snow [moderation]';
	const story = STORY.replace('a fox in the snow', refused);
	const { id } = await sendForm(workflow, [story, STYLE]);
	expect((await finished(id)).status).toBe('error');

	// As its note says.
	const without = workflow.nodes.map((node) =>
		node.name === 'Make the pictures' ? { ...node, onError: 'continueRegularOutput' } : node,
	);
	await n8n.host.api.updateWorkflow({ ...workflow, nodes: without });
	const execution = await finished(await n8n.host.api.retryExecution(id, 'asItIsNow'));
	expect(execution.status).toBe('success');
	const again = `${refused}, ${STYLE}`;
	expect(paidAgain(paid(simulator, PICTURE_MODEL))).toEqual([again, again]);
	const { pictures, files } = await filmOf(account, folder);
	expect(files.map((name) => name.slice(-6))).toEqual(['01.mp4', '03.mp4']);
	const saved = outputOf(execution, 'Save the clips');
	expect(saved.map(({ fileName }) => fileName)).toEqual(files.map((name) => join(folder, name)));
	const clips = saved.map(({ taskId }) => simulator.tasks.find((task) => task.taskId === taskId));
	expect(clips.map((clip) => [clip?.body.firstImageUrl, clip?.body.lastImageUrl])).toEqual([
		[pictures[0], pictures[2]],
		[pictures[2], pictures[3]],
	]);
});

example(FILM, 'can be had without a clip whose file is gone', MADE, async (account) => {
	const { simulator } = account;
	const { folder, change } = keepFiles(FILM, 'Save the clips');
	await mkdir(folder);
	const gone: TaskScript = {
		...MADE,
		end: { kind: 'success', files: [{ type: 'mp4', status: 404 }] },
	};
	simulator.nextTaskScripts(MADE, MADE, MADE, MADE, MADE, gone, MADE);
	const { nodes, ...workflow } = await account.import(FILM, change);
	const without = nodes.map((node) =>
		node.name === 'Make the clips' ? { ...node, onError: 'continueRegularOutput' } : node,
	);
	const updated = await n8n.host.api.updateWorkflow({ ...workflow, nodes: without });
	await n8n.host.api.publish(updated);
	const { id } = await sendForm(updated, [STORY, STYLE]);
	const execution = await finished(id);
	expect(execution.status).toBe('success');
	const made = outputOf(execution, 'Make the clips');
	expect(made.map(({ status }) => status)).toEqual(['SUCCESS', 'SUCCESS', 'SUCCESS']);
	const names = made.flatMap(({ error }, index) => (error ? [] : [`0${index + 1}.mp4`]));
	expect(names).toHaveLength(2);
	expect((await readdir(folder)).map((name) => name.slice(-6)).sort()).toEqual(names);
});

const clipBudget = (budget: number) => ({ 'Make the clips': { options: { budget } } });

example(FILM, 'goes on with a higher budget, and pays for nothing twice', MADE, async (account) => {
	const { simulator } = account;
	const { folder, change } = keepFiles(FILM, 'Save the clips');
	await mkdir(folder);
	// A clip costs 0.31.
	const workflow = await account.import(FILM, { ...change, ...clipBudget(0.7) });
	await n8n.host.api.publish(workflow);
	const { id } = await sendForm(workflow, [STORY, STYLE]);
	const stopped = await finished(id);
	expect(errorOf(stopped)?.message).toMatch(/Budget is 0\.7/);
	expect(paid(simulator, CLIP_MODEL)).toHaveLength(2);

	const raised = workflow.nodes.map((node) =>
		node.name === 'Make the clips'
			? { ...node, parameters: { ...node.parameters, ...clipBudget(1)['Make the clips'] } }
			: node,
	);
	await n8n.host.api.updateWorkflow({ ...workflow, nodes: raised });
	const execution = await finished(await n8n.host.api.retryExecution(id, 'asItIsNow'));
	expect(execution.status).toBe('success');
	expect(
		paid(simulator, CLIP_MODEL)
			.map(({ body }) => body.prompt)
			.sort(),
	).toEqual([...MOTIONS].sort());
	expect(await readdir(folder)).toHaveLength(3);
});

for (const [what, scenes, refusal] of [
	['one scene alone', 1, /one scene alone: write two at least/],
	['more scenes than it takes', 21, /21 scenes: this workflow takes 20 at most/],
] as const) {
	example(FILM, `is refused before it pays, with ${what}`, MADE, async (account) => {
		const workflow = await account.import(FILM);
		await n8n.host.api.publish(workflow);
		const story = Array.from({ length: scenes }, () => 'a fox asleep | it wakes up').join('\n');
		const { id } = await sendForm(workflow, [story, '']);
		const execution = await finished(id);
		expect(execution.status).toBe('error');
		expect(errorOf(execution)?.message).toMatch(refusal);
		expect(account.simulator.requests).toEqual([]);
	});
}

const TALKING = 'talking-product.json';
const LIP_SYNC = '1900000000000200163';
const SPEECH_MODEL = 'rhart-audio/text-to-audio/speech-2.8-turbo';
const VIDEO_MODEL = 'vidu/image-to-video-q2-turbo';
const TEXT = 'Hello! I am your new favourite cup.';

/** An app that takes a video and a voice, as the example's note asks for. */
const lipSync = {
	name: 'Lip sync',
	description: 'Lets the video say what the voice says',
	fields: [
		{
			nodeId: '3',
			nodeName: 'VHS_LoadVideo',
			fieldName: 'video',
			fieldValue: 'example.mp4',
			fieldType: 'VIDEO' as const,
			description: 'video',
		},
		{
			nodeId: '4',
			nodeName: 'LoadAudio',
			fieldName: 'audio',
			fieldValue: 'example.mp3',
			fieldType: 'AUDIO' as const,
			description: 'voice',
		},
	],
	// The video is not the first of its files.
	makes: [{ type: 'png' }, { type: 'mp4', bytes: 3_000 }],
};

/** What its note has people fill in. */
const chosenApp = {
	'Put them together': {
		webappId: { __rl: true, mode: 'id', value: LIP_SYNC },
		nodeInputs: {
			mappingMode: 'defineBelow',
			value: {
				'3.video': "={{ $('Make the video').first().json.url }}",
				'4.audio': "={{ $('Make the speech').first().json.url }}",
			},
			matchingColumns: [],
			schema: ['3.video', '4.audio'].map((id) => ({
				id,
				displayName: id,
				required: false,
				defaultMatch: false,
				canBeUsedToMatch: false,
				display: true,
				type: 'string',
			})),
		},
	},
};

/** Of the files that the app gives out. */
const videoIn = (task: SimulatedTask | undefined) =>
	task?.results.find(({ type }) => type === 'mp4')?.url;

example(TALKING, 'gives the video its voice, and hands it out', QUICK, async (account) => {
	const { simulator } = account;
	simulator.addApp(LIP_SYNC, lipSync);
	const { folder, change } = keepFiles(TALKING, 'Save the video');
	await mkdir(folder);
	simulator.nextTaskScripts(
		{ ...QUICK, end: { kind: 'success', files: [{ type: 'mp3' }] } },
		{ ...QUICK, end: { kind: 'success', files: [{ type: 'mp4' }] } },
		FAILS,
	);
	const workflow = await account.import(TALKING, { ...chosenApp, ...change });
	await n8n.host.api.publish(workflow);
	const { id } = await sendForm(workflow, [pictureFile(), TEXT]);
	expect((await finished(id)).status).toBe('error');
	const retry = await n8n.host.api.retryExecution(id, 'asItWas');
	await until('the file', 120, async () => {
		const execution = await n8n.host.api.execution(retry);
		return itemsOf(execution, 'Save the video').length > 0;
	});

	const [speech, video, failed, talking, ...more] = simulator.tasks;
	expect(more).toEqual([]);
	expect(speech).toMatchObject({ endpoint: SPEECH_MODEL, body: { text: TEXT } });
	const uploaded = (extension: string) =>
		simulator.uploads.find((upload) => upload.extension === extension);
	const [photo, movie, voice] = [uploaded('png'), uploaded('mp4'), uploaded('mp3')];
	expect(photo).toMatchObject({ originalName: 'fox.png', size: PICTURE.length });
	expect(video).toMatchObject({ endpoint: VIDEO_MODEL, body: { imageUrl: photo?.url } });
	expect(failed).toMatchObject({ status: 'FAILED' });
	const sizeOf = async (task?: SimulatedTask) => (await download(String(addressOf(task)))).length;
	expect([movie?.size, voice?.size]).toEqual([await sizeOf(video), await sizeOf(speech)]);
	expect(talking).toMatchObject({
		body: {
			webappId: LIP_SYNC,
			nodeInfoList: [
				{ nodeId: '3', fieldName: 'video', fieldValue: movie?.fileName },
				{ nodeId: '4', fieldName: 'audio', fieldValue: voice?.fileName },
			],
		},
	});
	expect(await readdir(folder)).toEqual([`talking-${talking?.taskId}.mp4`]);
	expect(await readFile(join(folder, `talking-${talking?.taskId}.mp4`))).toEqual(
		await download(String(videoIn(talking))),
	);
	expect(simulator.leaks()).toEqual([]);
});

example(TALKING, 'shows the video in the form', QUICK, async (account) => {
	account.simulator.addApp(LIP_SYNC, lipSync);
	const { folder, change } = keepFiles(TALKING, 'Save the video');
	await mkdir(folder);
	const workflow = await account.import(TALKING, { ...chosenApp, ...change });
	await n8n.host.api.publish(workflow);
	const { id, page } = await sendForm(workflow, [pictureFile(), TEXT]);
	await asleep(id);
	const shown = await page();
	expect(shown).toContain('Your product talks');
	const talking = account.simulator.tasks[2];
	expect(handsOut(shown, await download(String(videoIn(talking))))).toBe(true);
	expect((await finished(id)).status).toBe('success');
	expect(account.simulator.submits()).toHaveLength(3);
});

example(TALKING, 'runs nothing as long as no app is chosen', QUICK, async (account) => {
	const { nodes, ...workflow } = await account.import(TALKING);
	// Something that starts at once in the place of the form.
	const trigger = { type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, parameters: {} };
	const started = nodes.map((node) =>
		node.name === 'On form submission' ? { ...node, ...trigger } : node,
	);
	const updated = await n8n.host.api.updateWorkflow({ ...workflow, nodes: started });
	const execution = await finished(await n8n.host.api.runWorkflow(updated, 'On form submission'));
	expect(execution.status).toBe('error');
	expect(errorOf(execution)?.message).toMatch(/issues/);
	expect(execution.data.resultData.runData).toEqual({});
	expect(account.simulator.requests).toEqual([]);
});

const LONGER = 'longer-video.json';
const EXTEND_MODEL = 'pixverse-v6/extend';

example(LONGER, 'goes on from the last result, and on Retry too', MADE, async (account) => {
	const { simulator } = account;
	const { folder, change } = keepFiles(LONGER, 'Save the video');
	await mkdir(folder);
	simulator.nextTaskScripts(videoOf(1_000), videoOf(2_000), REFUSED, videoOf(3_000));
	const workflow = await account.import(LONGER, change);
	await n8n.host.api.publish(workflow);
	const { id } = await sendForm(workflow, [pictureFile(), 'It wakes up', 'It runs', 'It sleeps']);
	await asleep(id);
	expect((await finished(id)).status).toBe('error');
	expect(await readdir(folder)).toHaveLength(2);
	const retried = await finished(await n8n.host.api.retryExecution(id, 'asItWas'));
	expect(retried.status).toBe('success');

	const [clip, longer, failed, longest, ...more] = simulator.tasks;
	expect(more).toEqual([]);
	expect(clip).toMatchObject({
		endpoint: VIDEO_MODEL,
		body: { prompt: 'It wakes up', imageUrl: simulator.uploads[0]?.url },
	});
	expect(longer).toMatchObject({
		endpoint: EXTEND_MODEL,
		body: { prompt: 'It runs', videoUrl: addressOf(clip) },
	});
	for (const task of [failed, longest]) {
		expect(task).toMatchObject({
			endpoint: EXTEND_MODEL,
			body: { prompt: 'It sleeps', videoUrl: addressOf(longer) },
		});
	}
	const names = (await readdir(folder)).sort();
	const parts = await Promise.all(names.map((name) => readFile(join(folder, name))));
	expect(parts).toEqual(
		await Promise.all([clip, longer, longest].map((task) => download(String(addressOf(task))))),
	);
	const [start] = names.map((name) => name.slice(0, 'long-2026-01-01T00-00-00'.length));
	expect(start).toMatch(/^long-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d$/);
	expect(names).toEqual([clip, longer, longest].map((task) => `${start}-${task?.taskId}.mp4`));
	expect(simulator.uploads).toHaveLength(1);
	expect(simulator.leaks()).toEqual([]);
});

describe('every file in examples/', () => {
	const files = readdirSync(FOLDER);
	/** Needs more than a RunningHub account. */
	const elsewhere = new Map([['agent-video-tool.json', 'agent.test.ts']]);

	it('is run by a test', () => {
		expect([...tested, ...elsewhere.keys()].sort()).toEqual(files.sort());
		for (const [file, test] of elsewhere) {
			expect(readFileSync(join(__dirname, test), 'utf8')).toContain(file);
		}
	});

	it.each(files)('%s is ready to import, and of nobody in particular', (file) => {
		const { nodes, ...more } = read(file);
		expect(Object.keys(more).sort()).toEqual(['connections', 'name', 'settings']);
		expect(more.settings).toEqual({ executionOrder: 'v1' });
		expect(nodes.filter(({ type }) => type === 'n8n-nodes-base.stickyNote')).toHaveLength(1);
		for (const node of nodes) {
			expect(node).not.toHaveProperty('webhookId');
			const expected = { [CREDENTIAL]: { id: '', name: 'RunningHub' } };
			expect(node.credentials).toEqual(node.type.startsWith(OURS) ? expected : undefined);
		}
	});

	it('finds the credential by its name', async () => {
		const data = { site: 'international', apiKey: SIMULATOR_KEY };
		const credential = { name: 'RunningHub', type: CREDENTIAL, data };
		const { id } = await n8n.host.api.saveCredential(credential);
		for (const file of files) {
			const { nodes } = await n8n.host.api.importWorkflow(read(file));
			for (const node of nodes.filter(({ type }) => type.startsWith(OURS))) {
				expect(node.credentials?.[CREDENTIAL]).toEqual({ id, name: 'RunningHub' });
			}
		}
	});
});
