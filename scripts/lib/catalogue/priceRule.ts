import type { Param, Price, PriceUnit } from '../../../catalogue/model';

/** A price rule as the sources give it, before it is known whether it can be computed. */
export interface GivenPrice {
	currency: string;
	unit: PriceUnit;
	date: string;
	price?: number;
	dependsOn?: string[];
	table?: Record<string, number>;
}

const IMAGE_COUNTS = ['imageNum', 'n', 'maxImages'];

/** The parameters that may say how many units a call has. */
const COUNTS: Readonly<Record<PriceUnit, string[]>> = {
	per_call: [],
	per_image: IMAGE_COUNTS,
	per_second: ['duration'],
	per_second_from: ['duration'],
	per_5_seconds: ['duration'],
	per_1000_characters: ['text'],
};

/** A call has one of these where no parameter says otherwise; of the others it depends on the files sent. */
const ONE_BY_DEFAULT: ReadonlySet<PriceUnit> = new Set(['per_call', 'per_image']);

/** What the list has for a call that is not sold by it. */
const NO_PRICE = 9_999;

/**
 * The rule in the catalogue's form.
 * @returns undefined where the price cannot be told from the values: it depends on a file's length, on a parameter
 * that the model does not have, or the list has only zeros
 */
export function priceRule(given: GivenPrice, params: readonly Param[]): Price | undefined {
	const { currency, unit, date, price, dependsOn = [], table } = given;
	const has = (key: string) => params.some((param) => param.key === key);

	// A price for each image is written as one that depends on their number, whatever it is.
	const perImage = table?.[''];
	const [countKey] = dependsOn;
	if (perImage !== undefined && countKey !== undefined && IMAGE_COUNTS.includes(countKey)) {
		return { currency, unit: 'per_image', date, times: countKey, price: perImage };
	}
	if (price === NO_PRICE) return undefined;
	const times = COUNTS[unit].find(has);
	if (times === undefined && !ONE_BY_DEFAULT.has(unit)) return undefined;
	const facts = { currency, unit, date, ...(times === undefined ? {} : { times }) };
	if (price !== undefined) return price > 0 ? { ...facts, price } : undefined;
	const prices = Object.entries(table ?? {});
	if (!dependsOn.every(has) || prices.every(([, each]) => each === 0)) return undefined;
	return { ...facts, dependsOn, table: Object.fromEntries(prices.sort(byKey)) };
}

function byKey([a]: [string, number], [b]: [string, number]): number {
	return a < b ? -1 : a > b ? 1 : 0;
}
