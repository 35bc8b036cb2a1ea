import type { App } from '../../../../runninghub/api/app';
import { withRetries } from '../../../../runninghub/base/retry';
import type { NodeInputOption } from '../../../../runninghub/inputs/nodeInfo';
import { effectiveNode } from '../../agent/tool';
import { APP_PAGE, readPageId } from '../../comfy/pageId';
import { connect } from '../../n8n/connection';
import { eachItem } from '../../run/eachItem';
import { toItems } from '../../run/output';
import type { Operation } from '../operation';

export type AppOutput = {
	webappId: string;
	name: string;
	needsPassword: boolean;
	parameters: Array<{
		nodeId: string;
		nodeClass: string;
		fieldName: string;
		label: string;
		description: string;
		/** As RunningHub calls it: `IMAGE`, `STRING`, `LIST` and the like. */
		type: string;
		value: string | null;
		options: NodeInputOption[] | null;
		min: number | null;
		max: number | null;
	}>;
};

export const getParameters: Operation = {
	name: 'Get Parameters',
	value: 'getParameters',
	action: 'Get the parameters of an AI app',
	description: 'Get the inputs of an app and their default values',
	properties: [],
	async execute(context, itemIndexes) {
		const connection = await connect(context);
		const results = await eachItem(itemIndexes, connection, async (itemIndex) => {
			const input: unknown = context.getNodeParameter('webappId', itemIndex, '');
			const webappId = readPageId(input, APP_PAGE);
			const app = await withRetries(async () => await connection.client.app(webappId), connection);
			return { state: 'json', json: outputOf(webappId, app) };
		});
		return toItems(effectiveNode(context), results);
	},
};

function outputOf(webappId: string, { name, isEncrypted, parameters }: App): AppOutput {
	return {
		webappId,
		name,
		needsPassword: isEncrypted,
		parameters: parameters.map(({ input, fieldType, description }) => ({
			nodeId: input.nodeId,
			nodeClass: input.nodeClass,
			fieldName: input.fieldName,
			label: input.label,
			description,
			type: fieldType,
			value: input.saved,
			options: input.options?.map(({ name, value }) => ({ name, value })) ?? null,
			min: input.min ?? null,
			max: input.max ?? null,
		})),
	};
}
