import { NodeOperationError, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';
import { expectRunningHubError } from '../../runninghub/base/errors';
import { DEFAULT_RESOURCE, findOperation } from './actions';
import { effectiveNode } from './agent/tool';
import { toToolOutput } from './agent/toolOutput';
import type { ItemResult } from './run/itemResult';
import { toItems } from './run/output';

/** Runs each item's operation. Items that chose the same one run together, so that their tasks are waited for in one loop. */
export async function router(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const groups = new Map<string, { resource: string; operation: string; itemIndexes: number[] }>();
	for (const itemIndex of this.getInputData().keys()) {
		const resource = String(this.getNodeParameter('resource', itemIndex, DEFAULT_RESOURCE));
		const operation = String(this.getNodeParameter('operation', itemIndex, ''));
		const key = `${resource}/${operation}`;
		const group = groups.get(key) ?? { resource, operation, itemIndexes: [] };
		group.itemIndexes.push(itemIndex);
		groups.set(key, group);
	}

	const outputs: INodeExecutionData[] = [];
	for (const { resource, operation, itemIndexes } of groups.values()) {
		const found = findOperation(resource, operation);
		if (found === undefined) {
			throw new NodeOperationError(
				this.getNode(),
				`The RunningHub node has no operation "${operation}" for "${resource}".`,
				{ itemIndex: itemIndexes[0], description: 'Choose the resource and operation again.' },
			);
		}
		const items = await found.execute(this, itemIndexes).catch((thrown: unknown) => {
			const error = expectRunningHubError(thrown);
			// What stops the whole run stops each of its items: with Continue On Fail none of them may look untouched.
			const failed = itemIndexes.map(
				(itemIndex): ItemResult => ({ itemIndex, source: null, state: 'error', error }),
			);
			return toItems(effectiveNode(this), failed);
		});
		outputs.push(...items);
	}
	return [
		toToolOutput(
			this,
			outputs.sort((a, b) => pairedIndex(a) - pairedIndex(b)),
		),
	];
}

function pairedIndex({ pairedItem }: INodeExecutionData): number {
	return typeof pairedItem === 'object' && !Array.isArray(pairedItem) ? pairedItem.item : 0;
}
