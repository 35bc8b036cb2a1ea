import { type Item, itemsOf, type Workflow } from '../../../scripts/lib/n8nApi';
import type { Host } from './host';

const CLICK = 'When clicking ‘Execute workflow’';

/** Makes a Data Table of text columns with these rows in n8n 2.x, by its own node; gives the table's id. */
export async function makeDataTable(
	{ api }: Host,
	name: string,
	columns: string[],
	rows: object[],
): Promise<string> {
	const workflow = await api.importWorkflow(workflowFor(name, columns, rows));
	const execution = await api.finishedExecution(await api.runWorkflow(workflow, CLICK));
	const [table] = itemsOf(execution, 'Table');
	if (itemsOf(execution, 'Rows').length !== rows.length) throw new Error('The table has no rows.');
	return String(table?.json.id);
}

/** All rows of a Data Table, by its own node. */
export async function rowsOf({ api }: Host, table: string): Promise<Item['json'][]> {
	const workflow = await api.importWorkflow({
		name: `Look at the table ${table}`,
		nodes: [
			node(CLICK, 'manualTrigger', 1, {}),
			node('Rows', 'dataTable', 1, {
				resource: 'row',
				operation: 'get',
				dataTableId: { __rl: true, mode: 'id', value: table },
				returnAll: true,
			}),
		],
		connections: { [CLICK]: next('Rows') },
		settings: { executionOrder: 'v1' },
	});
	const execution = await api.finishedExecution(await api.runWorkflow(workflow, CLICK));
	return itemsOf(execution, 'Rows').map(({ json }) => json);
}

const node = (
	nodeName: string,
	type: string,
	typeVersion: number,
	parameters: Record<string, unknown>,
) => ({
	id: nodeName,
	name: nodeName,
	type: `n8n-nodes-base.${type}`,
	typeVersion,
	parameters,
	position: [0, 0],
});
const next = (nodeName: string) => ({ main: [[{ node: nodeName, type: 'main', index: 0 }]] });

function workflowFor(name: string, columns: string[], rows: object[]): Workflow {
	return {
		name: `Make the table ${name}`,
		nodes: [
			node(CLICK, 'manualTrigger', 1, {}),
			node('Table', 'dataTable', 1, {
				resource: 'table',
				operation: 'create',
				tableName: name,
				columns: { column: columns.map((column) => ({ name: column, type: 'string' })) },
			}),
			node('List', 'set', 3.4, { mode: 'raw', jsonOutput: JSON.stringify({ rows }) }),
			node('Items', 'splitOut', 1, { fieldToSplitOut: 'rows' }),
			node('Rows', 'dataTable', 1, {
				resource: 'row',
				operation: 'insert',
				dataTableId: { __rl: true, mode: 'id', value: "={{ $('Table').first().json.id }}" },
				columns: { mappingMode: 'autoMapInputData', value: null },
			}),
		],
		connections: {
			[CLICK]: next('Table'),
			Table: next('List'),
			List: next('Items'),
			Items: next('Rows'),
		},
		settings: { executionOrder: 'v1' },
	};
}
