import { AsyncLocalStorage } from 'node:async_hooks';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BinaryDataService, ErrorReporter } from 'n8n-core';
import type { LogMetadata } from 'n8n-workflow';

/** The part of n8n's dependency container that is used here. */
interface DependencyContainer {
	get<T>(type: Token<T>): T;
	set<T>(type: Token<T>, instance: T): void;
}
type Token<T> = abstract new (...args: never[]) => T;

// npm may keep several copies of n8n's own packages: only the one that n8n-core itself loads holds its services.
const requireFromCore = createRequire(require.resolve('n8n-core'));
const { Container } = requireFromCore('@n8n/di') as { Container: DependencyContainer };
const { Logger } = requireFromCore('@n8n/backend-common') as { Logger: Token<object> };

/** The log of the run that is going on, so that runs at the same time keep their lines apart. */
const currentLog = new AsyncLocalStorage<string[]>();

export async function withLog<T>(log: string[], run: () => Promise<T>): Promise<T> {
	return await currentLog.run(log, run);
}

function writeLine(level: string, message: string, metadata?: LogMetadata) {
	const details =
		metadata && Object.keys(metadata).length > 0 ? ` ${JSON.stringify(metadata)}` : '';
	currentLog.getStore()?.push(`${level} ${message}${details}`);
}

const level =
	(name: string) =>
	(message: string, metadata?: LogMetadata): void =>
		writeLine(name, message, metadata);

const recordingLogger = {
	error: level('error'),
	warn: level('warn'),
	info: level('info'),
	debug: level('debug'),
	scoped: () => recordingLogger,
};

let ready: Promise<BinaryDataService> | undefined;
let folder: string | undefined;

/** Where n8n keeps its files in this process; undefined before the first run. */
export const storageFolder = () => folder;

function removeFolder() {
	if (folder) rmSync(folder, { recursive: true, force: true });
}
// A test file never sees the exit of jest's process; a script has no afterAll.
if (typeof afterAll === 'function') afterAll(removeFolder);
else process.once('exit', removeFolder);

/** n8n's services as an instance has them after start-up, with binary data as files in a temporary folder. */
export async function prepareEngine(): Promise<BinaryDataService> {
	ready ??= startServices();
	return await ready;
}

async function startServices(): Promise<BinaryDataService> {
	folder = mkdtempSync(join(tmpdir(), 'n8n-harness-'));
	process.env.N8N_USER_FOLDER = folder;
	process.env.N8N_DEFAULT_BINARY_DATA_MODE = 'filesystem';
	process.env.N8N_LOG_LEVEL = 'silent';

	Container.set(Logger, recordingLogger);
	// The engine reports every failed node to it; the lines would be taken for the node's own.
	Object.assign(Container.get(ErrorReporter), { report: () => undefined });

	const binaryData = Container.get(BinaryDataService);
	await binaryData.init();
	return binaryData;
}
