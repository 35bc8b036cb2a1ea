import type { INodeProperties } from 'n8n-workflow';
import { SAMPLE_ID, type PageKind } from './pageId';

/**
 * A field that names a page by its address or its id; whoever pastes one does not first look which of both is wanted, so each
 * takes both. What it holds is checked when its form is loaded and when it runs, in sentences that n8n's own check could not
 * give: that one is a regular expression, which n8n lets fail the run on a busy machine.
 * @param searchListMethod what lists such pages, where anything does
 */
export function pageProperty(
	{ label, path }: PageKind,
	name: string,
	searchListMethod?: string,
): INodeProperties {
	return {
		displayName: label,
		name,
		type: 'resourceLocator',
		required: true,
		default: { mode: searchListMethod === undefined ? 'url' : 'list', value: '' },
		modes: [
			...(searchListMethod === undefined
				? []
				: [
						{
							displayName: 'From List',
							name: 'list',
							type: 'list' as const,
							typeOptions: { searchListMethod, searchable: true },
						},
					]),
			{
				displayName: 'By URL',
				name: 'url',
				type: 'string',
				placeholder: `e.g. https://www.runninghub.ai${path}${SAMPLE_ID}`,
			},
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: `e.g. ${SAMPLE_ID}`,
			},
		],
	};
}
