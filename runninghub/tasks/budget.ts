import { RunningHubError } from '../base/errors';

/** What one submit costs, as far as it is known before it is sent. */
export interface KnownPrice {
	amount: number;
	/** For a sentence: `0.88 USD, says RunningHub`. */
	text: string;
}

/** What one submit counts against a limit that it shares with others. */
export interface Charge {
	limit: number;
	price: KnownPrice;
}

/** Sums of money without the digits that binary fractions add: 0.1 + 0.2 is 0.3. */
export function sumOf(amounts: readonly number[]): number {
	return Number(amounts.reduce((total, amount) => total + amount, 0).toFixed(6));
}

/** Holds the prices of several submits, many of which are on their way at the same time, below a limit. */
export interface Budget {
	/**
	 * Sends a submit if its price fits beside those that were sent before, and counts it unless it was refused: then nothing
	 * was paid. A submit whose outcome is unknown counts, and so does a task that fails later.
	 * @param charge undefined where there is no limit
	 * @throws RunningHubError of kind `budget` when it does not fit; whatever `send` throws
	 */
	within<T>(charge: Charge | undefined, send: () => Promise<T>): Promise<T>;
}

/**
 * A budget in a plain object that its owner saves as JSON.
 * @param store its `reserved` is the sum of the prices so far
 */
export function budgetIn(store: Record<string, unknown>): Budget {
	const reserved = () => (typeof store.reserved === 'number' ? store.reserved : 0);
	return {
		within: async (charge, send) => {
			if (charge === undefined) return await send();
			const { limit, price } = charge;
			if (sumOf([reserved(), price.amount]) > limit) throw overBudget(limit, price, reserved());
			// Before the request is sent: other submits read the sum while this one is on its way.
			store.reserved = sumOf([reserved(), price.amount]);
			return await send().catch((error: unknown) => {
				const isRefused = error instanceof RunningHubError && error.kind !== 'unknownOutcome';
				if (isRefused) store.reserved = sumOf([reserved(), -price.amount]);
				throw error;
			});
		},
	};
}

function overBudget(limit: number, { text }: KnownPrice, reserved: number): RunningHubError {
	return new RunningHubError({
		kind: 'budget',
		message: `This task would cost ${text}, and the tasks before it cost ${reserved}; Budget is ${limit}.`,
		description:
			'It was not sent and not paid for. Tasks that were sent before it go on. Raise Budget to run it.',
	});
}
