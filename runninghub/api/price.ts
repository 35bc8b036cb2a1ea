import { z } from 'zod';
import { tolerantBoolean, tolerantText } from '../base/tolerantSchemas';
import { unreadableResponse, type Envelope } from '../http/envelope';
import { errorForCode } from '../http/errorForCode';

/** What a task would cost. */
export interface Price {
	amount: number;
	/** That of the site, e.g. `USD`. */
	currency: string | null;
	/** The amount is the least that it costs; more is not known. */
	isLowerBound: boolean;
	/** RunningHub's own description of the price. */
	text: string | null;
	/** One of the account's free calls: nothing will be charged. */
	isFree: boolean;
	/** `preview`: RunningHub's own response just now. `catalogue`: an estimate from a price list of `date`. */
	basis: 'preview' | 'catalogue';
	/** Of the price list, `YYYY-MM-DD`. */
	date: string | null;
}

const preview = z.object({
	// Null where RunningHub has no price: that is not a price of 0.
	estimatedPrice: z
		.union([z.number(), z.string().trim().min(1).transform(Number)])
		.pipe(z.number().finite()),
	currency: tolerantText,
	priceText: tolerantText,
	priceTextEn: tolerantText,
	isFreeThisCall: tolerantBoolean,
});

/**
 * The response of the price preview, which makes no task and costs nothing but checks the whole request
 * (reference section 6.3).
 * @throws RunningHubError when the request itself was refused, or the response holds no price
 */
export function priceFrom(envelope: Envelope): Price {
	if (envelope.shape === 'coded') {
		const read = preview.safeParse(envelope.data);
		if (read.success) return priceOf(read.data);
		throw errorForCode(envelope.code, envelope.text);
	}
	if (envelope.errorCode !== '') throw errorForCode(envelope.errorCode, envelope.text);
	const read = preview.safeParse(envelope.body);
	if (!read.success) throw unreadableResponse('it names no price');
	return priceOf(read.data);
}

function priceOf(read: z.infer<typeof preview>): Price {
	return {
		amount: read.estimatedPrice,
		currency: read.currency,
		isLowerBound: false,
		text: read.priceTextEn || read.priceText || null,
		isFree: read.isFreeThisCall,
		basis: 'preview',
		date: null,
	};
}
