import type { RunningHubError } from '../base/errors';
import { refuse } from '../base/invalidInput';
import type { JsonObject, JsonValue } from '../base/json';
import { fileProblems, uploadedValues, type NodeValues } from '../inputs/nodeInfoValues';
import type { OutputKind } from './outputKind';
import type { TaskRequest } from './taskRequest';

/** A checked request for one task of a workflow or an AI App. */
export interface ComfyCall extends Pick<TaskRequest, 'source' | 'call' | 'password'> {
	/** What its task makes, as far as its names tell. */
	outputKind: OutputKind;
	values: NodeValues;
	/** What is sent, once the files among the values are uploaded. */
	bodyWith(values: ReadonlyMap<string, JsonValue>): JsonObject;
}

export function comfyRequest({ outputKind, values, bodyWith, ...call }: ComfyCall): TaskRequest {
	return {
		...call,
		expected: { outputKind, isQuick: true },
		checkFiles: async (check) => refuse(await fileProblems(values.values(), check)),
		prepare: async (uploads) => bodyWith(await uploadedValues(values, uploads)),
	};
}

/**
 * For what could not be looked at: nothing is sent. Not at once, but where the submit would be, so that the task of an
 * earlier try of the same run is still taken up.
 */
export function failedRequest(
	call: Pick<ComfyCall, 'source' | 'call'>,
	error: RunningHubError,
): TaskRequest {
	return {
		...call,
		expected: { outputKind: 'image', isQuick: true },
		prepare: async () => {
			throw error;
		},
	};
}
