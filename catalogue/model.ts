import type { OutputKind } from '../runninghub/api/outputKind';

/**
 * How a value goes over the wire. `enum` is always a JSON string, whatever it looks like. `object-array` is an array of
 * JSON objects: RunningHub's registry leaves these parameters out, so that what is in them is not known.
 */
export const PARAM_TYPES = [
	'text',
	'string',
	'enum',
	'boolean',
	'integer',
	'number',
	'image',
	'video',
	'audio',
	'array-of-image',
	'array-of-video',
	'array-of-audio',
	'array-of-string',
	'array-of-enum',
	'object-array',
] as const;

export type ParamType = (typeof PARAM_TYPES)[number];

export type MediaKind = 'image' | 'video' | 'audio';

/** One parameter of a model: the wire key and what RunningHub accepts for it. */
export interface Param {
	key: string;
	type: ParamType;
	required: boolean;
	/** What RunningHub takes where nothing is sent; a list for the `array-of-` types. */
	default?: string | number | boolean | string[];
	/** The only values of an enum. */
	options?: string[];
	min?: number;
	max?: number;
	/** Counted from `min`, or from 0. */
	step?: number;
	/** In UTF-16 units, as Java and JavaScript count them. */
	maxLength?: number;
	maxItems?: number;
	/** File extensions in lower case. */
	accept?: string[];
	maxSizeMB?: number;
	/** A `string` that takes the URL of such a file, or the id of one that RunningHub already has. */
	mediaHint?: MediaKind;
}

/** What a model asks for beyond its single parameters. Keys are those of its parameters. */
export type Condition =
	/** At least one of them must be given. */
	| { kind: 'anyOf'; keys: string[] }
	| { kind: 'exactlyOneOf'; keys: string[] }
	/** `key` must be given when all parameters of `when` have these values. */
	| { kind: 'requiredWhen'; key: string; when: ParamValues }
	/** `key` may be given only together with at least one of `keys`. */
	| { kind: 'needsAnyOf'; key: string; keys: string[] }
	/** `key` has no effect when one of `keys` is given: told in the help, not refused. */
	| { kind: 'ignoredWhenSet'; key: string; keys: string[] }
	| { kind: 'maxItemsTogether'; keys: string[]; max: number }
	/** `option` of the enum `key` cannot be had when all parameters of `with` have these values. */
	| { kind: 'optionNotWith'; key: string; option: string; with: ParamValues }
	/** How long the file may be. Only the server can tell: told in the help, not refused. */
	| { kind: 'secondsRange'; key: string; min: number; max: number }
	/** Limits of width × height. */
	| { kind: 'pixelRange'; width: string; height: string; min: number; max: number }
	/** Limits of width to height, e.g. `1:8` and `8:1`. */
	| { kind: 'ratioRange'; width: string; height: string; min: string; max: string }
	| {
			kind: 'wording';
			key: string;
			minLength?: number;
			startsWith?: 'letter';
			contains?: Array<'letter' | 'digit'>;
	  };

export type ParamValues = Record<string, string | number | boolean>;

/** What a price is for; `per_second_from` is the least that a second costs. */
export const PRICE_UNITS = [
	'per_call',
	'per_image',
	'per_second',
	'per_second_from',
	'per_5_seconds',
	'per_1000_characters',
] as const;

export type PriceUnit = (typeof PRICE_UNITS)[number];

/** A dated rule of RunningHub's price list. */
export type Price = {
	/** Of the site that the list is from, e.g. `CNY`. */
	currency: string;
	unit: PriceUnit;
	/** ISO date of the list. */
	date: string;
	/** The parameter that says how many units a call has; without it a call is one unit. */
	times?: string;
} & (
	| { price: number }
	/** By the values of these parameters, in this order, joined with a bar: `1080p|10`. */
	| { dependsOn: string[]; table: Record<string, number> }
);

/** `thirdParty`: not in RunningHub's registry, seen by others. */
export type ModelStatus = 'listed' | 'deprecated' | 'thirdParty';

/** One endpoint of the Standard Model API. */
export interface Model {
	/** Wire path after `/openapi/v2/`. */
	endpoint: string;
	/** As people call it, e.g. `Kling v3.0 Pro · Image to Video`. */
	name: string;
	/** The maker's line of models, e.g. `kling`. */
	family: string;
	/** What it does, e.g. `image-to-video`. */
	task: string;
	output: OutputKind;
	status: ModelStatus;
	/** Sites of RunningHub that no longer offer it: their refusal has the code 40310. */
	notOn?: Array<'china'>;
	/** False where only the endpoint is known: its fields must be given as JSON. */
	paramsKnown: boolean;
	params: Param[];
	conditions: Condition[];
	/** Words that people look for it with, and its page names in RunningHub's documentation. */
	aliases: string[];
	price?: Price;
}

/** The kind of media that a parameter takes; undefined for all other parameters. */
export function mediaKindOf({ type }: Pick<Param, 'type'>): MediaKind | undefined {
	const kind = type.replace('array-of-', '');
	return kind === 'image' || kind === 'video' || kind === 'audio' ? kind : undefined;
}

/** Whether its value is a JSON array even for one item. */
export function takesSeveral({ type }: Pick<Param, 'type'>): boolean {
	return type.startsWith('array-of-');
}
