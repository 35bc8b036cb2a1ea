import { pricingOf, type Model } from './facts';
import { roundMoney } from './tasks';

/** Invented: the facts hold mainland prices only. */
const CNY_PER_USD = 7;

/** What this call would cost, by the dated price rules of the facts; undefined where there is none. */
export function priceOf(
	model: Model,
	body: Record<string, unknown>,
	currency: 'CNY' | 'USD',
): number | undefined {
	const rule = pricingOf(model);
	if (rule === undefined) return undefined;
	const valueOf = (key: string): unknown =>
		body[key] ?? model.params.find((param) => param.key === key)?.default;
	const row = (rule.dependsOn ?? []).map((key) => String(valueOf(key) ?? '')).join('|');
	const unitPrice = rule.price ?? rule.table?.[row];
	if (unitPrice === undefined) return undefined;

	const seconds = Number(valueOf('duration') ?? 5);
	const factor = factorOf(rule.unit, Number.isFinite(seconds) ? seconds : 5, body);
	const price = factor === undefined ? undefined : unitPrice * factor;
	if (price === undefined) return undefined;
	return roundMoney(currency === 'USD' ? price / CNY_PER_USD : price);
}

function factorOf(
	unit: string,
	seconds: number,
	body: Record<string, unknown>,
): number | undefined {
	switch (unit) {
		case 'per_call':
			return 1;
		case 'per_image':
			return Number(body.imageNum ?? body.n ?? 1);
		case 'per_second':
		case 'per_second_from':
			return seconds;
		case 'per_5_seconds':
			return Math.ceil(seconds / 5);
		case 'per_1000_characters':
			return Math.ceil(String(body.text ?? body.prompt ?? '').length / 1000);
		default:
			return undefined;
	}
}
