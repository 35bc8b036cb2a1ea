import type {
	ExecutionError,
	ICredentialDataDecryptedObject,
	ICredentialType,
	INode,
	INodeExecutionData,
	INodeParameters,
	INodeType,
	IRun,
	IVersionedNodeType,
	IWorkflowSettings,
	StructuredChunk,
	WorkflowExecuteMode,
} from 'n8n-workflow';

export type AnyNodeType = INodeType | IVersionedNodeType;
/** Node classes by the full type name that a workflow uses, e.g. `n8n-nodes-runninghub.runningHub`. */
export type NodeTypeMap = Record<string, AnyNodeType>;

/** What every way of running something needs to know of the n8n instance around it. */
export interface InstanceOptions {
	/** Their `authenticate` is really called for every authenticated request. */
	credentialTypes: ICredentialType[];
	/** Decrypted data by the name of the credential type. */
	credentials: Record<string, ICredentialDataDecryptedObject>;
	/** `manual` unless told otherwise: only then does n8n pass `sendMessageToUI` on. */
	mode?: WorkflowExecuteMode;
	settings?: IWorkflowSettings;
	/** Whoever started it takes the answer bit by bit. */
	streaming?: boolean;
	/** Has one of n8n's Agents called the workflow as its tool? */
	calledByAgent?: boolean;
	/** The address that `$execution.resumeUrl` and webhook URLs begin with. */
	instanceUrl?: string;
}

export interface RunOptions extends InstanceOptions {
	/** The node under test, alone or in a map with others; in a map the first entry is under test unless `type` names another. */
	node: AnyNodeType | NodeTypeMap;
	type?: string;
	parameters: INodeParameters;
	/** Its input; one empty item by default. Binary given as base64 is put into n8n's file storage first. */
	items?: INodeExecutionData[];
	nodeSettings?: Partial<INode>;
	/** Nodes to run after it, one behind the other, before the recorder; their types come from the `node` map or the stand-ins. */
	behind?: Array<Pick<INode, 'name' | 'type'> & Partial<INode>>;
}

export interface NodeRun {
	/** Main output 0 of the node's last run. */
	items: INodeExecutionData[];
	/** Its error output, with `onError: 'continueErrorOutput'`. */
	errorItems: INodeExecutionData[];
	/** What arrived at the end of the flow behind it. */
	recorded: INodeExecutionData[];
	/** What the user sees, on the execution or (when the flow goes on) on the node. */
	error?: ExecutionError;
	run: IRun;
	/** Every line that nodes wrote with `this.logger`, as `<level> <message> <metadata as JSON>`. */
	log: string[];
	uiMessages: unknown[];
	/** What went to whoever started a streaming run. */
	chunks: StructuredChunk[];
	/** Output items of any node of the workflow, by node name. */
	outputOf(nodeName: string, output?: number): INodeExecutionData[];
	readBinary(item: INodeExecutionData | undefined, name: string): Promise<Buffer>;
}

export interface StartedRun {
	/** Resolves when the engine begins the node under test. */
	started: Promise<void>;
	finished: Promise<NodeRun>;
	/** What the Stop button does. */
	cancel(): void;
}
