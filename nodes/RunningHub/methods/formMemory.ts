import { createHash, randomUUID } from 'crypto';
import type { ILoadOptionsFunctions, ResourceMapperField } from 'n8n-workflow';

/**
 * What stood in a form before its model was changed. n8n's editor empties a form before it asks for the fields of the new
 * model. It has sent the form as it was when the list of models was opened, so that is when it is remembered, and the new
 * fields get what still fits as their default.
 *
 * Which form it was tells a ticket: the name of a field that is never shown, and which n8n keeps in `matchingColumns`, all
 * that it does not empty. Whoever comes with no ticket, or to another n8n process, finds an empty form, as in other nodes.
 */
const remembered = new Map<string, FilledForm>();

/** By wire key. */
export type FilledForm = Readonly<Record<string, unknown>>;

const FORMS_AT_MOST = 100;
const CHARACTERS_AT_MOST = 100_000;
const TICKET = /^form-[\da-f-]{36}$/;

export function ticketOf(context: ILoadOptionsFunctions): string | undefined {
	const first: unknown = context.getCurrentNodeParameter('parameters.matchingColumns[0]');
	return typeof first === 'string' && TICKET.test(first) ? first : undefined;
}

export function rememberForm(ticket: string | undefined, filled: FilledForm | undefined): void {
	if (ticket === undefined || filled === undefined) return;
	remembered.delete(ticket);
	// Files as data: URIs are not worth the memory.
	if (JSON.stringify(filled).length > CHARACTERS_AT_MOST) return;
	remembered.set(ticket, filled);
	const [oldest] = remembered.keys();
	if (remembered.size > FORMS_AT_MOST && oldest !== undefined) remembered.delete(oldest);
}

/** Once: what is filled in later must not be overwritten by what was there before. */
export function takeForm(ticket: string | undefined): FilledForm | undefined {
	if (ticket === undefined) return undefined;
	const filled = remembered.get(ticket);
	remembered.delete(ticket);
	return filled;
}

/**
 * The field that holds the ticket. n8n compares the fields of a saved form with those of today, though not their options:
 * these stand in its name, so that a form whose options have changed is drawn anew.
 */
export function ticketField(
	ticket: string | undefined,
	fields: readonly ResourceMapperField[],
): ResourceMapperField {
	const options = JSON.stringify(fields.map((field) => field.options?.map(({ value }) => value)));
	return {
		id: ticket ?? `form-${randomUUID()}`,
		displayName: createHash('sha256').update(options).digest('hex').slice(0, 16),
		required: false,
		defaultMatch: true,
		canBeUsedToMatch: false,
		display: false,
		type: 'string',
	};
}
