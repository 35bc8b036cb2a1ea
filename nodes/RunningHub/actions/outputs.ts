import type { ListedApp } from '../../../runninghub/api/appList';
import type { Style } from '../../../runninghub/api/quickCreate';
import type { TaskOutput } from '../../../runninghub/api/task';
import type { WebhookEvent } from '../../../runninghub/api/webhookEvent';
import type { PriceOutput } from '../run/estimatePrices';
import type { AccountOutput } from './account/get.operation';
import type { AppOutput } from './aiApp/getParameters.operation';
import type { WorkflowOutput } from './comfyWorkflow/getJson.operation';
import type { UploadOutput } from './file/upload.operation';
import type { LoraOutput } from './file/uploadLora.operation';

/** A task as an item's JSON: one that was not made, or whose id never came, has none. */
type TaskItem = { taskId: string | null } & Omit<TaskOutput, 'taskId'>;

/**
 * What one item of each operation holds. The build writes n8n's output schemas from it (scripts/lib/outputSchemas.ts),
 * so that the editor shows the fields before the node has ever run.
 */
export interface Outputs {
	vidu: { submit: TaskItem; submitAndWait: TaskItem; estimatePrice: PriceOutput };
	model: { submit: TaskItem; submitAndWait: TaskItem; estimatePrice: PriceOutput };
	comfyWorkflow: { submit: TaskItem; submitAndWait: TaskItem; getJson: WorkflowOutput };
	aiApp: {
		submit: TaskItem;
		submitAndWait: TaskItem;
		getParameters: AppOutput;
		getMany: ListedApp;
	};
	quickCreate: { submit: TaskItem; submitAndWait: TaskItem; getStyles: Style };
	task: {
		waitForResult: TaskItem;
		get: TaskItem;
		cancel: TaskItem;
		getWebhookEvent: WebhookEvent;
		resendWebhookEvent: WebhookEvent;
	};
	file: { upload: UploadOutput; uploadLora: LoraOutput };
	account: { get: AccountOutput };
}
