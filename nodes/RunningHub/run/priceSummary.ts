import { enumerated } from '../../../catalogue/sentences';
import type { Price } from '../../../runninghub/api/price';
import { sumOf } from '../../../runninghub/tasks/budget';

/** Prices in words that need no legend. */

/**
 * What all items cost together.
 * @param itemCount of the run; some may have no price
 * @returns null where it is not known of all of them, in one currency
 */
export function totalOf(prices: readonly Price[], itemCount: number): number | null {
	const sums = sumsOf(prices);
	const [only] = sums;
	return only !== undefined && sums.length === 1 && prices.length === itemCount ? only.sum : null;
}

/** `This task: 0.05 USD. All 3 items: 0.15 USD.` */
export function summaryOf(price: Price, all: readonly Price[], itemCount: number): string {
	const own = `This task: ${textOf([price])}.`;
	return itemCount === 1 ? own : `${own} ${totalSentence(all, itemCount)}`;
}

/** `All 3 items: 0.15 USD.` */
export function totalSentence(prices: readonly Price[], itemCount: number): string {
	if (itemCount === 1) return `This task would cost ${textOf(prices)}.`;
	const unknown = itemCount - prices.length;
	const missing = unknown === 0 ? '' : `, and ${unknown} whose price is not known`;
	const which = unknown === 0 ? `All ${itemCount} items` : `${prices.length} of ${itemCount} items`;
	return `${which}: ${textOf(prices)}${missing}.`;
}

/** `0.15 USD`, `at least 0.5 CNY by the price list of 2026-04-29`, `nothing, by a free call of the account`. */
function textOf(prices: readonly Price[]): string {
	if (prices.every(({ isFree }) => isFree)) return 'nothing, since the account has a free call';
	const sums = sumsOf(prices).map(({ sum, currency }) =>
		currency === null ? `${sum} in the account’s currency` : `${sum} ${currency}`,
	);
	const least = prices.some(({ isLowerBound }) => isLowerBound) ? 'at least ' : '';
	const listed = prices.find(({ basis }) => basis === 'catalogue');
	const source = listed === undefined ? '' : ` by the price list of ${listed.date}`;
	return `${least}${enumerated(sums, 'and')}${source}`;
}

function sumsOf(prices: readonly Price[]): Array<{ sum: number; currency: string | null }> {
	const currencies = [...new Set(prices.map(({ currency }) => currency))];
	return currencies.map((currency) => ({
		currency,
		sum: sumOf(
			prices
				.filter((price) => price.currency === currency)
				.map(({ amount, isFree }) => (isFree ? 0 : amount)),
		),
	}));
}
