import { errorOf } from '../../scripts/lib/n8nApi';
import { SIMULATOR_WORKFLOW_ID } from '../simulator';
import { UNKNOWN_OUTCOME } from '../support/sentences';
import { type TestWorkflow, type TestWorkflowSettings } from './support/testWorkflow';
import { useN8n } from './support/useN8n';

/** What people put in and what servers send back, where a mistake would be paid for: on a real n8n, with the ledger looked at. */

jest.setTimeout(4 * 60_000);
const POLL = { waitStrategy: 'poll', options: { pollInterval: 1 } };

const n8n = useN8n();

const publish = async (settings: TestWorkflowSettings): Promise<TestWorkflow> =>
	await n8n.publish(settings, { end: { kind: 'success' } });

it.concurrent('two addresses with a Chinese comma between them are two', async () => {
	const workflow = await publish({
		parameters: {
			...POLL,
			mode: 'referenceToVideo',
			model: 'vidu/reference-to-video-q2-pro',
			imageUrls: 'https://example.com/1.png，https://example.com/a,w_400/2.png',
		},
	});
	expect((await workflow.finished(await workflow.start(['Two']))).status).toBe('success');
	expect(workflow.simulator.tasks.map(({ body }) => body.imageUrls)).toEqual([
		['https://example.com/1.png', 'https://example.com/a,w_400/2.png'],
	]);
});

it.concurrent('base64 without its type is refused before anything is paid', async () => {
	const workflow = await publish({
		parameters: { ...POLL, imageUrl: `iVBORw0KGgo${'A'.repeat(200)}` },
	});
	const execution = await workflow.finished(await workflow.start(['One']));
	expect(errorOf(execution)?.message).toContain('data:image/png;base64,');
	expect(workflow.simulator.submits()).toHaveLength(0);
});

it.concurrent.each([
	['a word that is no file', 'product_photo_large'],
	['base64 without its type', `iVBORw0KGgo${'A'.repeat(200)}`],
	['a path of this machine', '/data/x.png'],
])('%s in a file input of a workflow is refused before anything is paid', async (_, given) => {
	const workflow = await publish({
		parameters: {
			...POLL,
			resource: 'comfyWorkflow',
			workflowId: { __rl: true, mode: 'id', value: SIMULATOR_WORKFLOW_ID },
			nodeInputs: { mappingMode: 'defineBelow', value: { '10.image': given }, schema: [] },
		},
	});
	const execution = await workflow.finished(await workflow.start(['One']));
	expect(execution.status).toBe('error');
	expect(errorOf(execution)?.message).toContain('Reference image · image');
	expect(workflow.simulator.submits()).toHaveLength(0);
});

it.concurrent('an empty file of the last item keeps the first from being paid for', async () => {
	const workflow = await publish({
		parameters: {
			...POLL,
			imageUrl:
				'={{ $json.scene === "Good" ? "https://example.com/fox.png" : "data:image/png;base64," }}',
		},
	});
	const execution = await workflow.finished(await workflow.start(['Good', 'Empty']));
	expect(execution.status).toBe('error');
	expect(workflow.simulator.submits()).toHaveLength(0);
});

it.concurrent(
	'a refusal that says nothing for sure is not paid for again by Retry On Fail',
	async () => {
		const workflow = await publish({
			parameters: POLL,
			settings: { retryOnFail: true, maxTries: 3, waitBetweenTries: 100 },
		});
		workflow.simulator.addFault({
			kind: 'e3',
			errorCode: '1000',
			errorMessage: 'Unknown error while calling gemini-3-pro-preview',
			match: { path: '/openapi/v2/vidu/' },
			times: 'always',
		});
		const execution = await workflow.finished(await workflow.start(['Unsure']));
		expect(errorOf(execution)?.message).toContain(UNKNOWN_OUTCOME);
		expect(workflow.simulator.submits()).toHaveLength(1);
	},
);

it.concurrent('a success without a result is not paid for again by Retry On Fail', async () => {
	const workflow = await publish({
		parameters: POLL,
		settings: { retryOnFail: true, maxTries: 2, waitBetweenTries: 100 },
	});
	workflow.simulator.setDefaultTaskScript({ end: { kind: 'empty' } });
	const execution = await workflow.finished(await workflow.start(['Empty']));
	expect(execution.status).toBe('error');
	expect(workflow.simulator.submits()).toHaveLength(1);
});
