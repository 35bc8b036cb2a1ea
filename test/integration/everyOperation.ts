import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { properties } from '../../nodes/RunningHub/actions';
import { RESOURCES, submitOf, waitOf } from './everyTask';
import { PNG } from './support';

/** The names of all operations, as `resource.operation`, as the form has them. */
export const OPERATIONS: string[] = properties
	.filter(({ name }) => name === 'operation')
	.flatMap(({ displayOptions, options = [] }) =>
		options.map(
			(option) => `${displayOptions?.show?.resource}.${'value' in option && option.value}`,
		),
	);

/** Every operation with its form filled, all that can be sent and fetched included. */
export function everyForm(taskId: string): Record<string, INodeParameters> {
	const tasks = RESOURCES.flatMap((resource) => [
		submitOf(resource, {}, { withFile: true }),
		waitOf(
			resource,
			{ timeout: 0.05, downloadResults: true, options: { rawResponse: true } },
			{ withFile: true },
		),
	]);
	const forms: INodeParameters[] = [
		...tasks,
		submitOf('vidu', { operation: 'estimatePrice' }, { withFile: true }),
		submitOf('model', { operation: 'estimatePrice' }, { withFile: true }),
		submitOf('comfyWorkflow', { operation: 'getJson' }),
		submitOf('aiApp', { operation: 'getParameters' }),
		submitOf('aiApp', { operation: 'getMany' }),
		submitOf('quickCreate', { operation: 'getStyles' }),
		...['get', 'cancel', 'getWebhookEvent', 'resendWebhookEvent'].map((operation) => ({
			resource: 'task',
			operation,
			taskId,
		})),
		{
			resource: 'task',
			operation: 'waitForResult',
			taskId,
			downloadResults: true,
			options: { pollInterval: 1, rawResponse: true, timeout: 0.05 },
		},
		{ resource: 'file', operation: 'upload' },
		{ resource: 'file', operation: 'uploadLora', loraName: 'paper cut' },
		{ resource: 'account', operation: 'get' },
	];
	return Object.fromEntries(
		forms.map((form) => [`${String(form.resource)}.${String(form.operation)}`, form]),
	);
}

/** An item with a file, for the operations that want one. */
export const ITEM_WITH_FILE: INodeExecutionData = {
	json: {},
	binary: {
		data: { data: PNG.split(',')[1] ?? '', mimeType: 'image/png', fileName: 'fox.png' },
	},
};
