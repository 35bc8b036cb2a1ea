import type { IExecuteFunctions } from 'n8n-workflow';
import type { Client } from '../../runninghub/client';
import { RunningHubError } from '../../runninghub/errors';
import type { JsonObject } from '../../runninghub/transport';
import type { TaskRequest } from './taskRun';

/**
 * The most that one task may cost, in the account's currency; undefined where the option is not set.
 * @throws RunningHubError of kind `validation` for what is no price
 */
export function readMaxPrice(context: IExecuteFunctions, itemIndex: number): number | undefined {
	const given: unknown = context.getNodeParameter('options.maxPrice', itemIndex, '');
	if (given === '' || given === null || given === undefined) return undefined;
	const maxPrice = Number(given);
	if (Number.isFinite(maxPrice) && maxPrice > 0) return maxPrice;
	throw new RunningHubError({
		kind: 'validation',
		message: `Max Price is "${String(given)}"; it must be a number above 0.`,
		description: 'Nothing was sent and nothing was paid for.',
	});
}

/** @throws RunningHubError when the task would cost more, or when its price cannot be found out: before it is paid for */
export async function checkMaxPrice(
	maxPrice: number,
	{ price }: Pick<TaskRequest, 'price'>,
	client: Client,
	body: JsonObject,
): Promise<void> {
	const found = await price?.(client, body);
	if (found === undefined) {
		throw new RunningHubError({
			kind: 'validation',
			message: 'The price of this task cannot be found out, so it was not held against Max Price.',
			description: 'Nothing was paid for. Remove the option Max Price to run it all the same.',
		});
	}
	if (found.isFree || found.amount <= maxPrice) return;
	const unit = found.currency === null ? '' : ` ${found.currency}`;
	const basis =
		found.basis === 'catalogue' ? `, by the price list of ${found.date}` : ', says RunningHub';
	throw new RunningHubError({
		kind: 'validation',
		message: `This task would cost ${found.amount}${unit}${basis}; Max Price is ${maxPrice}.`,
		description: 'Nothing was paid for. Ask for less (shorter, smaller), or raise Max Price.',
	});
}
