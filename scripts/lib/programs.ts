import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where a user's PATH does not always lead. */
const USUAL_FOLDERS = ['/usr/local/bin', '/usr/bin', '/usr/sbin'];

/** @param folders where it may be, beyond the PATH: they come first */
export function findProgram(name: string, folders: readonly string[] = []): string | undefined {
	const path = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
	return [...folders, ...path, ...USUAL_FOLDERS]
		.map((folder) => join(folder, name))
		.find(isExecutable);
}

export function isExecutable(file: string): boolean {
	try {
		accessSync(file, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}
