import type { IExecuteFunctions } from 'n8n-workflow';
import { InvalidInput } from '../../../../runninghub/base/invalidInput';
import { withRetries } from '../../../../runninghub/base/retry';
import { quote } from '../../../../runninghub/base/text';
import { effectiveNode } from '../../agent/tool';
import { connect } from '../../n8n/connection';
import { eachItem } from '../../run/eachItem';
import { toItems } from '../../run/output';
import type { Operation } from '../operation';
import { readWebappId } from './fields';

const DEFAULT_TYPE = 2;

export const getStyles: Operation = {
	name: 'Get Styles',
	value: 'getStyles',
	action: 'Get the styles of a quick create module',
	description: 'List the styles of a module, one item per style',
	properties: [
		{
			displayName: 'Type',
			name: 'type',
			type: 'number',
			typeOptions: { numberPrecision: 0 },
			default: DEFAULT_TYPE,
			description: 'Style library to list. RunningHub’s example uses 2.',
		},
	],
	async execute(context, itemIndexes) {
		const connection = await connect(context);
		const results = await eachItem(itemIndexes, connection, async (itemIndex) => {
			const webappId = readWebappId(context, itemIndex);
			const type = readType(context, itemIndex);
			const styles = await withRetries(
				async () => await connection.client.styles(webappId, type),
				connection,
			);
			return { state: 'json', json: styles.map((style) => ({ ...style })) };
		});
		return toItems(effectiveNode(context), results);
	},
};

/** @throws InvalidInput */
function readType(context: IExecuteFunctions, itemIndex: number): number {
	const input: unknown = context.getNodeParameter('type', itemIndex, DEFAULT_TYPE);
	const type = typeof input === 'string' && input.trim() !== '' ? Number(input) : input;
	if (typeof type === 'number' && Number.isSafeInteger(type)) return type;
	throw new InvalidInput([`Type is ${quote(input)}; it must be a whole number, such as 2.`]);
}
