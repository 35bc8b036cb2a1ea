import { toJsonText, type JsonObject } from './json';
import { valueNotInList } from './nodeInfo';
import type { SimulatorState } from './state';

/**
 * `promptTips`: always a string or null, whatever it says (reference 4.2; quirk 22). A task that was made
 * in spite of `nodeErrors` runs for the outputs that do not hang on those nodes.
 */
export function promptTips(
	{ switches }: SimulatorState,
	nodeErrors: JsonObject = {},
): string | null {
	if (Object.keys(nodeErrors).length > 0) return tipsText(nodeErrors, ['9']);
	switch (switches.promptTips) {
		case 'normal':
			return '{"result": true, "error": null, "outputs_to_execute": ["9"], "node_errors": {}}';
		case 'empty':
			return '';
		case 'null':
			return null;
		case 'invalid':
			return '{"result": true, "err';
		case 'nodeErrors':
			return validationFailure(SOME_NODE_ERRORS);
	}
}

/** Errors of no node in particular, for whoever needs some. */
export const SOME_NODE_ERRORS = valueNotInList(
	{ nodeId: '12', nodeName: 'CheckpointLoaderSimple', fieldName: 'ckpt_name' },
	'x',
);

/** What ComfyUI says when nothing can run: the text of a 433 (reference 4.2, 11.1). */
export const validationFailure = (nodeErrors: JsonObject): string => tipsText(nodeErrors, []);

function tipsText(nodeErrors: JsonObject, outputs: string[]): string {
	const error = {
		type: 'prompt_outputs_failed_validation',
		message: 'Prompt outputs failed validation',
		details: '',
		extra_info: {},
	};
	const runs = outputs.length > 0;
	return toJsonText({
		result: runs,
		error: runs ? null : error,
		outputs_to_execute: outputs,
		node_errors: nodeErrors,
	});
}
