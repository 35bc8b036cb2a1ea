import { labelOf } from '../../../catalogue/labels';
import { takesSeveral, type Param } from '../../../catalogue/model';
import { count } from '../../../catalogue/sentences';

/**
 * A field's name and what it takes: `Prompt (max 2,500 chars)`. n8n has no other place for help at such a field, and shows
 * about 28 characters unless the panel is widened, so what decides most comes first.
 */
export function fieldLabel(param: Param): string {
	const label = labelOf(param.key);
	const limits = limitsOf(param).join(', ');
	if (limits === '') return label;
	// The unit of `Duration (Seconds)` shares its brackets.
	return label.endsWith(')') ? `${label.slice(0, -1)}, ${limits})` : `${label} (${limits})`;
}

function limitsOf(param: Param): string[] {
	const { maxItems, maxLength, mediaHint, accept, maxSizeMB } = param;
	return [
		maxItems === undefined || !takesSeveral(param) ? '' : `max ${maxItems}`,
		maxLength === undefined || mediaHint !== undefined ? '' : `max ${count(maxLength)} chars`,
		rangeOf(param),
		maxSizeMB === undefined ? '' : `${count(maxSizeMB)} MB`,
		fileTypes(accept),
		formOf(param),
		presetOf(param),
		stepOf(param),
	].filter((part) => part !== '');
}

/** The largest whole number that computers like is no limit that anybody needs to know. */
const NO_LIMIT = 2_147_483_647;

/** `0–1`, `≥ 1`, `≤ 10`, or nothing. */
function rangeOf({ type, min, max }: Param): string {
	if (type !== 'integer' && type !== 'number') return '';
	const most = max === undefined || max >= NO_LIMIT ? undefined : count(max);
	if (min === undefined) return most === undefined ? '' : `≤ ${most}`;
	if (most === undefined) return `≥ ${count(min)}`;
	return min < 0 ? `${count(min)} to ${most}` : `${count(min)}–${most}`;
}

/** Nobody needs to be told that JPEG is the same as JPG. */
function fileTypes(accept: readonly string[] = []): string {
	return accept
		.filter((extension) => extension !== 'jpeg' || !accept.includes('jpg'))
		.map((extension) => extension.toUpperCase())
		.join(', ');
}

function formOf({ type, mediaHint, options = [] }: Param): string {
	if (mediaHint !== undefined) return 'file or ID';
	if (type === 'array-of-enum') return `of ${options.join(', ')}`;
	return type === 'object-array' ? 'JSON array' : '';
}

/** What is taken if the field is left empty; a list says so at its option. */
function presetOf({ type, required, default: preset }: Param): string {
	if (required || preset === undefined || type === 'boolean' || type === 'enum') return '';
	return `default ${Array.isArray(preset) ? preset.join(', ') : preset}`;
}

function stepOf({ type, step }: Param): string {
	const isPlain = step === undefined || (type === 'integer' && step === 1);
	return isPlain || (type !== 'integer' && type !== 'number') ? '' : `step ${count(step)}`;
}
