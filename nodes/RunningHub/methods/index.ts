import type { INodeType } from 'n8n-workflow';
import { getAppInputs, searchApps } from './aiApp';
import { getWorkflowInputs } from './comfyWorkflow';
import { runningHubApiTest } from './credentialTest';
import { getModelParameters, searchModels } from './model';

/** What the editor asks of the node while a form is being filled. Each resource has its own file here. */
export const methods = {
	credentialTest: { runningHubApiTest },
	listSearch: { searchApps, searchModels },
	resourceMapping: { getAppInputs, getModelParameters, getWorkflowInputs },
} satisfies INodeType['methods'];
