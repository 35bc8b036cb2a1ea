/** For what users must be able to find in n8n's log later, above all every task id. */
export interface Logger {
	debug(message: string, facts?: Record<string, unknown>): void;
	info(message: string, facts?: Record<string, unknown>): void;
	warn(message: string, facts?: Record<string, unknown>): void;
}
