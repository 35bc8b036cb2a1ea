import type { IExecuteFunctions } from 'n8n-workflow';
import type { AppListRequest, AppSort, ListedApp } from '../../../../runninghub/api/appList';
import { InvalidInput } from '../../../../runninghub/base/invalidInput';
import { withRetries } from '../../../../runninghub/base/retry';
import { quote } from '../../../../runninghub/base/text';
import { effectiveNode } from '../../agent/tool';
import { connect, type Connection } from '../../n8n/connection';
import { eachItem } from '../../run/eachItem';
import { toItems } from '../../run/output';
import type { Operation } from '../operation';

const SORTS: readonly AppSort[] = ['HOTTEST', 'NEWEST', 'RECOMMEND'];

export const getMany: Operation = {
	name: 'Get Many',
	value: 'getMany',
	action: 'Get many AI apps',
	description: 'List publicly available apps',
	properties: [
		{
			displayName: 'Return All',
			name: 'returnAll',
			type: 'boolean',
			default: false,
			description: 'Whether to return all results or only up to a given limit',
		},
		{
			displayName: 'Limit',
			name: 'limit',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 50,
			description: 'Max number of results to return',
			displayOptions: { show: { returnAll: [false] } },
		},
		{
			displayName: 'Sort By',
			name: 'sort',
			type: 'options',
			default: 'RECOMMEND',
			options: [
				{ name: 'Hottest', value: 'HOTTEST' },
				{ name: 'Newest', value: 'NEWEST' },
				{ name: 'Recommended', value: 'RECOMMEND' },
			],
		},
		{
			displayName: 'Days',
			name: 'days',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: 0,
			description: 'Only include apps from the last N days. Use 0 for all.',
		},
	],
	async execute(context, itemIndexes) {
		const connection = await connect(context);
		const results = await eachItem(itemIndexes, connection, async (itemIndex) => {
			const apps = await listed(connection, readQuery(context, itemIndex));
			return { state: 'json', json: apps.map((app) => ({ ...app })) };
		});
		return toItems(effectiveNode(context), results);
	},
};

type Query = Omit<AppListRequest, 'page'> & { limit: number };

async function listed(connection: Connection, { limit, ...query }: Query): Promise<ListedApp[]> {
	const apps = new Map<string, ListedApp>();
	for (let page = 1; apps.size < limit; page++) {
		const found = await withRetries(
			async () => await connection.client.apps({ ...query, page }),
			connection,
		);
		const before = apps.size;
		for (const app of found.apps) apps.set(app.webappId, app);
		// A page without new apps is the last one, even where RunningHub says that there are more.
		if (!found.hasNext || apps.size === before) break;
	}
	return [...apps.values()].slice(0, limit);
}

/** @throws InvalidInput */
function readQuery(context: IExecuteFunctions, itemIndex: number): Query {
	const sort = SORTS.find(
		(known) => known === context.getNodeParameter('sort', itemIndex, 'RECOMMEND'),
	);
	if (sort === undefined) throw new InvalidInput([`Sort By must be one of ${SORTS.join(', ')}.`]);
	const days = wholeNumber(context.getNodeParameter('days', itemIndex, 0), 'Days', 0);
	const limit =
		context.getNodeParameter('returnAll', itemIndex, false) === true
			? Infinity
			: wholeNumber(context.getNodeParameter('limit', itemIndex, 50), 'Limit', 1);
	return { sort, limit, ...(days === 0 ? {} : { days }) };
}

function wholeNumber(input: unknown, label: string, min: number): number {
	const value = Number(input);
	if (Number.isSafeInteger(value) && value >= min) return value;
	throw new InvalidInput([
		`${label} is ${quote(input)}; it must be a whole number of at least ${min}.`,
	]);
}
