import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

/** One operation: how it is named, its own fields, and what it does. */
export interface Operation {
	name: string;
	/** Saved in workflows: never changes without a node version. */
	value: string;
	/** As n8n's node panel shows it. */
	action: string;
	description: string;
	/** Shown for this operation alone; the registry adds the condition. */
	properties: INodeProperties[];
	/**
	 * @param itemIndexes the input items that chose this operation
	 * @returns the output in the order of the items, each paired with its own
	 */
	execute(context: IExecuteFunctions, itemIndexes: number[]): Promise<INodeExecutionData[]>;
}

export interface Resource {
	name: string;
	value: string;
	description: string;
	/** Fields of several of its operations, each with its own condition on `operation`. */
	properties: INodeProperties[];
	operations: Operation[];
	defaultOperation: string;
}
