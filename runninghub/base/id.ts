/** Ids of tasks, workflows and apps: 19 digits so far, and always text (reference section 1.3). */
export function isId(text: string): boolean {
	return /^[1-9]\d{0,19}$/.test(text);
}
