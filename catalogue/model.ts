/** How a value goes over the wire. `enum` is always a JSON string, whatever it looks like. */
export type ParamType =
	| 'text'
	| 'string'
	| 'enum'
	| 'boolean'
	| 'integer'
	| 'number'
	| 'image'
	| 'video'
	| 'audio'
	| 'array-of-image'
	| 'array-of-video'
	| 'array-of-audio';

/** One parameter of a model: the wire key and what RunningHub accepts for it. */
export interface Param {
	key: string;
	type: ParamType;
	required: boolean;
	default?: string | number | boolean;
	/** The only values of an enum. */
	options?: string[];
	min?: number;
	max?: number;
	step?: number;
	/** In UTF-16 units, as Java and JavaScript count them. */
	maxLength?: number;
	maxItems?: number;
	/** File extensions in lower case. */
	accept?: string[];
	maxSizeMB?: number;
}

/** One endpoint of the Standard Model API. */
export interface Model {
	/** Wire path after `/openapi/v2/`. */
	endpoint: string;
	/** As people call it, e.g. `Vidu Q2 Turbo`. */
	name: string;
	/** What it does, e.g. `image-to-video`. */
	task: string;
	params: Param[];
	/** Of these optional parameters at least one must be given. */
	requiresAnyOf?: string[];
}

export type MediaKind = 'image' | 'video' | 'audio';

/** The kind of media that a parameter takes; undefined for all other parameters. */
export function mediaKindOf({ type }: Pick<Param, 'type'>): MediaKind | undefined {
	const kind = type.replace('array-of-', '');
	return kind === 'image' || kind === 'video' || kind === 'audio' ? kind : undefined;
}

export function takesSeveral({ type }: Pick<Param, 'type'>): boolean {
	return type.startsWith('array-of-');
}
