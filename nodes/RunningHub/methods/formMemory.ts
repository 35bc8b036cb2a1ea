import { createHash, randomUUID } from 'crypto';
import type { ILoadOptionsFunctions, ResourceMapperField } from 'n8n-workflow';

/**
 * What stood in a form before its model was changed. n8n's editor empties a form before it asks for the fields of the new
 * model. It has sent the form as it was when the list of models was opened, so that is when it is remembered, and the new
 * fields get what still fits as their default.
 *
 * Which form it was tells its id: the name of a field that is never shown, and which n8n keeps in `matchingColumns`, all
 * that it does not empty. A form without such an id, or one that is asked for at another n8n process, is empty, as in other nodes.
 */
const remembered = new Map<string, FormValues>();

/** By wire key. */
export type FormValues = Readonly<Record<string, unknown>>;

const MAX_FORMS = 100;
const MAX_CHARACTERS = 100_000;
const FORM_ID = /^form-[\da-f-]{36}$/;

export function formIdOf(context: ILoadOptionsFunctions): string | undefined {
	const first: unknown = context.getCurrentNodeParameter('parameters.matchingColumns[0]');
	return typeof first === 'string' && FORM_ID.test(first) ? first : undefined;
}

export function rememberForm(formId: string | undefined, values: FormValues | undefined): void {
	if (formId === undefined || values === undefined) return;
	remembered.delete(formId);
	// Without files as data: URIs, which take too much memory.
	if (JSON.stringify(values).length > MAX_CHARACTERS) return;
	remembered.set(formId, values);
	const [oldest] = remembered.keys();
	if (remembered.size > MAX_FORMS && oldest !== undefined) remembered.delete(oldest);
}

/** Once: what is filled in later must not be overwritten by what was there before. */
export function recallForm(formId: string | undefined): FormValues | undefined {
	if (formId === undefined) return undefined;
	const values = remembered.get(formId);
	remembered.delete(formId);
	return values;
}

/**
 * The field that holds the form's id. n8n compares the fields of a saved form with those of today, though not their options:
 * these stand in its name, so that a form whose options have changed is drawn anew.
 */
export function formIdField(
	formId: string | undefined,
	fields: readonly ResourceMapperField[],
): ResourceMapperField {
	const options = JSON.stringify(fields.map((field) => field.options?.map(({ value }) => value)));
	return {
		id: formId ?? `form-${randomUUID()}`,
		displayName: createHash('sha256').update(options).digest('hex').slice(0, 16),
		required: false,
		defaultMatch: true,
		canBeUsedToMatch: false,
		display: false,
		type: 'string',
	};
}
