import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Login } from './n8nApi';

/** The owner's login, made up on the first start and kept in the user folder. */
export async function ownerLogin(userFolder: string): Promise<Login> {
	const file = join(userFolder, 'login.json');
	try {
		return JSON.parse(await readFile(file, 'utf8'));
	} catch {
		// n8n wants a digit and a capital letter.
		const password = `Rh1-${randomBytes(9).toString('base64url')}`;
		const login = { email: 'owner@example.com', password };
		await mkdir(userFolder, { recursive: true });
		await writeFile(file, `${JSON.stringify(login)}\n`, { mode: 0o600 });
		return login;
	}
}
