/**
 * The accounts whose callbacks have woken an execution, in the time of this process. Only then can a run that sleeps rely
 * on being called: that an address looks public does not mean that RunningHub reaches it.
 */
const proven = new Set<string>();

export function proveCallbacks(account: string): void {
	proven.add(account);
}

export function areCallbacksProven(account: string): boolean {
	return proven.has(account);
}
