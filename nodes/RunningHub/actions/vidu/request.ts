import type { IExecuteFunctions } from 'n8n-workflow';
import { modelRequest } from '../../../../catalogue/modelRequest';
import { findViduModel } from '../../../../catalogue/vidu';
import { readInput } from '../../../../catalogue/wireFormat';
import { InvalidInput } from '../../../../runninghub/base/invalidInput';
import { quote } from '../../../../runninghub/base/text';
import type { BinaryFiles } from '../../../../runninghub/files/media';
import type { ItemRequest } from '../../run/runTasks';
import { DEFAULT_MODE, MODES, modelsOf } from './modes';

/**
 * What one item asks for, read from the form.
 * @throws InvalidInput
 */
export function readViduRequest(
	context: IExecuteFunctions,
	itemIndex: number,
	binaries: BinaryFiles,
): ItemRequest {
	const modeValue = String(context.getNodeParameter('mode', itemIndex, DEFAULT_MODE));
	const endpoint = String(context.getNodeParameter('model', itemIndex, ''));
	const mode = MODES.find(({ value }) => value === modeValue);
	if (mode === undefined) {
		throw new InvalidInput([
			`Mode is ${quote(modeValue)}; it must be one of ${MODES.map(({ value }) => value).join(', ')}.`,
		]);
	}
	const model = findViduModel(endpoint);
	if (model === undefined || model.task !== mode.task) {
		const offered = modelsOf(mode.task).map((candidate) => candidate.endpoint);
		const newer =
			model === undefined
				? ' A Vidu model newer than this package is under the resource Model, marked (new).'
				: '';
		throw new InvalidInput([
			`Model is ${quote(endpoint)}; ${mode.name} offers ${offered.join(', ')}.${newer}`,
		]);
	}
	const values: Record<string, unknown> = {};
	const asWritten: Record<string, unknown> = {};
	for (const { key } of model.params) {
		values[key] = context.getNodeParameter(key, itemIndex, undefined);
		asWritten[key] = context.getNodeParameter(key, itemIndex, undefined, { rawExpressions: true });
	}
	const input = readInput(model, values, binaries);
	return { asWritten, request: modelRequest({ endpoint, model, input }) };
}
