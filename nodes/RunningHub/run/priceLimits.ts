import type { IExecuteFunctions } from 'n8n-workflow';
import type { Price } from '../../../runninghub/api/price';
import type { PriceDeps, TaskRequest } from '../../../runninghub/api/taskRequest';
import { RunningHubError } from '../../../runninghub/base/errors';
import type { JsonObject } from '../../../runninghub/base/json';
import { quote } from '../../../runninghub/base/text';
import { currencyOf } from '../../../runninghub/http/site';
import type { Charge, KnownPrice } from '../../../runninghub/tasks/budget';
import { readOption } from '../form/readOptions';

/** What may be spent, in the account's currency; undefined where an option is not set. */
export interface PriceLimits {
	/** On one task. */
	maxPrice: number | undefined;
	/** On all tasks of the node, in one execution. */
	budget: number | undefined;
}

/** @throws RunningHubError of kind `validation` for what is no price */
export function readPriceLimits(context: IExecuteFunctions, itemIndex: number): PriceLimits {
	return {
		maxPrice: readLimit(context, itemIndex, 'maxPrice', 'Max Price'),
		budget: readLimit(context, itemIndex, 'budget', 'Budget'),
	};
}

/** 0 is refused: an expression that finds nothing left to spend must not mean that there is no limit. */
function readLimit(
	context: IExecuteFunctions,
	itemIndex: number,
	name: string,
	label: string,
): number | undefined {
	const input = readOption(context, itemIndex, name);
	if (input === undefined) return undefined;
	const limit = Number(input);
	if (Number.isFinite(limit) && limit > 0) return limit;
	throw new RunningHubError({
		kind: 'validation',
		message: `${label} is ${quote(input)}; it must be a number above 0.`,
		description: 'Nothing was sent and nothing was paid for.',
	});
}

/**
 * Holds the price of a task against Max Price, where there is a limit; Budget counts when it is sent, since other submits may
 * go out in between.
 * @returns what it counts against Budget; undefined where none is set
 * @throws RunningHubError when the task would cost more, or when it cannot be known that it would not: before it is paid for
 */
export async function checkPrice(
	{ maxPrice, budget }: PriceLimits,
	request: Pick<TaskRequest, 'price'>,
	connection: PriceDeps & { baseUrl: string },
	body: JsonObject,
): Promise<Charge | undefined> {
	if (maxPrice === undefined && budget === undefined) return undefined;
	const held = maxPrice === undefined ? 'Budget' : 'Max Price';
	const asked = await request.price?.(connection, body);
	const price = knownPrice(asked, currencyOf(connection.baseUrl), held, maxPrice);
	return budget === undefined ? undefined : { limit: budget, price };
}

/**
 * @param currency the account's; undefined where it is not known
 * @param held the option that the price is held against first
 */
function knownPrice(
	price: Price | undefined,
	currency: string | undefined,
	held: string,
	maxPrice = Infinity,
): KnownPrice {
	if (price === undefined) throw notKnown(held, 'RunningHub gives no price for it');
	const cost = `${price.amount}${price.currency === null ? '' : ` ${price.currency}`}`;
	const source =
		price.basis === 'catalogue' ? `by the price list of ${price.date}` : 'says RunningHub';
	const text = `${cost}, ${source}`;
	if (price.isFree) return { amount: 0, text };
	if (price.currency !== null && currency !== undefined && price.currency !== currency) {
		throw notKnown(held, `what is known is ${text}, and your account pays in ${currency}`);
	}
	if (price.amount > maxPrice) {
		throw new RunningHubError({
			kind: 'validation',
			message: `This task would cost ${text}; Max Price is ${maxPrice}.`,
			description: 'Nothing was paid for. Ask for less (shorter, smaller), or raise Max Price.',
		});
	}
	if (price.isLowerBound) throw notKnown(held, `it costs at least ${text}`);
	return { amount: price.amount, text };
}

/** Nothing is wrong with the task itself: it can be sent as it is when the price is known, or the limit is gone. */
function notKnown(held: string, why: string): RunningHubError {
	return new RunningHubError({
		kind: 'budget',
		message: `The price of this task could not be compared with ${held}: ${why}.`,
		description: `Nothing was paid for. Remove the option ${held} to run it all the same.`,
	});
}
