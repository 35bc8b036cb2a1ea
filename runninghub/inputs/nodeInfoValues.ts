import { RunningHubError } from '../base/errors';
import type { JsonValue, JsonObject } from '../base/json';
import { CHECK_PREVIOUS_NODE, shorten } from '../base/text';
import type { FileCheck } from '../files/fileCheck';
import { declaredType, unsupportedReason } from '../files/fileType';
import type { BinaryFiles } from '../files/media';
import type { Uploads } from '../files/uploads';
import { inputId, inputOfId, type NodeInput } from './nodeInfo';
import type { NodeInfo } from './nodeInfoList';
import { readNodeValue, type NodeValue } from './readNodeValue';

/** A value that somebody set, and where: in the form, or in a list written by hand. */
export interface InputValue extends NodeInfo {
	from: 'form' | 'list';
}

/** Checked values by the id of their input. */
export type NodeValues = ReadonlyMap<string, NodeValue>;

/**
 * Checks what was set against what there is. Of two values for one input the last counts.
 * @param inputs of the workflow or app; undefined where RunningHub does not show them, and so alone can check
 * @returns the values, and a sentence for each that would be refused
 */
export function checkValues(
	inputs: readonly NodeInput[] | undefined,
	given: readonly InputValue[],
	binaries: BinaryFiles,
): { values: NodeValues; problems: string[] } {
	const known = inputs && new Map(inputs.map((input) => [inputId(input), input]));
	const files = inputs && filesAmong(inputs);
	const values = new Map<string, NodeValue>();
	const problems = new Map<string, string>();
	for (const one of given) {
		const id = inputId(one);
		const input = known === undefined ? unseen(one) : known.get(id);
		// Only a text can be set to nothing: an empty cell of a table leaves any other input as it is.
		if (one.fieldValue === '' && input !== undefined && input.kind !== 'text') continue;
		const read =
			input === undefined
				? { problem: missing(one, inputs ?? []) }
				: readNodeValue(input, one.fieldValue, binaries, files);
		problems.delete(id);
		values.delete(id);
		if ('problem' in read) problems.set(id, read.problem);
		else values.set(id, read);
	}
	return { values, problems: [...problems.values()] };
}

/** Files that RunningHub has: those that a workflow or app reads unless another one is set. */
function filesAmong(inputs: readonly NodeInput[]): ReadonlySet<string> {
	return new Set(
		inputs.flatMap(({ kind, saved, options = [] }) =>
			kind === 'media' ? [saved ?? '', ...options.map(({ value }) => value)] : [],
		),
	);
}

/**
 * Checks the files among the values, before anything is paid for.
 * @returns a sentence for each that cannot be uploaded
 */
export async function fileProblems(
	values: Iterable<NodeValue>,
	check: FileCheck,
): Promise<string[]> {
	const problems = [...values].map(async (value) =>
		value.type === 'file' ? await fileProblem(value, check) : undefined,
	);
	return (await Promise.all(problems)).flatMap((problem) => problem ?? []);
}

async function fileProblem(
	{ source, label }: Extract<NodeValue, { type: 'file' }>,
	check: FileCheck,
): Promise<string | undefined> {
	if (source.type === 'url') {
		const unreachable = check.unreachable(label, source.url);
		if (unreachable !== undefined) return unreachable;
		const why = await check.whyNotOpened(source.url);
		return why === undefined ? undefined : `${label} cannot be uploaded: ${why}`;
	}
	const sniffed = await check.sniff(source);
	const isEmpty = source.file.sizeBytes === 0 || sniffed?.isEmpty === true;
	if (isEmpty) return `${label} is an empty file; ${CHECK_PREVIOUS_NODE}.`;
	const unsupported =
		unsupportedReason(sniffed?.type) ?? unsupportedReason(declaredType(source.file));
	return unsupported === undefined ? undefined : `${label} is ${unsupported}.`;
}

/**
 * Uploads the files among the values; their names take their places (reference section 9.3).
 * @throws RunningHubError when one could not be uploaded
 */
export async function uploadedValues(
	values: NodeValues,
	uploads: Uploads,
): Promise<ReadonlyMap<string, JsonValue>> {
	const uploaded = [...values].map(
		async ([id, value]) => [id, await sentValue(value, uploads)] as const,
	);
	return new Map(await Promise.all(uploaded));
}

/** The list of overrides for values of inputs of which nothing more is known than their names. */
export function nodeInfoListOf(values: ReadonlyMap<string, JsonValue>): JsonObject[] {
	return [...values].map(([id, fieldValue]) => ({ ...inputOfId(id), fieldValue }));
}

/**
 * A value as it is sent: of a file, the name that its upload gave it.
 * @throws RunningHubError when it could not be uploaded
 */
export async function sentValue(value: NodeValue, uploads: Uploads): Promise<JsonValue> {
	if (value.type === 'plain') return value.value;
	const { fileName } = await uploads.upload(value.source);
	if (fileName !== '') return fileName;
	throw new RunningHubError({
		kind: 'protocol',
		message: 'RunningHub took a file without giving it a name, so that no node can read it.',
		description: 'Nothing was paid for. Try again in a few minutes.',
	});
}

function unseen({ nodeId, fieldName }: InputValue): NodeInput {
	const label = `${fieldName} of node ${nodeId}`;
	return { nodeId, fieldName, label, nodeClass: '', kind: 'unknown', saved: null };
}

function missing({ from, ...given }: InputValue, inputs: readonly NodeInput[]): string {
	const fields = inputs
		.filter((input) => input.nodeId === given.nodeId)
		.map((input) => input.fieldName);
	const [nodeId, fieldName] = [shorten(given.nodeId), shorten(given.fieldName)];
	const there = fields.length === 0 ? '' : ` (it has ${fields.join(', ')})`;
	const what =
		fields.length === 0 ? `no node ${nodeId}` : `no ${fieldName} in node ${nodeId}${there}`;
	return from === 'form'
		? `There is ${what} any more; refresh the list of inputs.`
		: `Node Info List sets ${fieldName} of node ${nodeId}, but there is ${what}.`;
}
