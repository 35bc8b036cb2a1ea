import type { EndedTask } from '../../../runninghub/task';

/** What this process knows of an execution that waits. */
export interface ResumeState {
	/** Tasks that have ended, so that the next callback need not ask for them again. */
	ended: Map<string, EndedTask>;
	/** For the first caller alone: of two callbacks at the same time one resumes the execution. */
	claim(): Claim | undefined;
}

export interface Claim {
	/** To be called when all that comes before the resume is done. */
	settle(): void;
}

const MOST_EXECUTIONS = 500;
/** Milliseconds. A claim that did not lead to a resumed run must not block the callbacks that RunningHub sends again. */
const CLAIM_HOLDS_MS = 10_000;

const states = new Map<string, ResumeState>();

/** @param key the execution and its tasks: an execution may suspend more than once */
export function resumeStateOf(key: string, now: () => number): ResumeState {
	const known = states.get(key);
	if (known !== undefined) return known;

	let heldUntil = -Infinity;
	const made: ResumeState = {
		ended: new Map(),
		claim: () => {
			if (now() < heldUntil) return undefined;
			heldUntil = Infinity;
			return {
				settle: () => {
					heldUntil = now() + CLAIM_HOLDS_MS;
				},
			};
		},
	};
	states.set(key, made);
	// The oldest goes first; without its memory an execution only asks more.
	const [oldest] = states.keys();
	if (states.size > MOST_EXECUTIONS && oldest !== undefined) states.delete(oldest);
	return made;
}
