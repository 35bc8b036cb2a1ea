import { START_TIMEOUT } from '../e2e/support/host';
import {
	SIMULATOR_QUICK_CREATE_CODE as CODE,
	SIMULATOR_QUICK_CREATE_ID as MODULE,
	SIMULATOR_WORKFLOW_ID as WORKFLOW,
} from '../simulator';
import type { NodePanel } from './nodePanel';
import {
	example,
	startEditorSession,
	stopEditorSession,
	type EditorSession,
} from './editorSession';

const WAITING = ['downloadResults', 'binaryPropertyName'];
const OF_ANY_WAIT = [
	'Check Interval (Seconds)',
	'Include Raw Response',
	'On Timeout',
	'One Item per File',
	'Timeout (Minutes)',
	'While Waiting',
];
const OF_ANY_SUBMIT = ['Max Concurrent Tasks', 'Sample Result', 'Submit Again if Unsure'];
const OF_APPS = [
	'Access Password',
	'Keep Machine (Seconds)',
	'Machine Size',
	'Node Info List',
	'Use Personal Queue',
];
const OF_WORKFLOWS = [...OF_APPS, 'Add Metadata', 'Workflow JSON'];
const CALLBACK = 'Callback URL';
const CANCEL = 'Cancel Tasks on Stop';

interface Expected {
	fields: string[];
	/** Required ones, which a new node has to leave open. */
	missing?: string[];
	options?: string[];
}

const FORMS: Array<[resource: string, operation: string, expected: Expected]> = [
	[
		'ComfyUI Workflow',
		'Submit',
		{
			fields: ['workflowId'],
			missing: ['workflowId'],
			options: [...OF_WORKFLOWS, ...OF_ANY_SUBMIT, CALLBACK],
		},
	],
	[
		'ComfyUI Workflow',
		'Submit and Wait',
		{
			fields: ['workflowId', ...WAITING],
			missing: ['workflowId'],
			options: [...OF_WORKFLOWS, ...OF_ANY_SUBMIT, ...OF_ANY_WAIT, CANCEL],
		},
	],
	['ComfyUI Workflow', 'Get Workflow JSON', { fields: ['workflowId'], missing: ['workflowId'] }],
	[
		'AI App',
		'Submit and Wait',
		{
			fields: ['webappId', ...WAITING],
			missing: ['webappId'],
			options: [...OF_APPS, ...OF_ANY_SUBMIT, ...OF_ANY_WAIT, CANCEL],
		},
	],
	['AI App', 'Get Parameters', { fields: ['webappId'], missing: ['webappId'] }],
	['AI App', 'Get Many', { fields: ['returnAll', 'limit', 'sort', 'days'] }],
	// RunningHub does not call back for them: there is no callback to choose.
	[
		'Quick Create',
		'Submit',
		{
			fields: ['webappId', 'quickCreateCode', 'nodeInputs'],
			missing: ['webappId', 'quickCreateCode'],
			options: OF_ANY_SUBMIT,
		},
	],
	[
		'Quick Create',
		'Submit and Wait',
		{
			fields: ['webappId', 'quickCreateCode', 'nodeInputs', ...WAITING],
			missing: ['webappId', 'quickCreateCode'],
			options: [...OF_ANY_SUBMIT, ...OF_ANY_WAIT, CANCEL],
		},
	],
	['Quick Create', 'Get Styles', { fields: ['webappId', 'type'], missing: ['webappId'] }],
	// Its only option is a button of its own, and not in a list.
	['File', 'Upload', { fields: ['binaryPropertyName'] }],
	['File', 'Upload LoRA', { fields: ['binaryPropertyName', 'loraName'], missing: ['loraName'] }],
	['Account', 'Get', { fields: [] }],
	['Task', 'Get', { fields: ['taskId'] }],
	['Task', 'Cancel', { fields: ['taskId'] }],
	['Task', 'Get Webhook Event', { fields: ['taskId'] }],
	['Task', 'Resend Webhook Event', { fields: ['taskId'], options: [CALLBACK] }],
	['Task', 'Wait for Result', { fields: ['taskId', ...WAITING], options: OF_ANY_WAIT }],
];

jest.setTimeout(120_000);

let session: EditorSession;
let panel: NodePanel;

beforeAll(async () => {
	session = await startEditorSession();
	await session.editor.page.setViewportSize({ width: 1440, height: 1300 });
}, START_TIMEOUT);

afterAll(stopEditorSession, 60_000);

describe('n8n’s list of nodes', () => {
	beforeAll(async () => await session.openNewWorkflow(), 60_000);

	it.each(['vidu', 'kling', 'sora', 'comfyui', 'image to video', 'RunningHub'])(
		'has the node for those who look for %s',
		async (text) => {
			await expect(session.editor.findNode('RunningHub', text)).resolves.toBeUndefined();
		},
	);
});

describe('a new form', () => {
	beforeAll(async () => {
		panel = await session.openNode({ resource: 'account', operation: 'get' });
	}, 60_000);

	it.each(FORMS)(
		'of %s > %s has its fields and options, and marks only what is missing',
		async (resource, operation, { fields, missing = [], options = [] }) => {
			await panel.form.choose('resource', resource);
			await panel.form.choose('operation', operation);
			const names = await panel.form.names();
			expect(names).toEqual(['resource', 'operation', ...fields]);
			expect(await panel.form.marked(names)).toEqual(missing);
			const inOrder = [...options].sort((a, b) => a.localeCompare(b, 'en'));
			expect(await panel.options()).toEqual(inOrder);
		},
	);
});

it('the trigger shows the address that RunningHub is to call, and on which ends it starts', async () => {
	const { id } = await session.n8n.api.importWorkflow(await example('runninghub-trigger'));
	await session.editor.openWorkflow(id);
	panel = await session.editor.openNode('RunningHub Trigger');
	expect(await panel.form.names()).toEqual(['statuses', 'source']);
	expect(await panel.notices()).toEqual([expect.stringContaining('production URL')]);
	expect(await panel.webhookUrl()).toMatch(/^http.*\/runninghub$/);
});

describe('executing the step', () => {
	it('runs a Quick Create module with the values given as JSON', async () => {
		const values = { fieldName: 'prompt', fieldType: 'STRING', fieldValue: 'a wolf' };
		const input = { nodeId: '52', nodeName: 'RH_Translator', ...values, description: 'text' };
		panel = await session.openNode({
			resource: 'quickCreate',
			operation: 'submitAndWait',
			webappId: MODULE,
			quickCreateCode: CODE,
			nodeInputs: JSON.stringify([input]),
		});
		expect(await panel.execute()).toEqual({ status: 'success' });
		expect(await panel.outputTable()).toMatchObject([
			{ status: 'SUCCESS', source: `${MODULE}/${CODE}` },
		]);
	});

	it('looks at the task that the item before names', async () => {
		panel = await session.openNode({
			resource: 'comfyWorkflow',
			operation: 'submit',
			workflowId: { __rl: true, mode: 'id', value: WORKFLOW },
		});
		expect(await panel.execute()).toEqual({ status: 'success' });
		const [started] = await panel.outputTable();
		const taskId = started?.taskId ?? '';
		expect(taskId).toMatch(/^\d{19}$/);

		panel = await session.openNode({ resource: 'task', operation: 'get' }, { taskId });
		expect(await panel.execute()).toEqual({ status: 'success' });
		expect(await panel.outputTable()).toMatchObject([{ taskId, error: 'null' }]);
	});

	it('says that there is no file of that name, and has the account in one row', async () => {
		panel = await session.openNode({ resource: 'file', operation: 'upload' });
		expect(await panel.execute()).toMatchObject({
			status: 'error',
			message: expect.stringMatching(/^Input Binary Field is "data", but the item has no/),
		});
		await panel.form.choose('resource', 'Account');
		expect(await panel.execute()).toEqual({ status: 'success' });
		expect(await panel.outputTable()).toMatchObject([
			{ keyType: 'SHARED', concurrencyLimit: '50' },
		]);
	});
});

it('leaves no error in the browser', () => {
	expect(session.editor.errors).toEqual([]);
});
