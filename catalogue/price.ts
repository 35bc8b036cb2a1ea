import { numberIn } from '../runninghub/base/scalar';
import type { Model, Price, PriceUnit } from './model';

/** What a call costs by the dated price list that the catalogue was made from. */
export interface CataloguePrice {
	/** Of the whole call, in `currency`. */
	amount: number;
	/** Of the site that the list is from, e.g. `CNY`. */
	currency: string;
	/** What the list's price is for. */
	unit: PriceUnit;
	/** ISO date of the list. */
	date: string;
	/** The list gives only the least that it costs. */
	isLowerBound: boolean;
}

/**
 * The price by the catalogue's list (reference section 13: prices change, so an estimate).
 * @param values what goes over the wire, by key; a parameter that is left out counts with its documented default
 * @returns undefined where the list has no rule for the model, or none for these values
 */
export function cataloguePrice(
	model: Model,
	values: Readonly<Record<string, unknown>>,
): CataloguePrice | undefined {
	const rule = model.price;
	if (rule === undefined) return undefined;
	const valueOf = (key: string): unknown =>
		(Object.hasOwn(values, key) ? values[key] : undefined) ??
		model.params.find((param) => param.key === key)?.default;
	const each = unitPrice(rule, valueOf);
	const count = unitCount(rule, valueOf);
	if (each === undefined || count === undefined) return undefined;
	const { currency, unit, date } = rule;
	const amount = Number((each * count).toFixed(6));
	return { amount, currency, unit, date, isLowerBound: unit === 'per_second_from' };
}

/**
 * The least that any call of a model costs by the catalogue's list.
 * @returns undefined where the list has no price for it, or only zeros
 */
export function leastPrice(model: Model): Pick<CataloguePrice, 'amount' | 'currency'> | undefined {
	const rule = model.price;
	if (rule === undefined) return undefined;
	const each = 'price' in rule ? [rule.price] : pricesOf(rule, model);
	const least = Math.min(...each.filter((price) => price > 0));
	if (!Number.isFinite(least)) return undefined;
	const amount = Number((least * leastCount(rule, model)).toFixed(4));
	return { amount, currency: rule.currency };
}

/** Of a table without the rows for values that the model no longer takes. */
function pricesOf(
	{ dependsOn, table }: Extract<Price, { table: unknown }>,
	{ params }: Model,
): number[] {
	const options = dependsOn.map((key) => params.find((param) => param.key === key)?.options);
	return Object.entries(table)
		.filter(([row]) =>
			row.split('|').every((value, index) => options[index]?.includes(value) ?? true),
		)
		.map(([, price]) => price);
}

/** The fewest units that can be ordered; a value below one, such as -1, lets the model choose. */
function leastCount({ unit, times }: Price, { params }: Model): number {
	const param = params.find(({ key }) => key === times);
	const values = [param?.min ?? Infinity, ...(param?.options ?? []).map(Number)];
	const fewest = Math.min(...values.filter((value) => value > 0));
	if (unit === 'per_1000_characters' || !Number.isFinite(fewest)) return 1;
	return whole(fewest, unit === 'per_5_seconds' ? 5 : 1) ?? 1;
}

function unitPrice(rule: Price, valueOf: (key: string) => unknown): number | undefined {
	if ('price' in rule) return rule.price;
	const row = rule.dependsOn.map((key) => String(valueOf(key))).join('|');
	return Object.hasOwn(rule.table, row) ? rule.table[row] : undefined;
}

function unitCount({ unit, times }: Price, valueOf: (key: string) => unknown): number | undefined {
	if (times === undefined) return 1;
	const value = valueOf(times);
	switch (unit) {
		case 'per_1000_characters':
			return typeof value === 'string' ? Math.ceil(value.length / 1_000) : undefined;
		case 'per_5_seconds':
			return whole(value, 5);
		default:
			return whole(value, 1);
	}
}

/** @returns how many units of this size are begun; undefined for anything but a positive number */
function whole(value: unknown, size: number): number | undefined {
	const number = numberIn(value) ?? 0;
	return number > 0 ? Math.ceil(number / size) : undefined;
}
