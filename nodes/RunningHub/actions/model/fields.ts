import type { INodeProperties } from 'n8n-workflow';

/** The model, and what it takes: the catalogue says which fields those are (see methods/model.ts). */
export const modelProperties: INodeProperties[] = [
	{
		displayName: 'Model',
		name: 'model',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		required: true,
		description:
			'Prices in the list are from www.runninghub.cn, April 2026. Use Estimate Price for the current price.',
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'Select a model…',
				typeOptions: { searchListMethod: 'searchModels', searchable: true },
				hint: 'Low Price and Official are the same model: one is cheaper, the other more stable',
			},
			{
				displayName: 'Endpoint',
				name: 'endpoint',
				type: 'string',
				placeholder: 'e.g. rhart-image-v1/text-to-image',
				hint: 'The part after /openapi/v2/ in the URL on the model’s page',
			},
		],
	},
	{
		displayName:
			'Images, videos and audio: a public URL, a data: URI or the name of a binary field. Separate several with commas. Empty fields are not sent. Limits are on the model’s page (link in Model).',
		name: 'parametersNotice',
		type: 'notice',
		default: '',
	},
	{
		displayName: 'Parameters',
		name: 'parameters',
		type: 'resourceMapper',
		noDataExpression: true,
		default: { mappingMode: 'defineBelow', value: null },
		typeOptions: {
			loadOptionsDependsOn: ['model.value'],
			resourceMapper: {
				resourceMapperMethod: 'getModelParameters',
				// The only mode in which n8n marks required fields that are empty.
				mode: 'add',
				refreshStaleSchemaOnOpen: true,
				valuesLabel: 'Parameters',
				fieldWords: { singular: 'parameter', plural: 'parameters' },
				addAllFields: true,
				supportAutoMap: false,
			},
		},
	},
];

/** For what is newer than the catalogue. */
export const extraFieldsOption: INodeProperties = {
	displayName: 'Extra Fields',
	name: 'extraFields',
	type: 'json',
	default: '{}',
	description: 'Extra fields as a JSON object. Sent as is, overriding the form.',
};
