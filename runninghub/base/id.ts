/** Ids of tasks, workflows and apps: 19 digits so far, and always text (reference section 1.3). */
export function isId(text: string): boolean {
	return /^[1-9]\d{0,19}$/.test(text);
}

/** An id that came as a number beyond what JavaScript can hold: its last digits are wrong. */
export function isRoundedId(value: unknown): value is number {
	return typeof value === 'number' && !Number.isSafeInteger(value);
}
