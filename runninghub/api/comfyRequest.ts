import { RunningHubError } from '../base/errors';
import { refuse } from '../base/invalidInput';
import type { JsonValue, JsonObject } from '../base/json';
import { fileProblems, uploadedValues, type NodeValues } from '../inputs/nodeInfoValues';
import type { Client } from './client';
import type { OutputKind } from './outputKind';
import type { Task } from './task';
import type { TaskRequest } from './taskRequest';

/** A checked request for one task of a workflow or an AI App. */
export interface ComfyCall {
	/** The id of the workflow or app. */
	source: string;
	asWritten: unknown;
	/** What its task makes, as far as its names tell. */
	outputKind: OutputKind;
	values: NodeValues;
	password: string | undefined;
	/** What is sent, once the files among the values are uploaded. */
	bodyWith(values: ReadonlyMap<string, JsonValue>): JsonObject;
	start(client: Client, body: JsonObject): Promise<Task>;
}

export function comfyRequest(call: ComfyCall): TaskRequest {
	const { source, asWritten, outputKind, values, password } = call;
	return {
		source,
		asWritten,
		outputKind,
		isQuick: true,
		checkFiles: async (check) => refuse(await fileProblems(values.values(), check)),
		prepare: async (uploads) => call.bodyWith(await uploadedValues(values, uploads)),
		submit: async (client, body) =>
			await call.start(client, body).catch((error: unknown) => {
				if (!(error instanceof RunningHubError)) throw error;
				throw withoutPassword(error, password);
			}),
	};
}

/**
 * For what could not be looked at: nothing is sent. Not at once, but where the submit would be, so that the task of an
 * earlier try of the same run is still taken up.
 */
export function failedRequest(
	{ source, asWritten, outputKind }: Pick<ComfyCall, 'source' | 'asWritten' | 'outputKind'>,
	error: RunningHubError,
): TaskRequest {
	const fail = async () => {
		throw error;
	};
	return { source, asWritten, outputKind, isQuick: true, prepare: fail, submit: fail };
}

function withoutPassword(error: RunningHubError, password: string | undefined): RunningHubError {
	if (password === undefined) return error;
	const hide = (text: string) => text.replaceAll(password, '[password hidden]');
	return error.with({ message: hide(error.message), description: hide(error.description) });
}
