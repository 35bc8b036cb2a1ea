import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { PNG, withWait, type Lab } from './support';

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

/** The forms of a resource for what has a page of its own: a workflow or an app. */
export function formsOf(resource: 'comfyWorkflow' | 'aiApp', idField: string, defaultId: string) {
	const submit = (more: INodeParameters = {}, id = defaultId): INodeParameters => ({
		resource,
		operation: 'submit',
		[idField]: { __rl: true, mode: 'id', value: id },
		...more,
	});
	const submitAndWait = (more: INodeParameters = {}, id = defaultId): INodeParameters =>
		withWait(submit({ operation: 'submitAndWait', options: { pollInterval: 1 }, ...more }, id));
	return { submit, submitAndWait };
}

/** The bodies of all submits, without the key. */
export const sent = ({ simulator }: Lab): IDataObject[] =>
	simulator.submits().map(({ json }) => {
		const { apiKey: _, ...body } = json as IDataObject;
		return body;
	});

export const listOf = (lab: Lab, index = 0) =>
	(sent(lab)[index]?.nodeInfoList ?? []) as IDataObject[];
