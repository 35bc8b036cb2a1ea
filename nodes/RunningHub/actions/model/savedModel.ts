import type { ResourceMapperField } from 'n8n-workflow';
import { z } from 'zod';
import type { Model } from '../../../../catalogue/model';
import { readSavedModel, saveModel } from '../../../../catalogue/savedModel';

/** No parameter has a hyphen in its key. */
const ID = 'model-facts';

/**
 * A field that is never shown: n8n saves the fields of a form with the workflow, and this one holds what the model takes.
 * As its name, since that is compared when n8n looks whether a saved form is out of date.
 */
export function savedModelField(model: Model): ResourceMapperField {
	return {
		id: ID,
		displayName: saveModel(model),
		required: false,
		defaultMatch: false,
		canBeUsedToMatch: false,
		display: false,
		type: 'string',
	};
}

const schema = z.array(z.object({ id: z.string(), displayName: z.unknown() })).catch([]);

/**
 * The model that a form was saved with.
 * @param fields `schema` of the resource mapper, as it is written
 * @returns undefined where there is none, or another one: the model may be an expression
 * @throws InvalidInput where it cannot be read
 */
export function savedModelIn(fields: unknown, endpoint: string): Model | undefined {
	const field = schema.parse(fields).find(({ id }) => id === ID);
	if (field === undefined) return undefined;
	const model = readSavedModel(field.displayName);
	return model.endpoint === endpoint ? model : undefined;
}
