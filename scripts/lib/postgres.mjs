import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from './commands.mjs';
import { startProgram, untilItAnswers, versionedFolders } from './debianPackages.mjs';
import { freePort } from './ports.mjs';
import { UserError } from './steps.mjs';

/**
 * Debian keeps the server's programs together in a folder for each version, out of the PATH.
 *
 * @type {import('./debianPackages.mjs').DebianProgram}
 */
export const POSTGRES = {
	program: 'initdb',
	debianPackage: 'postgresql',
	folders: () => [...versionedFolders('/usr/lib/postgresql', 'bin'), '/usr/local/pgsql/bin'],
};

const DATABASE = 'postgres';
const OWNER = 'n8n';

/**
 * @typedef {object} Postgres
 * @property {NodeJS.ProcessEnv} env n8n's settings for it
 * @property {(sql: string) => Promise<string[][]>} query the rows of the answer
 * @property {() => Promise<void>} stop
 */

/**
 * An empty PostgreSQL of its own, which need not survive a power cut.
 *
 * @param {string} initdb path of initdb; the other programs are beside it
 * @returns {Promise<Postgres>}
 */
export async function startPostgres(initdb) {
	const program = (/** @type {string} */ name) => join(dirname(initdb), name);
	const folder = await mkdtemp(join(tmpdir(), 'runninghub-postgres-'));
	const data = join(folder, 'data');
	const logFile = join(folder, 'postgres.log');
	const port = await freePort();
	const privileges = await withoutRoot(folder);

	await run(
		'setpriv',
		[
			...privileges,
			'--',
			initdb,
			...['--pgdata', data, '--username', OWNER, '--auth', 'trust'],
			...['--encoding', 'UTF8', '--locale', 'C', '--no-sync'],
		],
		{ cwd: folder, failure: 'A PostgreSQL database could not be made' },
	);
	const settings = {
		listen_addresses: '127.0.0.1',
		port,
		unix_socket_directories: '',
		fsync: 'off',
		synchronous_commit: 'off',
		full_page_writes: 'off',
	};
	const running = startProgram({
		program: program('postgres'),
		args: [
			'-D',
			data,
			...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
		],
		folder,
		logFile,
		// Ends the connections, and does not wait until their clients do.
		endSignal: 'SIGINT',
		privileges,
	});
	const stop = async () => {
		await running.stop();
		await rm(folder, { recursive: true, force: true });
	};

	const address = ['-h', '127.0.0.1', '-p', String(port), '-U', OWNER, '-d', DATABASE];
	const query = async (/** @type {string} */ sql) => {
		const flags = ['-X', '-A', '-t', '-F', '\t', '-v', 'ON_ERROR_STOP=1', '-c', sql];
		const answer = await run(program('psql'), [...address, ...flags], { cwd: folder });
		return answer.split('\n').flatMap((line) => (line === '' ? [] : [line.split('\t')]));
	};
	try {
		await untilItAnswers('PostgreSQL', running, logFile, async () =>
			query('select 1').then(
				() => true,
				() => false,
			),
		);
	} catch (error) {
		await stop();
		throw error;
	}
	return {
		env: {
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: '127.0.0.1',
			DB_POSTGRESDB_PORT: String(port),
			DB_POSTGRESDB_DATABASE: DATABASE,
			DB_POSTGRESDB_USER: OWNER,
			DB_POSTGRESDB_PASSWORD: '',
		},
		query,
		stop,
	};
}

/**
 * PostgreSQL refuses to run as root.
 *
 * @param {string} folder to be given to the user that it then runs as
 * @returns {Promise<string[]>} flags of setpriv
 */
async function withoutRoot(folder) {
	if (process.getuid?.() !== 0) return [];
	for (const user of ['postgres', 'nobody']) {
		const ids = await Promise.all(
			['-u', '-g'].map(async (flag) => Number(await run('id', [flag, user], { cwd: folder }))),
		).catch(() => undefined);
		const [uid, gid] = ids ?? [];
		if (uid === undefined || gid === undefined) continue;
		await chown(folder, uid, gid);
		return ['--reuid', String(uid), '--regid', String(gid), '--clear-groups'];
	}
	throw new UserError(
		'PostgreSQL refuses to run as root, and there is neither a user postgres nor nobody',
	);
}
