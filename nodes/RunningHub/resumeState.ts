import type { EndedTask } from '../../runninghub/task';

/** What this process knows of an execution that waits. */
export interface ResumeState {
	/** Tasks that have ended, so that the next callback need not ask for them again. */
	ended: Map<string, EndedTask>;
	/** True for the first caller alone: of two callbacks at the same time one resumes the execution. */
	claim(): boolean;
}

const MOST_EXECUTIONS = 500;
/** A claim that did not lead to a resumed run must not block the callbacks that RunningHub sends again. */
const CLAIM_HOLDS_MS = 10_000;

const states = new Map<string, ResumeState>();

/** @param key the execution and its tasks: an execution may suspend more than once */
export function resumeStateOf(key: string, now: () => number): ResumeState {
	const known = states.get(key);
	if (known !== undefined) return known;

	let claimedAt = -Infinity;
	const made: ResumeState = {
		ended: new Map(),
		claim: () => {
			if (now() - claimedAt < CLAIM_HOLDS_MS) return false;
			claimedAt = now();
			return true;
		},
	};
	states.set(key, made);
	// The oldest goes first; without its memory an execution only asks more.
	const [oldest] = states.keys();
	if (states.size > MOST_EXECUTIONS && oldest !== undefined) states.delete(oldest);
	return made;
}
