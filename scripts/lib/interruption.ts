/** True once the user has pressed Ctrl-C or the system has asked us to end. */
export const interruption = { happened: false };

/** Cleans up on an interruption. A second Ctrl-C does not wait for that. */
export function onInterruption(cleanUp: () => Promise<void>, exitCode: () => number): void {
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
		process.on(signal, () => {
			if (interruption.happened) process.exit(130);
			interruption.happened = true;
			void cleanUp().finally(() => process.exit(exitCode()));
		});
	}
}
