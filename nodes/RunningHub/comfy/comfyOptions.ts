import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { JsonObject } from '../../../runninghub/base/json';
import { numberIn } from '../../../runninghub/base/scalar';
import { quote } from '../../../runninghub/base/text';
import { readOption, readSwitch } from '../form/readOptions';

const WORKFLOWS = ['comfyWorkflow'];
const BOTH = [...WORKFLOWS, 'aiApp'];

const shownFor = (resource: string[]): INodeProperties['displayOptions'] => ({
	show: { '/resource': resource, '/operation': ['submit', 'submitAndWait'] },
});

/** What RunningHub takes beside the inputs of a workflow or app (reference sections 4.1, 5.1). */
export const comfyOptions: INodeProperties[] = [
	{
		displayName: 'Access Password',
		name: 'accessPassword',
		type: 'string',
		typeOptions: { password: true },
		default: '',
		description: 'Password of a protected workflow or app',
		displayOptions: shownFor(BOTH),
	},
	{
		displayName: 'Add Metadata',
		name: 'addMetadata',
		type: 'boolean',
		default: true,
		description: 'Whether to embed the workflow in output images. On by default.',
		displayOptions: shownFor(WORKFLOWS),
	},
	{
		displayName: 'Keep Machine (Seconds)',
		name: 'retainSeconds',
		type: 'number',
		typeOptions: { minValue: 10, maxValue: 180 },
		default: 10,
		description:
			'How long to keep the machine warm for your next task (10–180 s). Billed; enterprise-shared keys only.',
		displayOptions: shownFor(BOTH),
	},
	{
		displayName: 'Machine Size',
		name: 'instanceType',
		type: 'options',
		default: 'default',
		description: 'GPU memory of the machine. Larger machines cost more.',
		options: [
			{ name: 'Default (24 GB)', value: 'default' },
			{ name: 'Plus (48 GB)', value: 'plus' },
			{ name: 'Ultra (84 GB)', value: 'ultra' },
		],
		displayOptions: shownFor(BOTH),
	},
	{
		displayName: 'Node Info List',
		name: 'nodeInfoList',
		type: 'json',
		default: '[]',
		description: 'Input overrides in RunningHub’s API format. They override the form.',
		displayOptions: shownFor(BOTH),
	},
	{
		displayName: 'Use Personal Queue',
		name: 'usePersonalQueue',
		type: 'boolean',
		default: true,
		description:
			'Whether to queue instead of failing while all machines are busy. Enterprise-exclusive keys only.',
		displayOptions: shownFor(BOTH),
	},
	{
		displayName: 'Workflow JSON',
		name: 'workflowJson',
		type: 'json',
		default: '',
		description:
			'Workflow in ComfyUI’s API format to run instead of the saved one. The inputs are set in it.',
		displayOptions: shownFor(WORKFLOWS),
	},
];

const NAMES = comfyOptions.map(({ name }) => name);
const SIZES = ['default', 'plus', 'ultra'];

export interface ComfyOptions {
	/** Those that go along as they are; what is not set is not there. */
	body: JsonObject;
	password: string | undefined;
	problems: string[];
}

/** The options of both kinds. A value that RunningHub would refuse is a problem, in a sentence. */
export function readComfyOptions(context: IExecuteFunctions, itemIndex: number): ComfyOptions {
	const options: ComfyOptions = { body: {}, password: undefined, problems: [] };
	const { body, problems } = options;

	const size = readOption(context, itemIndex, 'instanceType');
	if (size !== undefined) {
		if (SIZES.includes(String(size))) body.instanceType = String(size);
		else problems.push(`Machine Size is ${quote(size)}; it must be one of ${SIZES.join(', ')}.`);
	}
	const seconds = readOption(context, itemIndex, 'retainSeconds');
	if (seconds !== undefined) {
		const value = numberIn(seconds) ?? Number.NaN;
		if (Number.isInteger(value) && value >= 10 && value <= 180) body.retainSeconds = value;
		else {
			problems.push(
				`Keep Machine (Seconds) is ${quote(seconds)}; it must be a whole number from 10 to 180.`,
			);
		}
	}
	const queue = readSwitch(context, itemIndex, 'usePersonalQueue', 'Use Personal Queue');
	if (typeof queue === 'boolean') body.usePersonalQueue = queue;
	else if (queue !== undefined) problems.push(queue.problem);

	const password = readOption(context, itemIndex, 'accessPassword');
	if (password !== undefined) options.password = body.accessPassword = String(password);
	return options;
}

/** With expressions as they are written; only those that say what is to be made. */
export function comfyOptionsAsWritten(context: IExecuteFunctions, itemIndex: number): unknown {
	return NAMES.map((name) =>
		context.getNodeParameter(`options.${name}`, itemIndex, null, { rawExpressions: true }),
	);
}
