import { isLosslessNumber, LosslessNumber, parse, stringify } from 'lossless-json';
import { z } from 'zod';
import { isObject, type JsonValue } from '../base/json';
import { occursOnce } from '../base/text';
import { dataOf, unreadableResponse, type Envelope } from '../http/envelope';
import { wellFormed } from '../http/transport';
import { inputId, type NodeInput, type NodeInputKind } from '../inputs/nodeInfo';
import { readsFile } from '../inputs/workflowMedia';

/** A ComfyUI workflow, as far as a request can change it. */
export interface Workflow {
	/** In API format; every digit as it came. */
	text: string;
	/** All inputs, grouped by node. */
	inputs: NodeInput[];
}

/** Numbers stay as they are written: seeds have more digits than a JavaScript number keeps. */
const apiFormat = z.record(
	z.object({
		class_type: z.string(),
		inputs: z.record(z.unknown()).default({}),
		_meta: z
			.object({ title: z.string().optional().catch(undefined) })
			.optional()
			.catch(undefined),
	}),
);

type Nodes = z.infer<typeof apiFormat>;

/**
 * The workflow in a response of getJsonApiFormat, where it is JSON inside the JSON (reference section 4.3).
 * @throws RunningHubError when there is none, or when it was refused
 */
export function workflowFrom(envelope: Envelope): Workflow {
	const response = z.object({ prompt: z.string() }).safeParse(dataOf(envelope));
	const workflow = response.success ? readWorkflow(response.data.prompt) : undefined;
	if (workflow === undefined) throw unreadableResponse('it holds no workflow in API format');
	return workflow;
}

/** @returns undefined for text that is no workflow in API format */
export function readWorkflow(text: string): Workflow | undefined {
	const read = apiFormat.safeParse(tryParse(text));
	return read.success ? { text, inputs: inputsOf(read.data) } : undefined;
}

/** Is this what ComfyUI's editor saves under "Export", which cannot be run? */
export function isEditorFormat(text: string): boolean {
	return z.object({ nodes: z.array(z.unknown()) }).safeParse(tryParse(text)).success;
}

/**
 * The workflow with some inputs replaced, as text. A list of overrides would not do: RunningHub holds it against the
 * saved workflow, not against one that is sent along (reference section 4.1).
 * @param values by the id of their input
 */
export function withValues(
	{ text, inputs }: Workflow,
	values: ReadonlyMap<string, JsonValue>,
): string {
	const nodes: unknown = parse(text);
	for (const input of inputs) {
		const value = values.get(inputId(input));
		const node = isObject(nodes) ? nodes[input.nodeId] : undefined;
		if (value !== undefined && isObject(node) && isObject(node.inputs)) {
			node.inputs[input.fieldName] = inOwnType(input, wellFormed(value));
		}
	}
	return stringify(nodes) ?? text;
}

/** Overrides are text; in the workflow itself a number is a number. */
function inOwnType({ kind }: NodeInput, value: JsonValue): unknown {
	if (kind === 'number' && typeof value === 'string') {
		return new LosslessNumber(value);
	}
	return kind === 'boolean' ? value === 'true' : value;
}

function tryParse(text: string): unknown {
	try {
		return parse(text);
	} catch {
		return undefined;
	}
}

function inputsOf(nodes: Nodes): NodeInput[] {
	const titles = Object.values(nodes).map(titleOf);
	return Object.entries(nodes).flatMap(([nodeId, node]) => {
		const title = titleOf(node);
		const name = occursOnce(titles, title) ? title : `${title} (${nodeId})`;
		return Object.entries(node.inputs).map(
			([fieldName, value]): NodeInput => ({
				nodeId,
				nodeClass: node.class_type,
				fieldName,
				label: `${name} · ${fieldName}`,
				kind: kindOf(node.class_type, fieldName, value),
				saved: savedText(value),
			}),
		);
	});
}

function titleOf({ _meta, class_type }: Nodes[string]): string {
	return _meta?.title?.trim() || class_type;
}

function kindOf(nodeClass: string, fieldName: string, value: unknown): NodeInputKind {
	if (isLink(value)) return 'link';
	if (isLosslessNumber(value)) return 'number';
	if (typeof value === 'boolean') return 'boolean';
	if (typeof value === 'object' && value !== null) return 'json';
	return readsFile(nodeClass, fieldName, value) ? 'media' : 'text';
}

/** `["4", 0]`: the first output of node 4. */
function isLink(value: unknown): boolean {
	return (
		Array.isArray(value) &&
		value.length === 2 &&
		typeof value[0] === 'string' &&
		isLosslessNumber(value[1])
	);
}

function savedText(value: unknown): string | null {
	if (value === null || value === undefined) return null;
	return typeof value === 'string' ? value : (stringify(value) ?? null);
}
