import type { ILoadOptionsFunctions, ResourceMapperFields } from 'n8n-workflow';
import type { NodeInput } from '../../../runninghub/inputs/nodeInfo';
import { loadFields } from '../comfy/nodeInputsForm';
import { WORKFLOW_PAGE } from '../comfy/pageId';

/** One field for each input of the workflow that is not a link; those that people change most come first. */
export async function getWorkflowInputs(
	this: ILoadOptionsFunctions,
): Promise<ResourceMapperFields> {
	return await loadFields(this, WORKFLOW_PAGE, 'workflowId', async (client, id) => ({
		inputs: promptsAndFilesFirst((await client.workflow(id)).inputs),
	}));
}

const PROMPT_NAME = /(?:^|_)(?:text|prompt)(?:_|$)/i;

/** Otherwise in the order of its nodes. */
function promptsAndFilesFirst(inputs: readonly NodeInput[]): NodeInput[] {
	const rank = ({ kind, fieldName }: NodeInput): number => {
		if (kind === 'text' && PROMPT_NAME.test(fieldName)) return 0;
		return kind === 'media' ? 1 : 2;
	};
	return inputs.toSorted((a, b) => rank(a) - rank(b));
}
