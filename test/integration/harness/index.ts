export { storeBinary } from './binary';
export { prepareEngine, storageFolder } from './engine';
export { askForm } from './load-options';
export { withoutNetwork } from './network';
export { callBack, wakeOnTime, retryRun, startRetry } from './wake';
export type { Callback, CallbackResult } from './wake';
export { callTrigger } from './call-trigger';
export { runAsTool } from './run-as-tool';
export type { ToolOptions, ToolRun } from './run-as-tool';
export { NODE_NAME, runNode, startNode } from './run-node';
export { runWorkflow, startWorkflow } from './run-workflow';
export type { ExportedWorkflow, WorkflowRunOptions } from './run-workflow';
export { testCredential } from './test-credential';
export type { CredentialTestResult } from './test-credential';
export type {
	AnyNodeType,
	InstanceOptions,
	NodeRun,
	NodeTypeMap,
	RunOptions,
	StartedRun,
} from './types';
