import type { BatchDeps, Job, JobOutcome } from './job';

/**
 * Writes down what became of a job, for a later batch of the same run; what {@link submitOnce} has written is there already.
 * @param keepRaw whether RunningHub's own answer is kept too
 */
export function checkpoint(
	{ key, source }: Job,
	outcome: JobOutcome,
	{ journal, clock }: Pick<BatchDeps, 'journal' | 'clock'>,
	keepRaw: boolean,
): void {
	const entry = journal.find(key);
	const { at, callbackTo } =
		entry?.state === 'accepted' ? entry : { at: clock.now(), callbackTo: undefined };
	switch (outcome.state) {
		case 'deferred':
		case 'notSent':
			return journal.write(key, { state: 'deferred', source });
		case 'error':
			if (entry?.state === 'sent') {
				return journal.write(key, { state: 'sent', source, error: outcome.error });
			}
			if (entry === undefined || entry.state === 'deferred') {
				return journal.write(key, { state: 'refused', source, error: outcome.error });
			}
			return;
		case 'ended': {
			if (entry?.state === 'ended') return;
			const task = keepRaw ? outcome.task : { ...outcome.task, raw: undefined };
			return journal.write(key, { state: 'ended', source, task, at, endedAt: clock.now() });
		}
		case 'timedOut':
		case 'detached': {
			const { taskId, notice } = outcome.task;
			const failedChecks = outcome.state === 'detached' ? outcome.failedChecks : 0;
			const accepted = { taskId, at, failedChecks, notice, callbackTo };
			return journal.write(key, { state: 'accepted', source, ...accepted });
		}
		case 'pending':
	}
}
