import { z } from 'zod';
import { tryParseJson } from '../base/json';
import { tolerantList, tolerantNumber, tolerantText } from '../base/tolerantSchemas';
import type { NodeInput, NodeInputOption } from './nodeInfo';

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);

/** `index` is what goes over the wire; the name and the descriptions are for people. */
const optionObject = z.object({
	name: tolerantText,
	index: scalar,
	description: tolerantText,
	descriptionEn: tolerantText,
});
const optionObjects = tolerantList(
	optionObject.transform(({ index, name, description, descriptionEn }): NodeInputOption => {
		const details = descriptionEn || description || '';
		const called = name || index;
		return {
			value: index,
			name: details === '' || details === called ? called : `${called} (${details})`,
		};
	}),
);

const plainOptions = z.array(scalar).transform((values) => values.map(asOption));
/** `[["a", "b"], {"default": "a"}]`: ComfyUI's own form. */
const comfyOptions = z
	.tuple([plainOptions])
	.rest(z.unknown())
	.transform(([options]) => options);
/** `["COMBO", {"options": ["a", "b"]}]`: that of its newer nodes. */
const newComfyOptions = z
	.tuple([z.literal('COMBO'), z.object({ options: plainOptions })])
	.rest(z.unknown())
	.transform(([, { options }]) => options);
const anyOptions = z.union([newComfyOptions, comfyOptions, optionObjects]);

const limit = tolerantNumber.transform((value) => value ?? undefined);
/** `["INT", {"min": 1, "max": 4}]`. */
const numberData = z.tuple([z.string(), z.object({ min: limit, max: limit })]).rest(z.unknown());

/**
 * What `fieldData`, a JSON string in one of several forms, says of the values that a parameter of an AI App takes
 * (reference section 5.2).
 * @returns no options where they cannot be read: then any text will do
 */
export function optionsIn(fieldData: string | null, saved: string | null): NodeInputOption[] {
	const read = anyOptions.safeParse(tryParseJson(fieldData ?? ''));
	const options = read.success ? read.data : [];
	const isListed = options.some(({ value }) => value === saved);
	return options.length === 0 || saved === null || isListed
		? options
		: [asOption(saved), ...options];
}

/** The bounds of a number in `fieldData`; none where they cannot be read (reference section 5.2). */
export function limitsIn(fieldData: string | null): Pick<NodeInput, 'min' | 'max'> {
	const read = numberData.safeParse(tryParseJson(fieldData ?? ''));
	return read.success ? read.data[1] : {};
}

function asOption(value: string): NodeInputOption {
	return { name: value, value };
}
