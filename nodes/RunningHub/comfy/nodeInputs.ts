import type { IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';
import { inputOfId } from '../../../runninghub/inputs/nodeInfo';
import { readNodeInfoList } from '../../../runninghub/inputs/nodeInfoList';
import type { InputValue } from '../../../runninghub/inputs/nodeInfoValues';

/** What one item sets of a workflow's or app's inputs. */
export interface ReadInputs {
	inputs: InputValue[];
	/** Why the list that was written by hand cannot be read. */
	problems: string[];
}

/**
 * Reads the form of inputs, and over it the option Node Info List. Unchecked by n8n, which would end the whole run for one wrong
 * value.
 */
export function readNodeInputs(context: IExecuteFunctions, itemIndex: number): ReadInputs {
	const list = readNodeInfoList(context.getNodeParameter('options.nodeInfoList', itemIndex, null));
	const inputs = changedInputs(context, itemIndex);
	if ('problem' in list) return { inputs, problems: [list.problem] };
	return {
		inputs: [...inputs, ...list.map((one) => ({ ...one, from: 'list' as const }))],
		problems: [],
	};
}

/** The form's values with expressions as they are written. */
export function nodeInputsAsWritten(context: IExecuteFunctions, itemIndex: number): unknown {
	return context.getNodeParameter('nodeInputs.value', itemIndex, null, { rawExpressions: true });
}

const values = z.record(z.unknown()).nullish().catch(null);
const schema = z
	.array(z.object({ id: z.string(), defaultValue: z.unknown() }))
	.catch([])
	.transform((fields) => new Map(fields.map(({ id, defaultValue }) => [id, defaultValue])));

/**
 * What the form has that the workflow or app has not: n8n fills it with the values that were there when the form was
 * made, and keeps those beside it. To send what was not changed is not the same as to leave it out: it would freeze a
 * seed, and undo what was changed on RunningHub since. An expression always counts as a change.
 */
function changedInputs(context: IExecuteFunctions, itemIndex: number): InputValue[] {
	const written = values.parse(nodeInputsAsWritten(context, itemIndex)) ?? {};
	const resolved = values.parse(
		context.getNodeParameter('nodeInputs.value', itemIndex, null, { skipValidation: true }),
	);
	const defaults = schema.parse(
		context.getNodeParameter('nodeInputs.schema', itemIndex, [], { rawExpressions: true }),
	);
	return Object.entries(resolved ?? {}).flatMap(([id, fieldValue]) => {
		const original = defaults.get(id) ?? null;
		const isExpression = String(written[id]).startsWith('=');
		const isUnchanged = fieldValue === '' || String(fieldValue) === String(original);
		if (fieldValue === undefined || fieldValue === null || (isUnchanged && !isExpression))
			return [];
		const input = inputOfId(id);
		// Without one it is a notice in the form, not an input.
		return input === undefined ? [] : [{ ...input, fieldValue, from: 'form' as const }];
	});
}
