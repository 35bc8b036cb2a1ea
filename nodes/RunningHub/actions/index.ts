import type { DisplayCondition, INodeProperties } from 'n8n-workflow';
import { account } from './account';
import { aiApp } from './aiApp';
import { comfyWorkflow } from './comfyWorkflow';
import { file } from './file';
import { model } from './model';
import type { Operation, Resource } from './operation';
import { quickCreate } from './quickCreate';
import { runProperties } from './runProperties';
import { task } from './task';
import { vidu } from './vidu';

/** Every resource of the node; a new one is added here and nowhere else. */
const RESOURCES: readonly Resource[] = [
	vidu,
	model,
	comfyWorkflow,
	aiApp,
	quickCreate,
	task,
	file,
	account,
];

export const DEFAULT_RESOURCE = vidu.value;

/** The whole form: resource, operation, then the fields of each operation. */
export const properties: INodeProperties[] = [
	{
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		default: DEFAULT_RESOURCE,
		options: RESOURCES.map(({ name, value, description }) => ({ name, value, description })),
	},
	...RESOURCES.map(operationSelector),
	...RESOURCES.flatMap((resource) => [
		...resource.properties.map((property) => hiddenForOthersThan(resource, property)),
		...resource.operations.flatMap((operation) =>
			operation.properties.map((property) =>
				shownFor(property, { resource: [resource.value], operation: [operation.value] }),
			),
		),
	]),
	...runProperties,
];

export function findOperation(resource: string, operation: string): Operation | undefined {
	return RESOURCES.find(({ value }) => value === resource)?.operations.find(
		({ value }) => value === operation,
	);
}

function operationSelector({ value, operations, defaultOperation }: Resource): INodeProperties {
	return {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [value] } },
		default: defaultOperation,
		options: operations.map((operation) => ({
			name: operation.name,
			value: operation.value,
			action: operation.action,
			description: operation.description,
		})),
	};
}

/**
 * By `hide`: when one value changes, n8n's editor resets those that no longer fit only where the conditions hold without
 * the parameters that are at their default, as the resource mostly is. So the fields of the default resource are not hidden
 * where none is set; a comparison says it in fewer bytes than a list of the others.
 */
function hiddenForOthersThan({ value }: Resource, property: INodeProperties): INodeProperties {
	const others = RESOURCES.filter((other) => other.value !== value).map((other) => other.value);
	const conditions: DisplayCondition[] =
		value === DEFAULT_RESOURCE
			? [
					...(others.some((other) => other < value) ? [{ _cnd: { lt: value } } as const] : []),
					...(others.some((other) => other > value) ? [{ _cnd: { gt: value } } as const] : []),
				]
			: [{ _cnd: { not: value } }];
	return {
		...property,
		displayOptions: {
			...property.displayOptions,
			hide: { ...property.displayOptions?.hide, resource: conditions },
		},
	};
}

function shownFor(property: INodeProperties, show: Record<string, string[]>): INodeProperties {
	return {
		...property,
		displayOptions: {
			...property.displayOptions,
			show: { ...show, ...property.displayOptions?.show },
		},
	};
}
