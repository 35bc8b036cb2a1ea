import type { INodeParameters } from 'n8n-workflow';
import { VIDU_MODELS } from '../../catalogue/vidu';
import { RunningHub } from '../../nodes/RunningHub/RunningHub.node';
import { properties } from '../../nodes/RunningHub/actions';
import { MODES } from '../../nodes/RunningHub/actions/vidu/modes';
import { evaluated } from '../support/nodeInWorkflow';

const { subtitle } = new RunningHub().description;
const FAILED = 'the expression has failed';

/** What n8n's canvas shows below the name of a node with these fields. */
const subtitleOf = (parameters: INodeParameters) => evaluated(subtitle, parameters, FAILED);

const chosen = (value: string, cachedResultName?: string): INodeParameters => ({
	__rl: true,
	mode: 'list',
	value,
	...(cachedResultName !== undefined && { cachedResultName }),
});
const NUMBER = '1904136902449209346';
const PAGE = `https://www.runninghub.ai/workflow/${NUMBER}?from=home`;
const LATER = '={{ $json.chosen.by.another.node }}';

it.each<[string, INodeParameters]>([
	['Vidu Q2 Turbo · image to video', {}],
	['Vidu Q2 Turbo · image to video', { operation: 'submit' }],
	['Vidu · image to video', { model: LATER }],
	['Vidu · image to video', { model: 'vidu/something-new' }],
	['Vidu Q3 Drama · image to video', { model: 'vidu/short-play-q3-drama' }],
	['estimate price: Vidu Q2 Turbo · image to video', { operation: 'estimatePrice' }],
	['Model', { resource: 'model', operation: 'submitAndWait' }],
	['Model', { resource: 'model', operation: 'submit', model: LATER }],
	['Model', { resource: 'model', operation: 'submit', model: chosen(LATER) }],
	[
		'Sora 2 · Text to Video',
		{ resource: 'model', operation: 'submit', model: chosen('s/t', 'Sora 2 · Text to Video') },
	],
	['new/model', { resource: 'model', operation: 'submit', model: chosen('new/model') }],
	['ComfyUI workflow', { resource: 'comfyWorkflow', operation: 'submit' }],
	['ComfyUI workflow', { resource: 'comfyWorkflow', operation: 'submit', workflowId: LATER }],
	[
		`ComfyUI workflow ${NUMBER}`,
		{ resource: 'comfyWorkflow', operation: 'submit', workflowId: chosen(PAGE) },
	],
	[
		`get json: ComfyUI workflow ${NUMBER}`,
		{ resource: 'comfyWorkflow', operation: 'getJson', workflowId: chosen(NUMBER) },
	],
	[
		'Portrait in motion',
		{
			resource: 'aiApp',
			operation: 'submitAndWait',
			webappId: chosen(NUMBER, 'Portrait in motion'),
		},
	],
	[`AI App ${NUMBER}`, { resource: 'aiApp', operation: 'submitAndWait', webappId: chosen(NUMBER) }],
	['get many: AI App', { resource: 'aiApp', operation: 'getMany' }],
	[
		`Quick Create ${NUMBER}`,
		{ resource: 'quickCreate', operation: 'submitAndWait', webappId: NUMBER },
	],
	['Quick Create', { resource: 'quickCreate', operation: 'submit', webappId: LATER }],
	['wait for result: task', { resource: 'task', operation: 'waitForResult', taskId: LATER }],
	['upload lora: file', { resource: 'file', operation: 'uploadLora' }],
	['get: account', { resource: 'account', operation: 'get' }],
])('the canvas says "%s"', (text, parameters) => {
	expect(subtitleOf(parameters)).toBe(text);
});

it.each(VIDU_MODELS.map(({ endpoint, name, task }) => ({ endpoint, name, task })))(
	'the canvas names $endpoint as the form does',
	({ endpoint, name, task }) => {
		const mode = MODES.find((one) => one.task === task);
		const words = mode?.name.toLowerCase();
		expect(subtitleOf({ mode: mode?.value ?? '', model: endpoint })).toBe(`${name} · ${words}`);
	},
);

const OPERATIONS = properties
	.filter(({ name }) => name === 'operation')
	.flatMap(({ displayOptions, options = [] }) =>
		options.map((option): [string, string] => [
			String(displayOptions?.show?.resource),
			'value' in option ? String(option.value) : '',
		]),
	);

/** As a workflow may hold them that was made by hand, by a language model, or by another version. */
const STRANGE = [null, '', 7, true, LATER, {}, [], { __rl: true }, { __rl: true, value: null }];

it.each(OPERATIONS)(
	'nothing in the fields of %s › %s leaves the canvas empty',
	(resource, operation) => {
		for (const value of STRANGE) {
			const names = ['mode', 'model', 'workflowId', 'webappId', 'taskId'];
			const fields = Object.fromEntries(names.map((name) => [name, value]));
			const text = subtitleOf({ resource, operation, ...(fields as INodeParameters) });
			expect(text).toMatch(/^[a-zA-Z]/);
			expect(text).not.toMatch(/undefined|null|\[object|=|failed/);
		}
	},
);
