import type { IExecuteFunctions } from 'n8n-workflow';
import { InvalidInput } from '../../../runninghub/base/invalidInput';
import { booleanIn, numberIn } from '../../../runninghub/base/scalar';
import { quote } from '../../../runninghub/base/text';

/** Values of the form that an expression may have made anything of. */

/** @returns undefined where it is not set */
export function readOption(context: IExecuteFunctions, itemIndex: number, name: string): unknown {
	const input: unknown = context.getNodeParameter(`options.${name}`, itemIndex, null);
	return input === null || input === '' ? undefined : input;
}

/**
 * A switch among the options.
 * @param label as the form shows it
 * @returns undefined where it is not set; a sentence where it is no switch
 */
export function readSwitch(
	context: IExecuteFunctions,
	itemIndex: number,
	name: string,
	label: string,
): boolean | undefined | { problem: string } {
	const input = readOption(context, itemIndex, name);
	if (input === undefined) return undefined;
	return booleanIn(input) ?? { problem: `${label} is ${quote(input)}; it must be true or false.` };
}

/** @returns undefined where it is not set, or an expression has nothing to give */
export function readNumber(
	context: IExecuteFunctions,
	itemIndex: number,
	name: string,
	label: string,
): number | undefined {
	const input: unknown = context.getNodeParameter(name, itemIndex, null);
	if (input === null || input === undefined || input === '') return undefined;
	const value = numberIn(input);
	if (value !== undefined) return value;
	throw new InvalidInput([`${label} is ${quote(input)}; it must be a number.`]);
}

/** A switch among the options, off unless it is set. */
export function readFlag(
	context: IExecuteFunctions,
	itemIndex: number,
	name: string,
	label: string,
): boolean {
	const input = readSwitch(context, itemIndex, name, label);
	if (typeof input === 'object') throw new InvalidInput([input.problem]);
	return input === true;
}
