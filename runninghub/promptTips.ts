import { z } from 'zod';
import { tryParseJson } from './json';

const text = z.string().catch('');
const findings = z.object({
	node_errors: z.record(
		z.object({
			class_type: z.string().optional().catch(undefined),
			errors: z.array(
				z.object({
					message: text,
					details: text,
					extra_info: z.object({ input_name: z.string().optional() }).optional().catch(undefined),
				}),
			),
		}),
	),
});

/**
 * What ComfyUI found wrong with nodes of a workflow, as one sentence that names node and input.
 * @param promptTips a JSON string, and often none (quirk 22, reference section 4.2)
 * @returns undefined where it found nothing
 */
export function nodeErrorsIn(promptTips: unknown): string | undefined {
	if (typeof promptTips !== 'string') return undefined;
	const read = findings.safeParse(tryParseJson(promptTips));
	if (!read.success) return undefined;
	const sentences = Object.entries(read.data.node_errors).flatMap(
		([nodeId, { class_type, errors }]) =>
			errors.map(({ message, details, extra_info }) => {
				const input = extra_info?.input_name ? `, input ${extra_info.input_name}` : '';
				return `node ${nodeId} (${class_type ?? 'unknown'})${input}: ${message} ${details}`.trim();
			}),
	);
	return sentences.length === 0 ? undefined : sentences.join('; ');
}
