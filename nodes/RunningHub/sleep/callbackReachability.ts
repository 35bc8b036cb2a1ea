/**
 * The accounts whose callbacks have woken an execution of this process. Only those can be relied on: an address that looks
 * public may still be out of RunningHub's reach.
 */
const proven = new Set<string>();

export function proveCallbacks(account: string): void {
	proven.add(account);
}

/**
 * A tunnel may have broken, or an address changed. The next callback that wakes an execution proves them again.
 * @returns whether they had been proven
 */
export function doubtCallbacks(account: string): boolean {
	return proven.delete(account);
}

/** @param account the same for all runs that share an account */
export function areCallbacksProven(account: string): boolean {
	return proven.has(account);
}
