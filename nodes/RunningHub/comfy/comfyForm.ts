import type { IExecuteFunctions } from 'n8n-workflow';
import type { InputValue } from '../../../runninghub/inputs/nodeInfoValues';
import { comfyOptionsAsWritten, readComfyOptions, type ComfyOptions } from './comfyOptions';
import { nodeInputsAsWritten, readNodeInputs } from './nodeInputs';

/** What the forms of workflows and of AI Apps have in common. */
export interface ComfyForm {
	inputs: InputValue[];
	options: ComfyOptions;
	/** With expressions as they are written. */
	asWritten: unknown;
	/** A sentence for each option that would be refused. */
	problems: string[];
}

export function readComfyForm(context: IExecuteFunctions, itemIndex: number): ComfyForm {
	const { inputs, problems } = readNodeInputs(context, itemIndex);
	const options = readComfyOptions(context, itemIndex);
	return {
		inputs,
		options,
		asWritten: [nodeInputsAsWritten(context, itemIndex), comfyOptionsAsWritten(context, itemIndex)],
		problems: [...problems, ...options.problems],
	};
}
