import type { IExecuteFunctions } from 'n8n-workflow';
import { InvalidInput } from '../../../runninghub/base/invalidInput';
import { quote } from '../../../runninghub/base/text';

/** Values of the form that an expression may have made anything of. */

/** @returns undefined where it is not set */
export function readOption(context: IExecuteFunctions, itemIndex: number, name: string): unknown {
	const given: unknown = context.getNodeParameter(`options.${name}`, itemIndex, null);
	return given === null || given === '' ? undefined : given;
}

export function readSwitch(
	context: IExecuteFunctions,
	itemIndex: number,
	name: string,
	label: string,
): boolean | undefined | { problem: string } {
	const given = readOption(context, itemIndex, name);
	if (given === undefined || typeof given === 'boolean') return given;
	if (given === 'true') return true;
	if (given === 'false') return false;
	return { problem: `${label} is ${quote(given)}; it must be true or false.` };
}

/** @returns undefined where it is not set, or an expression has nothing to give */
export function readNumber(
	context: IExecuteFunctions,
	itemIndex: number,
	name: string,
	label: string,
): number | undefined {
	const given: unknown = context.getNodeParameter(name, itemIndex, null);
	if (given === null || given === undefined || given === '') return undefined;
	const value = typeof given === 'string' ? Number(given.trim() || Number.NaN) : given;
	if (typeof value === 'number' && Number.isFinite(value)) return value;
	throw new InvalidInput([`${label} is ${quote(given)}; it must be a number.`]);
}

/** A switch among the options, off unless it is set. */
export function readFlag(
	context: IExecuteFunctions,
	itemIndex: number,
	name: string,
	label: string,
): boolean {
	const given = readSwitch(context, itemIndex, name, label);
	if (typeof given === 'object') throw new InvalidInput([given.problem]);
	return given === true;
}
