import type { IExecuteFunctions } from 'n8n-workflow';
import { RunningHubError } from '../../runninghub/errors';
import { currencyOf } from '../../runninghub/site';
import type { JsonObject } from '../../runninghub/transport';
import type { PriceTools, TaskRequest } from './taskRun';
import { quote } from '../../runninghub/text';

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
		message: `Max Price is ${quote(given)}; it must be a number above 0.`,
		description: 'Nothing was sent and nothing was paid for.',
	});
}

/**
 * @throws RunningHubError when the task would cost more, or when it cannot be known that it would not: before it is paid for
 */
export async function checkMaxPrice(
	maxPrice: number,
	{ price }: Pick<TaskRequest, 'price'>,
	connection: PriceTools & { baseUrl: string },
	body: JsonObject,
): Promise<void> {
	const found = await price?.(connection, body);
	if (found === undefined) throw notKnown('RunningHub gives no price for it');
	if (found.isFree) return;
	const { amount, currency, basis, date, isLowerBound } = found;
	const cost = `${amount}${currency === null ? '' : ` ${currency}`}`;
	const source = basis === 'catalogue' ? `by the price list of ${date}` : 'says RunningHub';
	const ours = currencyOf(connection.baseUrl);
	if (currency !== null && ours !== undefined && currency !== ours) {
		throw notKnown(`what is known is ${cost} ${source}, and your account pays in ${ours}`);
	}
	if (amount > maxPrice) {
		throw new RunningHubError({
			kind: 'validation',
			message: `This task would cost ${cost}, ${source}; Max Price is ${maxPrice}.`,
			description: 'Nothing was paid for. Ask for less (shorter, smaller), or raise Max Price.',
		});
	}
	if (isLowerBound) throw notKnown(`it costs at least ${cost}, ${source}`);
}

function notKnown(why: string): RunningHubError {
	return new RunningHubError({
		kind: 'validation',
		message: `The price of this task could not be compared with Max Price: ${why}.`,
		description: 'Nothing was paid for. Remove the option Max Price to run it all the same.',
	});
}
