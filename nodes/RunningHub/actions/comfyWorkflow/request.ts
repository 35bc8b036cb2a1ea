import type { IExecuteFunctions } from 'n8n-workflow';
import { comfyRequest, failedRequest } from '../../../../runninghub/api/comfyRequest';
import { workflowOutputKind } from '../../../../runninghub/api/outputKind';
import {
	isEditorFormat,
	readWorkflow,
	withValues,
	type Workflow,
} from '../../../../runninghub/api/workflow';
import { refuse } from '../../../../runninghub/base/invalidInput';
import { quote } from '../../../../runninghub/base/text';
import { checkValues, nodeInfoListOf } from '../../../../runninghub/inputs/nodeInfoValues';
import { readComfyForm } from '../../comfy/comfyForm';
import { createDefinitionFetcher } from '../../comfy/fetchDefinition';
import { readPageId, WORKFLOW_PAGE } from '../../comfy/pageId';
import { readOption, readSwitch } from '../../form/readOptions';
import type { ReadRequest } from '../../run/runTasks';

const CALL = { type: 'workflow' } as const;

/** Reads what each item of a run asks for, and holds it against the workflow, which is looked at once. */
export function workflowReader(context: IExecuteFunctions): ReadRequest {
	const fetchDefinition = createDefinitionFetcher(
		context,
		async (client, id) => await client.workflow(id),
	);

	return async (_, itemIndex, binaries) => {
		const source = readPageId(context.getNodeParameter('workflowId', itemIndex, ''), WORKFLOW_PAGE);
		const { inputs, options, asWritten, problems } = readComfyForm(context, itemIndex);
		const inline = readInlineWorkflow(readOption(context, itemIndex, 'workflowJson'));
		const metadata = readSwitch(context, itemIndex, 'addMetadata', 'Add Metadata');
		if (typeof inline === 'string') problems.push(inline);
		if (typeof metadata === 'object') problems.push(metadata.problem);
		refuse(problems);

		const workflow = typeof inline === 'object' ? inline : undefined;
		let known = workflow?.inputs;
		if (known === undefined && inputs.length > 0) {
			const definition = await fetchDefinition(source, options.password !== undefined);
			if (definition.state === 'failed')
				return { asWritten, request: failedRequest({ source, call: CALL }, definition.error) };
			if (definition.state === 'seen') known = definition.found.inputs;
		}
		const checked = checkValues(known, inputs, binaries);
		refuse(checked.problems);

		const request = comfyRequest({
			source,
			call: CALL,
			outputKind: workflowOutputKind(known ?? []),
			values: checked.values,
			password: options.password,
			bodyWith: (values) => ({
				workflowId: source,
				...(workflow === undefined
					? { nodeInfoList: nodeInfoListOf(values) }
					: { workflow: withValues(workflow, values) }),
				...(typeof metadata === 'boolean' ? { addMetadata: metadata } : {}),
				...options.body,
			}),
		});
		return { asWritten, request };
	};
}

/** @returns undefined where none is given; what is wrong with it, as a sentence, where it cannot be run */
function readInlineWorkflow(json: unknown): Workflow | string | undefined {
	if (json === undefined) return undefined;
	const text = typeof json === 'string' ? json : JSON.stringify(json);
	const workflow = isEditorFormat(text) ? undefined : readWorkflow(text);
	if (workflow !== undefined && workflow.inputs.length > 0) return workflow;
	return isEditorFormat(text)
		? 'Workflow JSON is in the format of ComfyUI’s editor, which cannot be run; export it there with "Export (API)".'
		: `Workflow JSON is ${quote(text)}; it must be a workflow in ComfyUI’s API format, such as {"6": {"class_type": "CLIPTextEncode", "inputs": {"text": "a fox"}}}.`;
}
