import type { INodeProperties, INodePropertyModeValidation } from 'n8n-workflow';
import { SAMPLE_ID, type PageKind } from './pageId';

/**
 * A field that names a page by its address or its id.
 * @param searchListMethod what lists such pages, where anything does
 */
export function pageProperty(
	page: PageKind,
	name: string,
	searchListMethod?: string,
): INodeProperties {
	const { label, path } = page;
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
				validation: validationOf(page, `The address of the page has ${path} in it`),
			},
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: `e.g. ${SAMPLE_ID}`,
				validation: validationOf(
					page,
					'The ID is the long number at the end of the page’s address',
				),
			},
		],
	};
}

/** Whoever pastes an id does not first look which of both is wanted, so each takes both. */
function validationOf(
	{ path, mistaken }: PageKind,
	message: string,
): INodePropertyModeValidation[] {
	const id = '\\s*[1-9][0-9]{0,19}\\s*';
	const address = `.*${path}[1-9][0-9]*([/?#].*)?\\s*`;
	if (mistaken === undefined) return [regex(`(?:${id}|${address})`, message)];
	const other = `.*${mistaken.path}.*`;
	return [regex(`(?!${other}).*`, mistaken.why), regex(`(?:${id}|${address}|${other})`, message)];
}

function regex(pattern: string, errorMessage: string): INodePropertyModeValidation {
	return { type: 'regex', properties: { regex: pattern, errorMessage } };
}
