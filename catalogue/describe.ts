import { keysOf, settings, wordingOf } from './conditions';
import { helpOf, labelOf } from './labels';
import { mediaKindOf, takesSeveral, type Condition, type Param } from './model';
import { aFile, count, enumerated, rangeOf } from './sentences';

/**
 * What a field is for and what it takes, in one line for the form:
 * `Picture whose style to follow; the URL, data: URI or binary field of an image; JPG, PNG; up to 10 MB`.
 * @param conditions those of the field's model; the ones that are not about the field are left out
 * @returns empty text where there is nothing to say beyond the label
 */
export function describeParam(param: Param, conditions: readonly Condition[] = []): string {
	const parts = [
		helpOf(param.key),
		form(param),
		...limits(param),
		...conditions
			.filter((condition) => keysOf(condition).includes(param.key))
			.map((condition) => conditionFor(param.key, condition)),
		preset(param),
	].filter((part) => part !== '');
	const line = parts.join('; ');
	return line.charAt(0).toUpperCase() + line.slice(1);
}

/** What a field takes, in a few words behind its label: `at most 9; JPG, PNG; up to 10 MB each`. */
export function limitsOf(param: Param): string {
	return [...limits(param), preset(param)].filter((part) => part !== '').join('; ');
}

/** How to write the value, where that does not go without saying. */
function form(param: Param): string {
	const kind = mediaKindOf(param);
	if (kind !== undefined) {
		const how = 'URL, data: URI or binary field';
		if (!takesSeveral(param)) return `the ${how} of ${aFile(kind)}`;
		return `${how} of each, separated by commas`;
	}
	if (param.mediaHint !== undefined) {
		return `URL, data: URI or binary field of ${aFile(param.mediaHint)}, or the ID of one that RunningHub has`;
	}
	switch (param.type) {
		case 'array-of-string':
			return 'separated by commas, or a JSON array';
		case 'array-of-enum':
			return `any of ${enumerated(param.options ?? [], 'or')}, separated by commas`;
		case 'object-array':
			return 'a JSON array of objects, which RunningHub does not document';
		default:
			return '';
	}
}

function limits(param: Param): string[] {
	const { type, min, max, step, maxLength, maxItems, accept, maxSizeMB } = param;
	const each = takesSeveral(param) ? ' each' : '';
	const isNumber = type === 'integer' || type === 'number';
	// Steps of 1 go without saying; so does the largest whole number that computers like.
	const largest = max === undefined || max >= 2_147_483_647 ? undefined : max;
	return [
		isNumber ? rangeOf(min, largest).replace(/^ (?:of )?/, '') : '',
		isNumber && step !== undefined && step !== 1 ? `in steps of ${count(step)}` : '',
		maxLength === undefined ? '' : `at most ${count(maxLength)} characters${each}`,
		maxItems === undefined ? '' : `at most ${maxItems}`,
		accept === undefined ? '' : fileTypes(accept),
		maxSizeMB === undefined ? '' : `up to ${maxSizeMB} MB${each}`,
	];
}

/** `JPG, PNG`; nobody needs to be told that JPEG is the same as JPG. */
function fileTypes(accept: readonly string[]): string {
	return accept
		.filter((extension) => extension !== 'jpeg' || !accept.includes('jpg'))
		.map((extension) => extension.toUpperCase())
		.join(', ');
}

/** A condition as it reads at one of its fields. */
function conditionFor(key: string, condition: Condition): string {
	const others = keysOf(condition).filter((other) => other !== key);
	const names = (conjunction: 'and' | 'or') => enumerated(others.map(labelOf), conjunction);
	switch (condition.kind) {
		case 'anyOf':
			return `this or ${names('or')} is needed`;
		case 'exactlyOneOf':
			return `either this or ${names('or')}`;
		case 'requiredWhen':
			return key === condition.key ? `needed when ${settings(condition.when)}` : '';
		case 'needsAnyOf':
			return key === condition.key ? `only together with ${names('or')}` : '';
		case 'ignoredWhenSet':
			return key === condition.key ? `has no effect when ${names('or')} is given` : '';
		case 'maxItemsTogether':
			return `at most ${condition.max} together with ${names('and')}`;
		case 'optionNotWith':
			return key === condition.key
				? `not ${condition.option} when ${settings(condition.with)}`
				: '';
		case 'secondsRange':
			return `${condition.min} to ${condition.max} seconds long`;
		case 'pixelRange':
			return `width × height from ${count(condition.min)} to ${count(condition.max)} pixels`;
		case 'ratioRange':
			return `width to height from ${condition.min} to ${condition.max}`;
		case 'wording':
			return wordingOf(condition);
	}
}

/** What a field that is not filled means. A required one has to be filled. */
function preset({ type, required, default: value }: Param): string {
	if (required || value === undefined || type === 'boolean') return '';
	return `left empty: ${Array.isArray(value) ? value.join(', ') : value}`;
}
