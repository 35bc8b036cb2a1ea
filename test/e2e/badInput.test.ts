import { errorOf } from '../../scripts/lib/n8nApi';
import { SIMULATOR_WORKFLOW_ID } from '../simulator';
import { START_TIMEOUT } from './harness';
import { startHost, type Host } from './support/host';
import { startRecorder, type Recorder } from './support/recorder';
import { Stage, type StageSettings } from './support/stage';

/** What people put in and what servers send back, where a mistake would be paid for: on a real n8n, with the ledger looked at. */

const TIMEOUT = 4 * 60_000;
const POLL = { waitStrategy: 'poll', options: { pollInterval: 1 } };

let host: Host;
let recorder: Recorder;
const stages: Stage[] = [];
let setting: Promise<unknown> = Promise.resolve();

beforeAll(async () => {
	recorder = await startRecorder();
	host = await startHost();
}, START_TIMEOUT);

afterAll(async () => {
	for (const { simulator } of stages) await simulator.stop();
	await host?.end();
	await recorder?.stop();
}, 60_000);

const setStage = async (settings: StageSettings): Promise<Stage> => {
	const set = async () => await Stage.set(host, recorder, settings);
	const stage = setting.then(set, set);
	setting = stage;
	stages.push(await stage);
	(await stage).simulator.setDefaultLife({ end: { kind: 'success' } });
	return await stage;
};
const play = (what: string, test: () => Promise<void>) => it.concurrent(what, test, TIMEOUT);

play('two addresses with a Chinese comma between them are two', async () => {
	const stage = await setStage({
		parameters: {
			...POLL,
			mode: 'referenceToVideo',
			model: 'vidu/reference-to-video-q2-pro',
			imageUrls: 'https://example.com/1.png，https://example.com/a,w_400/2.png',
		},
	});
	expect((await stage.finished(await stage.start(['Two']))).status).toBe('success');
	expect(stage.simulator.tasks.map(({ body }) => body.imageUrls)).toEqual([
		['https://example.com/1.png', 'https://example.com/a,w_400/2.png'],
	]);
});

play('base64 without its type is refused before anything is paid', async () => {
	const stage = await setStage({
		parameters: { ...POLL, imageUrl: `iVBORw0KGgo${'A'.repeat(200)}` },
	});
	const execution = await stage.finished(await stage.start(['One']));
	expect(errorOf(execution)?.message).toContain('data:image/png;base64,');
	expect(stage.simulator.submits()).toHaveLength(0);
});

it.concurrent.each([
	['a word that is no file', 'product_photo_large'],
	['base64 without its type', `iVBORw0KGgo${'A'.repeat(200)}`],
	['a path of this machine', '/data/x.png'],
])(
	'%s in a file input of a workflow is refused before anything is paid',
	async (_, given) => {
		const stage = await setStage({
			parameters: {
				...POLL,
				resource: 'comfyWorkflow',
				workflowId: { __rl: true, mode: 'id', value: SIMULATOR_WORKFLOW_ID },
				nodeInputs: { mappingMode: 'defineBelow', value: { '10.image': given }, schema: [] },
			},
		});
		const execution = await stage.finished(await stage.start(['One']));
		expect(execution.status).toBe('error');
		expect(errorOf(execution)?.message).toContain('Reference image · image');
		expect(stage.simulator.submits()).toHaveLength(0);
	},
	TIMEOUT,
);

play('an empty file of the last item keeps the first from being paid for', async () => {
	const stage = await setStage({
		parameters: {
			...POLL,
			imageUrl:
				'={{ $json.scene === "Good" ? "https://example.com/fox.png" : "data:image/png;base64," }}',
		},
	});
	const execution = await stage.finished(await stage.start(['Good', 'Empty']));
	expect(execution.status).toBe('error');
	expect(stage.simulator.submits()).toHaveLength(0);
});

play('a refusal that says nothing for sure is not paid for again by Retry On Fail', async () => {
	const stage = await setStage({
		parameters: POLL,
		settings: { retryOnFail: true, maxTries: 3, waitBetweenTries: 100 },
	});
	stage.simulator.addFault({
		kind: 'e3',
		errorCode: '1000',
		errorMessage: 'Unknown error while calling gemini-3-pro-preview',
		match: { path: '/openapi/v2/vidu/' },
		times: 'always',
	});
	const execution = await stage.finished(await stage.start(['Unsure']));
	expect(errorOf(execution)?.message).toContain('may or may not have started');
	expect(stage.simulator.submits()).toHaveLength(1);
});

play('a success without a result is not paid for again by Retry On Fail', async () => {
	const stage = await setStage({
		parameters: POLL,
		settings: { retryOnFail: true, maxTries: 2, waitBetweenTries: 100 },
	});
	stage.simulator.setDefaultLife({ end: { kind: 'empty' } });
	const execution = await stage.finished(await stage.start(['Empty']));
	expect(execution.status).toBe('error');
	expect(stage.simulator.submits()).toHaveLength(1);
});
