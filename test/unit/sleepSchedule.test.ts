import { MIN_SLEEP_MS, sleepMs } from '../../runninghub/tasks/sleepSchedule';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const NOTHING_DEFERRED = { hasDeferred: false };
const taskOf = (ageMs: number, more: Partial<Parameters<typeof sleepMs>[0][number]> = {}) => ({
	ageMs,
	timeoutMs: 24 * HOUR,
	pollIntervalMs: 0,
	callsBack: false,
	...more,
});

/** When a task that is slept for from its submit on is looked at, until it has ended. */
const looksAt = (endsAtMs: number): number[] => {
	const looks: number[] = [];
	for (let now = 0; now < endsAtMs; ) {
		now += sleepMs([taskOf(now)], NOTHING_DEFERRED);
		looks.push(now);
	}
	return looks;
};

const range = (from: number, to: number, step: number) =>
	Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + step * index);
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('the sleep until the next look, without callbacks', () => {
	it('finds each result within 65 s of its end, or a third of its length', () => {
		const tooLate = range(SECOND, 3 * HOUR, 997).filter((endsAt) => {
			const late = (looksAt(endsAt).at(-1) ?? Infinity) - endsAt;
			return late > Math.max(MIN_SLEEP_MS, endsAt / 3);
		});
		expect(tooLate).toEqual([]);
	});

	it('a task of 180 s, give or take a tenth: at most 5 calls, found 35 s late on average', () => {
		const ends = range(162 * SECOND, 198 * SECOND, 100);
		const calls = ends.map((endsAt) => 1 + looksAt(endsAt).length);
		const lags = ends.map((endsAt) => (looksAt(endsAt).at(-1) ?? Infinity) - endsAt);
		expect(Math.max(...calls)).toBeLessThanOrEqual(5);
		expect(mean(lags)).toBeLessThanOrEqual(35 * SECOND);
	});

	it('is never longer than 10 minutes', () => {
		expect(sleepMs([taskOf(20 * HOUR)], NOTHING_DEFERRED)).toBe(10 * MINUTE);
	});

	it('goes by the task that may end next', () => {
		expect(sleepMs([taskOf(HOUR), taskOf(SECOND)], NOTHING_DEFERRED)).toBe(MIN_SLEEP_MS);
	});

	it('ends at the deadline', () => {
		const soon = taskOf(HOUR, { timeoutMs: HOUR + 2 * MINUTE });
		expect(sleepMs([soon], NOTHING_DEFERRED)).toBe(2 * MINUTE);
	});

	it('keeps to the interval of the user, from 65 s on', () => {
		const every = (seconds: number) =>
			sleepMs([taskOf(HOUR, { pollIntervalMs: seconds * SECOND })], NOTHING_DEFERRED);
		expect([every(1), every(90)]).toEqual([65 * SECOND, 90 * SECOND]);
	});

	it('is short while a submit waits for a place', () => {
		const deferred = { hasDeferred: true };
		expect(sleepMs([taskOf(HOUR)], deferred)).toBe(MIN_SLEEP_MS);
		expect(sleepMs([], deferred)).toBe(MIN_SLEEP_MS);
	});
});

describe('the sleep until the next look, where callbacks arrive', () => {
	const calling = (ageMs: number) => taskOf(ageMs, { callsBack: true });

	it('is a net of five minutes, and more with the age', () => {
		expect(sleepMs([calling(0)], NOTHING_DEFERRED)).toBe(5 * MINUTE);
		expect(sleepMs([calling(24 * MINUTE)], NOTHING_DEFERRED)).toBe(8 * MINUTE);
	});

	it('is short where nothing of the run could call', () => {
		expect(sleepMs([], { hasDeferred: true })).toBe(MIN_SLEEP_MS);
	});

	it('is short for a task that does not call, and for a slot that it may free', () => {
		const one = [calling(0), taskOf(0)];
		expect(sleepMs(one, NOTHING_DEFERRED)).toBe(MIN_SLEEP_MS);
		const old = [calling(HOUR), taskOf(HOUR)];
		expect(sleepMs(old, { hasDeferred: true })).toBe(MIN_SLEEP_MS);
		expect(sleepMs([calling(HOUR)], { hasDeferred: true })).toBe(10 * MINUTE);
	});
});
