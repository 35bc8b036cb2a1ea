import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run, succeeds } from './commands';
import { type DebianProgram, versionedFolders } from './debianPackages';
import { freePort } from './ports';
import { startServer, untilReady } from './services';
import { UserError } from './steps';

/** Debian keeps the server's programs together in a folder for each version, out of the PATH. */
export const POSTGRES: DebianProgram = {
	program: 'initdb',
	debianPackage: 'postgresql',
	folders: () => [...versionedFolders('/usr/lib/postgresql', 'bin'), '/usr/local/pgsql/bin'],
};

const DATABASE = 'postgres';
const OWNER = 'n8n';

export interface Postgres {
	/** n8n's settings for it. */
	env: NodeJS.ProcessEnv;
	/** Gives the rows of the answer. */
	query(sql: string): Promise<string[][]>;
	stop(): Promise<void>;
}

/**
 * An empty PostgreSQL of its own, which need not survive a power cut.
 * @param initdb path of initdb; the other programs are beside it
 */
export async function startPostgres(initdb: string): Promise<Postgres> {
	const program = (name: string) => join(dirname(initdb), name);
	const folder = await mkdtemp(join(tmpdir(), 'runninghub-postgres-'));
	const data = join(folder, 'data');
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
	const flags = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
	const service = startServer(program('postgres'), ['-D', data, ...flags], {
		cwd: folder,
		logFile: join(folder, 'postgres.log'),
		// Ends the connections, and does not wait until their clients do.
		endSignal: 'SIGINT',
		privileges,
	});
	const stop = async () => {
		await service.stop();
		await rm(folder, { recursive: true, force: true });
	};

	const address = ['-h', '127.0.0.1', '-p', String(port), '-U', OWNER, '-d', DATABASE];
	const query = async (sql: string) => {
		const flags = ['-X', '-A', '-t', '-F', '\t', '-v', 'ON_ERROR_STOP=1', '-c', sql];
		const answer = await run(program('psql'), [...address, ...flags], { cwd: folder });
		return answer.split('\n').flatMap((line) => (line === '' ? [] : [line.split('\t')]));
	};
	await untilReady('PostgreSQL', service, async () => await succeeds(query('select 1')));
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
 * @param folder to be given to the user that it then runs as
 * @returns flags of setpriv
 */
async function withoutRoot(folder: string): Promise<string[]> {
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
