import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { WaitSettings } from '../../runninghub/wait';

const WAITING = ['submitAndWait', 'waitForResult'];

/** Fields of every operation that waits, for all resources at once. */
export const runProperties: INodeProperties[] = [
	{
		displayName: 'Timeout (Minutes)',
		name: 'timeout',
		type: 'number',
		typeOptions: { minValue: 0.1 },
		default: 30,
		description:
			'How long to wait for each task. The task itself goes on and can be fetched later.',
		displayOptions: { show: { operation: WAITING } },
	},
	{
		displayName: 'On Timeout',
		name: 'onTimeout',
		type: 'options',
		default: 'error',
		description: 'What to do with a task that is still running then',
		displayOptions: { show: { operation: WAITING } },
		options: [
			{
				name: 'Return the Running Task',
				value: 'return',
				description: 'Give out its ID and status, to be fetched later',
			},
			{
				name: 'Stop with an Error',
				value: 'error',
				description: 'The error names the task ID',
			},
		],
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: { show: { operation: WAITING } },
		options: [
			{
				displayName: 'Check Interval (Seconds)',
				name: 'pollInterval',
				type: 'number',
				typeOptions: { minValue: 0 },
				default: 0,
				description:
					'How often to ask for the state of a task. 0 adapts to its age: often at first, then every 10 seconds.',
			},
		],
	},
];

export type OnTimeout = 'error' | 'return';

export interface WaitChoice extends Omit<WaitSettings, 'isOurs'> {
	onTimeout: OnTimeout;
}

const SHORTEST_TIMEOUT_MINUTES = 0.1;
const SHORTEST_INTERVAL_SECONDS = 1;
const MS_PER_MINUTE = 60_000;

/** How one item is to be waited for; values out of range count as the nearest one in it. */
export function readWaitChoice(context: IExecuteFunctions, itemIndex: number): WaitChoice {
	const timeout = Number(context.getNodeParameter('timeout', itemIndex, 30));
	const interval = Number(context.getNodeParameter('options.pollInterval', itemIndex, 0));
	return {
		timeoutMs: Math.max(timeout || 30, SHORTEST_TIMEOUT_MINUTES) * MS_PER_MINUTE,
		pollIntervalMs: interval > 0 ? Math.max(interval, SHORTEST_INTERVAL_SECONDS) * 1_000 : 0,
		onTimeout:
			context.getNodeParameter('onTimeout', itemIndex, 'error') === 'return' ? 'return' : 'error',
	};
}
