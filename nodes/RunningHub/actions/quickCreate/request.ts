import type { IExecuteFunctions } from 'n8n-workflow';
import { InvalidInput, refuse } from '../../../../runninghub/base/invalidInput';
import type { JsonObject } from '../../../../runninghub/base/json';
import type { BinaryFiles } from '../../../../runninghub/files/media';
import type { Uploads } from '../../../../runninghub/files/uploads';
import { fileProblems, sentValue } from '../../../../runninghub/inputs/nodeInfoValues';
import {
	readQuickCreateCode,
	readQuickCreateItems,
	type QuickCreateItem,
} from '../../../../runninghub/inputs/quickCreateInput';
import type { ItemRequest } from '../../run/runTasks';
import { readWebappId } from './fields';

const FIELDS = ['webappId', 'quickCreateCode', 'nodeInputs'];

/**
 * What one item asks for, read from the form (reference section 3.3).
 * @throws InvalidInput
 */
export function readQuickCreateRequest(
	context: IExecuteFunctions,
	itemIndex: number,
	binaries: BinaryFiles,
): ItemRequest {
	const webappId = readWebappId(context, itemIndex);
	const read = readQuickCreateCode(context.getNodeParameter('quickCreateCode', itemIndex, ''));
	if ('problem' in read) throw new InvalidInput([read.problem]);
	const input = context.getNodeParameter('nodeInputs', itemIndex, '');
	const items = readQuickCreateItems(input, binaries);
	if ('problem' in items) throw new InvalidInput([items.problem]);

	const quickCreateCode = read.code;
	const asWritten = FIELDS.map((name) =>
		context.getNodeParameter(name, itemIndex, '', { rawExpressions: true }),
	);
	return {
		asWritten,
		request: {
			source: `${webappId}/${quickCreateCode}`,
			call: { type: 'quickCreate' },
			expected: { outputKind: 'image', isQuick: true },
			checkFiles: async (check) =>
				refuse(
					await fileProblems(
						items.map(({ value }) => value),
						check,
					),
				),
			prepare: async (uploads) => ({
				webappId,
				quickCreateCode,
				nodeInfoList: await Promise.all(items.map(async (item) => await toNodeInfo(item, uploads))),
			}),
		},
	};
}

async function toNodeInfo({ info, value }: QuickCreateItem, uploads: Uploads): Promise<JsonObject> {
	return { ...info, fieldValue: await sentValue(value, uploads) };
}
