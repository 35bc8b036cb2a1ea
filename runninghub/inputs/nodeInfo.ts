/**
 * `link` comes from another node and must not be set; `json` is a list or an object; `unknown` is an input of a
 * workflow that RunningHub does not show.
 */
export type NodeInputKind =
	| 'text'
	| 'number'
	| 'integer'
	| 'boolean'
	| 'choice'
	| 'media'
	| 'json'
	| 'link'
	| 'unknown';

/** What a request can set: one input of a workflow's node, or one parameter of an AI App (reference section 2.2). */
export interface NodeInput {
	nodeId: string;
	/** The class of the node, e.g. `KSampler`. */
	nodeClass: string;
	fieldName: string;
	/** For people; no two inputs of a workflow or app have the same. */
	label: string;
	kind: NodeInputKind;
	/** The value it has unless another is set, digit by digit as RunningHub wrote it; null where it has none. */
	saved: string | null;
	/** Of a `choice`. */
	options?: NodeInputOption[];
	/** Of a number. */
	min?: number;
	max?: number;
}

export interface NodeInputOption {
	name: string;
	value: string;
}

/** The name of an input in forms and in lists: it stays the same as long as the node does. */
export function inputId({ nodeId, fieldName }: { nodeId: string; fieldName: string }): string {
	return `${nodeId}.${fieldName}`;
}

/** @returns undefined for what is no id as {@link inputId} makes it */
export function inputOfId(id: string): { nodeId: string; fieldName: string } | undefined {
	const at = id.indexOf('.');
	return at < 0 ? undefined : { nodeId: id.slice(0, at), fieldName: id.slice(at + 1) };
}

/** RunningHub draws a seed anew for each run unless the request names it (reference section 2.2). */
export function isSeed({ fieldName, kind }: NodeInput): boolean {
	return /(?:^|_)seed$/i.test(fieldName) && kind !== 'link';
}
