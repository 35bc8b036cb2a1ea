import type { IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';
import { loadCatalogue } from '../../../../catalogue/catalogue';
import { keysOf } from '../../../../catalogue/conditions';
import type { Model } from '../../../../catalogue/model';
import { modelRequest } from '../../../../catalogue/modelRequest';
import { readExtraFields, readInput, type ModelInput } from '../../../../catalogue/wireFormat';
import { InvalidInput } from '../../../../runninghub/base/invalidInput';
import type { JsonObject } from '../../../../runninghub/base/json';
import { quote, shorten } from '../../../../runninghub/base/text';
import type { BinaryFiles } from '../../../../runninghub/files/media';
import type { ItemRequest } from '../../run/runTasks';
import { endpointIn, pageProblem } from './endpoint';
import { savedModelIn } from './savedModel';

/** Of a model that the catalogue does not know; no dots alone, which would lead to another call. */
const ENDPOINT = /^(?!.*\.\.)[\w.[\]-]+(?:\/[\w.[\]-]+)+$/;

/**
 * What one item asks for, read from the form: checked by the catalogue where it knows the model, and sent as it is
 * where it does not.
 * @throws InvalidInput
 */
export async function readModelRequest(
	context: IExecuteFunctions,
	itemIndex: number,
	binaries: BinaryFiles,
): Promise<ItemRequest> {
	const endpoint = readEndpoint(context.getNodeParameter('model', itemIndex, ''));
	const model =
		(await loadCatalogue()).find(endpoint) ?? savedModelIn(savedFields(context), endpoint);
	if (model === undefined && !ENDPOINT.test(endpoint)) throw noEndpoint(endpoint);
	const extraFields = readExtraFields(
		context.getNodeParameter('options.extraFields', itemIndex, {}),
	);
	const written = (name: string) =>
		context.getNodeParameter(name, itemIndex, null, { rawExpressions: true });
	const asWritten = [written('parameters.value'), written('options.extraFields')];
	if (model === undefined || !model.paramsKnown) {
		if (Object.keys(extraFields).length === 0) throw fieldsNeeded(endpoint);
		const input = { values: {}, media: [] };
		return { asWritten, request: modelRequest({ endpoint, model, input, extraFields }) };
	}
	// Without n8n's own check, whose error would stop all items because of one.
	const values = fields.parse(
		context.getNodeParameter('parameters.value', itemIndex, null, { skipValidation: true }),
	);
	const input = readInput(withoutChecksOf(model, extraFields), values, binaries);
	if (isEmpty(input) && Object.keys(extraFields).length === 0) {
		throw new InvalidInput([`Fill in at least one field; ${model.name} needs input.`]);
	}
	return { asWritten, request: modelRequest({ endpoint, model, input, extraFields }) };
}

/** Raw: the form wrote this list of fields, so an equals sign in it does not begin an expression of the user's. */
function savedFields(context: IExecuteFunctions): unknown {
	return context.getNodeParameter('parameters.schema', 0, [], { rawExpressions: true });
}

function isEmpty({ values, media }: ModelInput): boolean {
	return Object.keys(values).length === 0 && media.length === 0;
}

/** Extra fields are for what is newer than the catalogue: what it says of the same keys does not count. */
function withoutChecksOf(model: Model, extraFields: JsonObject): Model {
	const isExtra = (key: string) => Object.hasOwn(extraFields, key);
	return {
		...model,
		params: model.params.filter(({ key }) => !isExtra(key)),
		conditions: model.conditions.filter((condition) => !keysOf(condition).some(isExtra)),
	};
}

const fields = z
	.record(z.unknown())
	.nullish()
	.catch(null)
	.transform((value) => value ?? {});

/** @throws InvalidInput */
function readEndpoint(input: unknown): string {
	const endpoint = endpointIn(input);
	const problem = pageProblem(endpoint);
	if (problem !== undefined) throw new InvalidInput([problem]);
	if (endpoint === '') {
		throw new InvalidInput([
			'Model is empty; choose one from the list or enter its endpoint, such as rhart-image-v1/text-to-image.',
		]);
	}
	return endpoint;
}

function noEndpoint(text: string): InvalidInput {
	return new InvalidInput([
		`Model is ${quote(text)}; choose one from the list or enter its endpoint, such as rhart-image-v1/text-to-image.`,
	]);
}

function fieldsNeeded(endpoint: string): InvalidInput {
	return new InvalidInput([
		`The fields of ${shorten(endpoint, 100)} are not known to this node; enter them in the Extra Fields option, as listed on the model’s page on RunningHub.`,
	]);
}
