import { RunningHubError, type ErrorFacts, type ErrorKind } from '../../runninghub/base/errors';
import { withRetries } from '../../runninghub/base/retry';
import { FakeClock } from '../support/fakeClock';
import { errorOf } from '../support/unitAnswers';

/** Fails with these, one after the other, and then works. */
function work(failures: Array<Partial<ErrorFacts> & { kind: ErrorKind }>, random = () => 0.5) {
	const clock = new FakeClock();
	const triedAt: number[] = [];
	const left = [...failures];
	const run = clock.run(
		withRetries(
			async () => {
				triedAt.push(clock.now());
				const failure = left.shift();
				if (failure !== undefined) throw new RunningHubError({ message: 'x', ...failure });
				return 'done';
			},
			{ clock, random },
		),
	);
	return { run, triedAt };
}

const gaps = (times: readonly number[]) => times.slice(1).map((at, n) => at - (times[n] ?? 0));

describe('what costs nothing is tried again', () => {
	it.each<ErrorKind>(['transient', 'rateLimit', 'protocol'])('after %s', async (kind) => {
		const { run, triedAt } = work([{ kind }, { kind }]);
		expect(await run).toBe('done');
		expect(gaps(triedAt)).toEqual([1_000, 4_000]);
	});

	it.each<ErrorKind>(['auth', 'site', 'balance', 'validation', 'moderation', 'notFound', 'failed'])(
		'but not after %s',
		async (kind) => {
			const { run, triedAt } = work([{ kind }]);
			expect(await errorOf(run)).toMatchObject({ kind });
			expect(triedAt).toHaveLength(1);
		},
	);

	it('and given up after three tries, with the last failure', async () => {
		const { run, triedAt } = work([
			{ kind: 'transient' },
			{ kind: 'transient' },
			{ kind: 'rateLimit', message: 'the last' },
		]);
		expect((await errorOf(run)).message).toBe('the last');
		expect(triedAt).toHaveLength(3);
	});
});

it('the server’s Retry-After is waited for, where it is longer than the pause', async () => {
	const { run, triedAt } = work([
		{ kind: 'rateLimit', retryAfterMs: 30_000 },
		{ kind: 'rateLimit', retryAfterMs: 100 },
	]);
	await run;
	expect(gaps(triedAt)).toEqual([30_000, 4_000]);
});

it('runs that fail together do not come back together', async () => {
	const firstPauseWith = async (random: number) => {
		const { run, triedAt } = work([{ kind: 'transient' }], () => random);
		await run;
		return gaps(triedAt)[0];
	};
	const pauses = await Promise.all([0, 0.5, 0.999].map(firstPauseWith));
	expect(pauses).toEqual([800, 1_000, expect.closeTo(1_200, -1)]);
});
