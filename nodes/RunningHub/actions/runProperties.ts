import type { INodeProperties } from 'n8n-workflow';
import { comfyOptions } from '../comfy/comfyOptions';
import { extraFieldsOption } from './model/fields';

const SUBMITTING = ['submit', 'submitAndWait'];
/** Only models have a price before they run. */
const PRICED = { '/resource': ['vidu', 'model'], '/operation': SUBMITTING };
const WAITING = ['submitAndWait', 'waitForResult'];
/** RunningHub does not say that it calls back for their tasks (reference section 3.3): a run must not wait for that. */
const NO_CALLBACKS = ['quickCreate'];

/** Fields of every operation that waits, for all resources at once. */
export const runProperties: INodeProperties[] = [
	{
		displayName: 'Download Results',
		name: 'downloadResults',
		type: 'boolean',
		noDataExpression: true,
		default: true,
		description: 'Whether to download the result files. RunningHub deletes them after 24 hours.',
		displayOptions: { show: { operation: WAITING } },
	},
	{
		displayName: 'Put Output File in Field',
		name: 'binaryPropertyName',
		type: 'string',
		noDataExpression: true,
		default: 'data',
		hint: 'The name of the output binary field to put the file in. Further files of a task are put in data_1, data_2 and so on.',
		displayOptions: { show: { operation: WAITING, downloadResults: [true] } },
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: { show: { operation: ['submit', 'resendWebhookEvent', ...WAITING] } },
		options: byName([
			{
				displayName: 'Callback URL',
				name: 'callbackUrl',
				type: 'string',
				default: '',
				placeholder: 'e.g. https://n8n.example.com/webhook/…',
				description:
					'URL that RunningHub calls when the task ends, such as the production URL of a RunningHub Trigger. It must be reachable from the internet.',
				displayOptions: {
					show: { '/operation': ['submit', 'resendWebhookEvent'] },
					hide: { '/resource': NO_CALLBACKS },
				},
			},
			{
				displayName: 'Budget',
				name: 'budget',
				type: 'number',
				default: '',
				displayOptions: { show: PRICED },
				description:
					'The most that this node may spend in one execution, in USD (runninghub.ai) or CNY (.cn)',
			},
			{
				displayName: 'Check Interval (Seconds)',
				name: 'pollInterval',
				type: 'number',
				typeOptions: { minValue: 0 },
				default: 0,
				displayOptions: { show: { '/operation': WAITING } },
				description:
					'How often to check the task status. 0 adapts: frequent at first, then about every 10 seconds. At least 65 seconds while the execution sleeps.',
			},
			{
				...extraFieldsOption,
				displayOptions: { show: { '/resource': ['model'], '/operation': SUBMITTING } },
			},
			{
				displayName: 'Include Raw Response',
				name: 'rawResponse',
				type: 'boolean',
				noDataExpression: true,
				default: false,
				displayOptions: { show: { '/operation': WAITING } },
				description: 'Whether to add RunningHub’s response to the item as raw',
			},
			{
				displayName: 'Max Price',
				name: 'maxPrice',
				type: 'number',
				default: '',
				displayOptions: { show: PRICED },
				description: 'The most that one task may cost, in USD (runninghub.ai) or CNY (.cn)',
			},
			{
				displayName: 'One Item per File',
				name: 'splitResults',
				type: 'boolean',
				noDataExpression: true,
				default: false,
				displayOptions: { show: { '/operation': WAITING } },
				description: 'Whether to output one item per file or text instead of one per task',
			},
			{
				displayName: 'Cancel Tasks on Stop',
				name: 'cancelOnStop',
				type: 'boolean',
				default: false,
				displayOptions: {
					show: {
						'/resource': ['comfyWorkflow', 'aiApp', 'quickCreate'],
						'/operation': ['submitAndWait'],
					},
				},
				description:
					'Whether to cancel the tasks on RunningHub when the execution is stopped. Has no effect while the execution sleeps: use Task > Cancel.',
			},
			{
				displayName: 'Max Concurrent Tasks',
				name: 'maxConcurrentTasks',
				type: 'number',
				typeOptions: { minValue: 0 },
				noDataExpression: true,
				default: 0,
				displayOptions: { show: { '/operation': SUBMITTING } },
				description:
					'How many tasks of this run may be in progress at a time. 0 uses the account’s limit.',
			},
			{
				displayName: 'Sample Result',
				name: 'sampleResult',
				type: 'options',
				noDataExpression: true,
				default: 'editor',
				displayOptions: { show: { '/operation': SUBMITTING } },
				description: 'Output a sample at once. Nothing is paid.',
				options: [
					{ name: 'Off', value: 'off' },
					{ name: 'In the Editor', value: 'editor' },
					{ name: 'Also in Production', value: 'always' },
				],
			},
			{
				displayName: 'Submit Again if Unsure',
				name: 'resubmitUnknown',
				type: 'boolean',
				default: false,
				displayOptions: { show: { '/operation': SUBMITTING } },
				description:
					'Whether a retry submits an item again if RunningHub never answered its first submit. You may be charged twice.',
			},
			{
				displayName: 'On Timeout',
				name: 'onTimeout',
				type: 'options',
				default: 'error',
				description: 'What to do if a task is still running at the timeout',
				displayOptions: { show: { '/operation': WAITING } },
				options: [
					{
						name: 'Return the Running Task',
						value: 'return',
						description: 'Output its ID and status, so that you can get its result later',
					},
					{
						name: 'Stop with an Error',
						value: 'error',
						description: 'The error contains the task ID',
					},
				],
			},
			{
				displayName: 'Timeout (Minutes)',
				name: 'timeout',
				type: 'number',
				typeOptions: { minValue: 0.1 },
				default: 30,
				description:
					'How long to wait for each task after its submission. The task itself continues, and its result can be fetched later. As an AI Agent’s tool: at most 5 minutes.',
				displayOptions: { show: { '/operation': WAITING } },
			},
			{
				displayName: 'While Waiting',
				name: 'waitStrategy',
				type: 'options',
				noDataExpression: true,
				default: 'auto',
				description: 'What the execution does until its tasks end',
				displayOptions: { show: { '/operation': WAITING } },
				options: [
					{
						name: 'Automatic (Recommended)',
						value: 'auto',
						description:
							'Free the execution where possible. Runs from the editor and sub-workflows keep running.',
					},
					{
						name: 'Free the Execution',
						value: 'sleep',
						description:
							'Sleep until tasks end, also in runs from the editor and in sub-workflows. Uses no worker and survives a restart.',
					},
					{
						name: 'Keep the Execution Running',
						value: 'poll',
						description: 'Check the tasks in a running execution, which a restart would end',
					},
				],
			},
			...comfyOptions,
		]),
	},
];

function byName(options: INodeProperties[]): INodeProperties[] {
	return options.sort((a, b) => a.displayName.localeCompare(b.displayName, 'en'));
}
