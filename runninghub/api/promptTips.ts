import { z } from 'zod';
import { tryParseJson } from '../base/json';

const text = z.string().catch('');
const findingsOfNode = z.object({
	class_type: z.string().optional().catch(undefined),
	errors: z.array(
		z.object({
			message: text,
			details: text,
			extra_info: z.object({ input_name: z.string().optional() }).optional().catch(undefined),
		}),
	),
});
const byNode = z.record(z.unknown());
const findings = z.object({ node_errors: byNode }).transform(({ node_errors }) => node_errors);

/**
 * What ComfyUI found wrong with nodes of a workflow, as one sentence that names node and input.
 * @param told where it may stand: `promptTips`, or the bare map of nodes that has been seen in a message; as JSON text
 * (quirk 22) or as an object (reference sections 4.2, 11.1)
 * @returns undefined where it found nothing
 */
export function nodeErrorsIn(told: unknown): string | undefined {
	const value = typeof told === 'string' ? tryParseJson(told) : told;
	const read = findings.or(byNode).safeParse(value);
	if (!read.success) return undefined;
	const sentences = Object.entries(read.data).flatMap(([nodeId, found]) => {
		const node = findingsOfNode.safeParse(found);
		if (!node.success) return [];
		const { class_type, errors } = node.data;
		return errors.map(({ message, details, extra_info }) => {
			const input = extra_info?.input_name ? `, input ${extra_info.input_name}` : '';
			return `node ${nodeId} (${class_type ?? 'unknown'})${input}: ${message} ${details}`.trim();
		});
	});
	return sentences.length === 0 ? undefined : sentences.join('; ');
}
