import type { ILoadOptionsFunctions, ResourceMapperFields } from 'n8n-workflow';
import { loadFields } from '../comfy/nodeInputsForm';
import { WORKFLOW_PAGE } from '../comfy/pageId';

/** One field for each input of the workflow that is not a link. */
export async function getWorkflowInputs(
	this: ILoadOptionsFunctions,
): Promise<ResourceMapperFields> {
	return await loadFields(
		this,
		WORKFLOW_PAGE,
		'workflowId',
		async (client, id) => await client.workflow(id),
	);
}
