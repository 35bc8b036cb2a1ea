/** For sentences: `6 seconds`, `1 minute`, `2.5 minutes`. */
export function durationOf(ms: number): string {
	if (ms < 60_000) return `${Math.round(ms / 1_000)} seconds`;
	const minutes = Math.round(ms / 6_000) / 10;
	return minutes === 1 ? '1 minute' : `${minutes} minutes`;
}
