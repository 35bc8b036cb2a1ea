import type { FileStore } from './files';
import { checkConditions } from './conditions';
import type { Model, Param } from './facts';
import { isJsonObject } from './json';

/** Why a body is refused. The code is 1007 unless it is about the file behind a URL (reference 11.2). */
export interface BodyProblem {
	code: '1007' | '1008' | '1013';
	message: string;
}

export interface BodyRules {
	acceptDataUris: boolean;
	textLength: 'utf16' | 'codePoints';
	files: FileStore;
}

export type Body = Record<string, unknown>;
export type Complaint = BodyProblem | undefined;

export const invalid = (message: string): BodyProblem => ({ code: '1007', message });

/**
 * Checks the body of a model call against the facts (reference 6.1): known keys only, each value in
 * its own JSON type, within its options and limits, and nothing required left out.
 */
export function checkModelBody(model: Model, body: unknown, rules: BodyRules): Complaint {
	if (!isJsonObject(body)) return invalid('the body must be a JSON object');
	return (
		checkWebhookUrl(body.webhookUrl) ??
		checkKeys(model, body) ??
		first(model.params, (param) => checkParam(param, body, rules)) ??
		checkConditions(model, body, rules)
	);
}

/** `webhookUrl` is accepted on every submit, and must be an address that can be called. */
export function checkWebhookUrl(value: unknown): Complaint {
	return value === undefined || isHttpUrl(value)
		? undefined
		: invalid('webhookUrl must be an http or https URL');
}

export function isHttpUrl(value: unknown): value is string {
	if (typeof value !== 'string' || !URL.canParse(value)) return false;
	return ['http:', 'https:'].includes(new URL(value).protocol);
}

function checkKeys(model: Model, body: Body): Complaint {
	// Without known parameters there is nothing to check against.
	if (model.paramsStatus === 'unknown') return undefined;
	const known = new Set(['webhookUrl', ...model.params.map(({ key }) => key)]);
	return first(Object.keys(body), (key) => {
		if (known.has(key)) return undefined;
		if (!model.observedObjectArrayParams?.includes(key)) {
			return invalid(`${key} is not a parameter of ${model.endpoint}`);
		}
		const value = body[key];
		const fits = Array.isArray(value) && value.every(isJsonObject);
		return fits ? undefined : invalid(`${key} must be an array of objects`);
	});
}

function checkParam(param: Param, body: Body, rules: BodyRules): Complaint {
	const { key } = param;
	const value = body[key];
	if (value === undefined) return param.required ? invalid(`${key} is required`) : undefined;
	if (value === null) return invalid(`${key} must not be null`);
	if (!param.type.startsWith('array-of-')) return checkValue(param, key, value, rules);

	if (!Array.isArray(value)) return invalid(`${key} must be an array`);
	if (param.required && value.length === 0) return invalid(`${key} must not be empty`);
	if (param.maxItems !== undefined && value.length > param.maxItems) {
		return invalid(`${key} takes at most ${param.maxItems} items`);
	}
	return first([...value.entries()], ([index, item]) =>
		checkValue(param, `${key}[${index}]`, item, rules),
	);
}

function checkValue(param: Param, name: string, value: unknown, rules: BodyRules): Complaint {
	const type = param.type.replace('array-of-', '');
	switch (type) {
		case 'boolean':
			return typeof value === 'boolean' ? undefined : invalid(`${name} must be a boolean`);
		case 'integer':
		case 'number':
			return checkNumber(param, name, value);
		case 'enum':
			return checkOption(param, name, value);
		case 'image':
		case 'video':
		case 'audio':
			return checkMedia(param, name, value, rules);
		default:
			return checkText(param, name, value, rules);
	}
}

function checkNumber(param: Param, name: string, value: unknown): Complaint {
	if (typeof value !== 'number') return invalid(`${name} must be a number`);
	if (param.type === 'integer' && !Number.isInteger(value)) {
		return invalid(`${name} must be an integer`);
	}
	const { min = -Infinity, max = Infinity, step } = param;
	if (value < min || value > max) return invalid(`${name} must be between ${min} and ${max}`);
	if (step === undefined || step === null || step === 0) return undefined;
	const steps = (value - (param.min ?? 0)) / step;
	return Math.abs(steps - Math.round(steps)) < 1e-6
		? undefined
		: invalid(`${name} must be in steps of ${step}`);
}

function checkOption(param: Param, name: string, value: unknown): Complaint {
	if (typeof value !== 'string') return invalid(`${name} must be a string`);
	const options = param.options ?? [];
	return options.includes(value)
		? undefined
		: invalid(`${name} must be one of ${options.join(', ')}`);
}

function checkText(param: Param, name: string, value: unknown, rules: BodyRules): Complaint {
	if (typeof value !== 'string') return invalid(`${name} must be a string`);
	if (value.trim() === '') return invalid(`${name} must not be blank`);
	const length = rules.textLength === 'utf16' ? value.length : [...value].length;
	return param.maxLength !== undefined && length > param.maxLength
		? invalid(`${name} is longer than ${param.maxLength} characters`)
		: undefined;
}

/** Media are addresses. One of the simulator's own uploads must exist, and fit the model's limits. */
function checkMedia(param: Param, name: string, value: unknown, rules: BodyRules): Complaint {
	if (typeof value !== 'string') return invalid(`${name} must be a URL string`);
	if (value.startsWith('data:') && rules.acceptDataUris) return undefined;
	if (!isHttpUrl(value)) return invalid(`${name} must be an http or https URL`);

	const file = rules.files.lookUp(value);
	if (file === 'gone') return { code: '1013', message: `${name} cannot be fetched` };
	if (file === 'foreign' || file === 'result') return undefined;
	if (param.accept !== undefined && !param.accept.includes(file.extension)) {
		return invalid(`${name} must be a file of type ${param.accept.join(', ')}`);
	}
	const tooLarge = param.maxSizeMB !== undefined && file.size > param.maxSizeMB * 1024 * 1024;
	return tooLarge
		? { code: '1008', message: `${name} is larger than ${param.maxSizeMB} MB` }
		: undefined;
}

/** The first complaint, if there is one. */
export function first<T>(items: readonly T[], check: (item: T) => Complaint): Complaint {
	for (const item of items) {
		const complaint = check(item);
		if (complaint !== undefined) return complaint;
	}
	return undefined;
}
