import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { PNG, type Lab } from './support';

/** What the tests of workflows and of AI Apps share. */

export const PIXEL = PNG.split(',')[1] ?? '';

/** An item with a picture in the binary field `photo`. */
export const withPicture: INodeExecutionData = {
	json: {},
	binary: { photo: { data: PIXEL, mimeType: 'image/png', fileName: 'photo.png' } },
};

/** The form as n8n saves it: the values that it shows, and those that it was filled with. */
export const form = (value: IDataObject, defaults: IDataObject = {}): INodeParameters => ({
	nodeInputs: {
		mappingMode: 'defineBelow',
		value: { ...defaults, ...value },
		schema: Object.entries(defaults).map(([id, defaultValue]) => ({ id, defaultValue })),
	} as INodeParameters,
});

/** The bodies of all submits, without the key. */
export const sent = ({ simulator }: Lab): IDataObject[] =>
	simulator.submits().map(({ json }) => {
		const { apiKey: _, ...body } = json as IDataObject;
		return body;
	});

export const listOf = (lab: Lab, index = 0) =>
	(sent(lab)[index]?.nodeInfoList ?? []) as IDataObject[];
