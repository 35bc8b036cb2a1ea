/**
 * By account, whether RunningHub's callbacks were seen to arrive in this process: an address that looks public may still be
 * out of RunningHub's reach. An account that is not in it has not been tried yet.
 */
const arriving = new Map<string, boolean>();

/** A callback has woken an execution. */
export function proveCallbacks(account: string): void {
	arriving.set(account, true);
}

/**
 * A callback has not come: a tunnel may have broken, or an address changed. The next one that wakes an execution proves
 * them again.
 * @returns whether that is new
 */
export function doubtCallbacks(account: string): boolean {
	const isNew = arriving.get(account) !== false;
	arriving.set(account, false);
	return isNew;
}

/** @param account the same for all runs that share an account */
export function areCallbacksProven(account: string): boolean {
	return arriving.get(account) === true;
}

export function areCallbacksDoubted(account: string): boolean {
	return arriving.get(account) === false;
}
