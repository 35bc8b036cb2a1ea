import { z } from 'zod';
import type { PriceUnit } from '../../../catalogue/model';
import { priceRule, type GivenPrice } from './priceRule';
import type { Source } from './source';

const scalar = z.union([z.string(), z.number(), z.boolean()]);

const priceListSchema = z.object({
	pricing: z.array(
		z.object({
			endpoint: z.string(),
			currency: z.string(),
			unit: z.string(),
			updated_at: z.string(),
			price: z.number().nullish(),
			depends_on: z.array(z.string()).nullish(),
			rules: z.array(z.object({ when: z.record(scalar), price: z.number() })).nullish(),
		}),
	),
});

type ListedPrice = z.infer<typeof priceListSchema>['pricing'][number];

const UNITS: Readonly<Record<string, PriceUnit>> = {
	'/次': 'per_call',
	'/张': 'per_image',
	'/秒': 'per_second',
	'/second': 'per_second',
	'/秒起': 'per_second_from',
	'/5秒': 'per_5_seconds',
	'/1000字符': 'per_1000_characters',
};

/** RunningHub's own price list. It is complete: a model that it leaves out has no price in the catalogue. */
export const prices: Source = {
	name: 'price list',
	matches: (json) => priceListSchema.safeParse(json).success,
	apply(json, previous) {
		const list = priceListSchema.parse(json).pricing;
		return previous.map(({ price: _old, ...model }) => {
			const listed = list.find(({ endpoint }) => endpoint === model.endpoint);
			const given = listed && givenPrice(listed);
			const price = given && priceRule(given, model.params);
			return { ...model, ...(price ? { price } : {}) };
		});
	},
};

function givenPrice(listed: ListedPrice): GivenPrice | undefined {
	const unit = UNITS[listed.unit];
	if (unit === undefined) return undefined;
	const dependsOn = listed.depends_on ?? undefined;
	const rows = listed.rules?.map(({ when, price }): [string, number] => [
		(dependsOn ?? []).map((key) => String(when[key])).join('|'),
		price,
	]);
	return {
		currency: listed.currency,
		unit,
		date: listed.updated_at,
		...(typeof listed.price === 'number' ? { price: listed.price } : {}),
		...(dependsOn ? { dependsOn } : {}),
		...(rows ? { table: Object.fromEntries(rows) } : {}),
	};
}
