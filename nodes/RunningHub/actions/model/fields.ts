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
			'Sora, Veo, Kling, Nano Banana and the other models of RunningHub. Prices in the list are those of www.runninghub.cn of April 2026; Estimate Price asks for today’s.',
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'Select a model…',
				typeOptions: { searchListMethod: 'searchModels', searchable: true },
				hint: 'Low Price is a cheaper channel to the same model as Official, which is RunningHub’s stable one',
			},
			{
				displayName: 'Endpoint',
				name: 'endpoint',
				type: 'string',
				placeholder: 'e.g. rhart-image-v1/text-to-image',
				hint: 'What follows /openapi/v2/ in the address on the model’s page',
			},
		],
	},
	{
		displayName:
			'Images, videos and audio: a public URL, a data: URI, or the name of a binary field; several with commas. What is left empty is not sent.',
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
				// Of n8n's modes the one that marks required fields that are empty.
				mode: 'add',
				refreshStaleSchemaOnOpen: true,
				valuesLabel: 'Parameters',
				fieldWords: { singular: 'parameter', plural: 'parameters' },
				addAllFields: true,
				supportAutoMap: false,
			},
		},
	},
	{
		displayName: 'Extra Fields',
		name: 'extraFields',
		type: 'json',
		default: '{}',
		description:
			'Fields as a JSON object for what the form does not have: sent as they are, over those of the form',
	},
];
