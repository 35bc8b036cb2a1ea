import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { InvalidInput } from '../../../../catalogue/invalidInput';
import { quoted } from '../../../../runninghub/media';

const SUBMITS = ['submit', 'submitAndWait'];

export const fieldProperties: INodeProperties[] = [
	{
		displayName: 'Webapp ID',
		name: 'webappId',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. 1900000000000000007',
		description: 'Shown on the page of the module, behind its button for API calls',
	},
	{
		displayName: 'Quick Create Code',
		name: 'quickCreateCode',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. 006',
		description: 'The three digits beside the webapp ID',
		displayOptions: { show: { operation: SUBMITS } },
	},
	{
		displayName: 'Node Inputs (JSON)',
		name: 'nodeInputs',
		type: 'json',
		default: '[]',
		required: true,
		description:
			'The parameter list of the module with your values. Each item needs nodeId, nodeName, fieldName, fieldType, fieldValue and description. The value of a media field may be a URL, a data: URI or the name of a binary field.',
		displayOptions: { show: { operation: SUBMITS } },
	},
];

/**
 * As text: such an ID has more digits than a number can keep.
 * @throws InvalidInput
 */
export function readWebappId(context: IExecuteFunctions, itemIndex: number): string {
	const given: unknown = context.getNodeParameter('webappId', itemIndex, '');
	if (typeof given === 'number' && !Number.isSafeInteger(given)) {
		throw new InvalidInput([
			`Webapp ID came as a number and has lost its last digits (${given}); keep it as text, in a spreadsheet by formatting the column as text.`,
		]);
	}
	const webappId = typeof given === 'string' ? given.trim() : given;
	if (/^[1-9]\d{0,19}$/.test(String(webappId))) return String(webappId);
	const is = webappId === '' ? 'empty' : quoted(webappId);
	throw new InvalidInput([
		`Webapp ID is ${is}; it must be the long number that the module’s page shows, such as 1900000000000000007.`,
	]);
}
