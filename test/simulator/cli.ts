import { parseArgs } from 'node:util';
import {
	SIMULATOR_APP_ENCRYPTED_ID,
	SIMULATOR_APP_EVERY_FIELD_ID,
	SIMULATOR_APP_ID,
	SIMULATOR_APP_NEVER_RUN_ID,
	SIMULATOR_KEY,
	SIMULATOR_KEY_CONSUMER,
	SIMULATOR_KEY_EXCLUSIVE,
	SIMULATOR_KEY_FREE,
	SIMULATOR_KEY_NO_BALANCE,
	SIMULATOR_PASSWORD,
	SIMULATOR_QUICK_CREATE_CODE,
	SIMULATOR_QUICK_CREATE_ID,
	SIMULATOR_STYLE_TYPE,
	SIMULATOR_WORKFLOW_EVERY_VALUE_ID,
	SIMULATOR_WORKFLOW_ID,
	SIMULATOR_WORKFLOW_NEVER_RUN_ID,
	SIMULATOR_WORKFLOW_PRIVATE_ID,
	SIMULATOR_WORKFLOW_PROTECTED_ID,
	startSimulator,
	type Delivery,
	type TaskEvent,
} from './index';

const NEWER_MODELS = 'http://127.0.0.1:4011/registry/newer';

/** `npm run simulator`: a RunningHub of one's own, to try workflows on without a key. */

const HELP = `RunningHub simulator

A stand-in for RunningHub on your own computer. It answers like the real service, needs no account and
costs nothing, so you can build and try a workflow before you pay for a generation. What comes back is a
small sample video, image or sound, whatever you ask for.

Start it:        npm run simulator
Stop it:         Ctrl+C

In n8n, make a credential "RunningHub API" with
  Site           Custom Address
  Base URL       http://127.0.0.1:4010   (the address that is printed at the start)
  API Key        ${SIMULATOR_KEY}

Other keys, to see how problems look:
  ${SIMULATOR_KEY_CONSUMER}   a consumer account (no video models)
  ${SIMULATOR_KEY_EXCLUSIVE}   an account with two 24 GB machines of its own (no video models)
  ${SIMULATOR_KEY_NO_BALANCE}   an account without money
  ${SIMULATOR_KEY_FREE}   an unpaid account

Sample ids to try:
  ComfyUI workflows
    ${SIMULATOR_WORKFLOW_ID}   text to image, with a reference picture and a LoRA
    ${SIMULATOR_WORKFLOW_EVERY_VALUE_ID}   every kind of field; makes a video
    ${SIMULATOR_WORKFLOW_PROTECTED_ID}   asks for the password ${SIMULATOR_PASSWORD}
    ${SIMULATOR_WORKFLOW_NEVER_RUN_ID}   was never run on the web page: refused
    ${SIMULATOR_WORKFLOW_PRIVATE_ID}   belongs to somebody else: refused
  AI Apps
    ${SIMULATOR_APP_ID}   a poster from a picture and a text
    ${SIMULATOR_APP_EVERY_FIELD_ID}   every kind of field; makes a video
    ${SIMULATOR_APP_ENCRYPTED_ID}   asks for the password ${SIMULATOR_PASSWORD}
    ${SIMULATOR_APP_NEVER_RUN_ID}   was never run on the web page: has no fields
  Quick Create
    ${SIMULATOR_QUICK_CREATE_ID}   with the code ${SIMULATOR_QUICK_CREATE_CODE}; style type ${SIMULATOR_STYLE_TYPE}
  These fields take a file that was uploaded before, by its fileName, and every value as a text.

Put one of these words into the prompt to choose how the task goes:
  [fail]         an error inside the generation
  [moderation]   the content check refuses it
  [slow]         takes ten times as long
  [never]        never ends
  [text]         the result is text
  [textfile]     the result is text in a file
  [mesh]         the result is a 3D model
  [many]         several result files
  [empty]        succeeds, but without a result
  [cancel]       is cancelled
  [unknown]      reports a status that nobody has heard of
  [immediate]    is done at once
  [refuse 421]   is not accepted at all, with this error code (any of RunningHub's codes)

Newer models: with ${NEWER_MODELS} as the credential's Model List URL (the port
is that of the files), the list also has two models that are newer than the package.

Callbacks: a task with a callback URL is told there when it ends, as RunningHub does it. The simulator runs
on your own computer, so unlike RunningHub it also reaches local addresses (http://localhost:5678/...): no
tunnel is needed. A callback that gets no 2xx answer is sent again up to three times, a minute apart.

Options:
  --task-seconds <n>     how long a task takes (8)
  --port <n>             port of the API (4010)
  --files-port <n>       port that results are downloaded from (4011)
  --host <address>       where to listen (127.0.0.1). If n8n runs in Docker: 0.0.0.0
  --public-host <name>   the name by which n8n reaches this computer (as --host).
                         If n8n runs in Docker: host.docker.internal
  --help                 this text
`;

/** Something that the user can put right: told in one sentence. */
class UserError extends Error {}

async function main(): Promise<void> {
	const options = readOptions();
	if (options === 'help') return print(HELP);
	const { port, filesPort, host, publicHost, taskSeconds } = options;
	const taskMs = taskSeconds * 1000;
	const simulator = await startSimulator({
		port,
		filesPort,
		host,
		publicHost,
		defaultTaskScript: { queuedMs: taskMs / 4, runningMs: taskMs * 0.75, end: { kind: 'success' } },
		onTask: (event) => print(lineFor(event)),
		onDelivery: (delivery) => print(lineForCallback(delivery)),
	}).catch((error: unknown) => {
		throw new UserError(startProblem(error, port, filesPort, host));
	});
	process.once('SIGINT', () => {
		void simulator.stop();
	});
	print(`The RunningHub simulator is running. In n8n's credential "RunningHub API" choose

  Site       Custom Address
  Base URL   ${simulator.baseUrl}
  API Key    ${SIMULATOR_KEY}

A task takes ${taskSeconds} seconds. Words for the prompt and more: npm run simulator -- --help. Stop with Ctrl+C.
`);
}

function readOptions() {
	const { values } = parsedArguments();
	if (values.help === true) return 'help' as const;
	const host = values.host ?? '127.0.0.1';
	const taskSeconds = Number(values['task-seconds'] ?? 8);
	if (!Number.isFinite(taskSeconds) || taskSeconds < 0) {
		throw new UserError('--task-seconds must be a number, for example 8.');
	}
	return {
		port: portOf('--port', values.port ?? '4010'),
		filesPort: portOf('--files-port', values['files-port'] ?? '4011'),
		host,
		publicHost: values['public-host'] ?? (host === '0.0.0.0' ? '127.0.0.1' : host),
		taskSeconds,
	};
}

function parsedArguments() {
	try {
		return parseArgs({
			options: {
				port: { type: 'string' },
				'files-port': { type: 'string' },
				host: { type: 'string' },
				'public-host': { type: 'string' },
				'task-seconds': { type: 'string' },
				help: { type: 'boolean', short: 'h' },
			},
		});
	} catch (error) {
		const [reason] = (error instanceof Error ? error.message : '').split('. ');
		throw new UserError(`${reason ?? 'Unknown option'}. Run with --help to see the options.`);
	}
}

function portOf(option: string, text: string): number {
	const port = Number(text);
	if (text !== '' && Number.isInteger(port) && port >= 0 && port <= 65535) return port;
	throw new UserError(`${option} must be a number between 0 and 65535.`);
}

function startProblem(error: unknown, port: number, filesPort: number, host: string): string {
	const code = error instanceof Error && 'code' in error ? error.code : undefined;
	const taken = error instanceof Error && 'port' in error ? error.port : undefined;
	if (code === 'EADDRINUSE') {
		const option = taken === filesPort && taken !== port ? '--files-port' : '--port';
		return `Port ${String(taken)} is already in use: stop the other program, or choose another port with ${option}.`;
	}
	if (code === 'EACCES') return `Port ${String(taken)} may not be used: choose one above 1024.`;
	return `The simulator cannot listen on ${host}: ${error instanceof Error ? error.message : String(error)}.`;
}

function lineFor({ what, task }: TaskEvent): string {
	const cost = task.cost > 0 ? `, ${task.cost} ${task.currency}` : '';
	const count = task.results.length;
	const made = count === 0 ? '' : count === 1 ? ' (1 result)' : ` (${count} results)`;
	const text = {
		created: `accepted: ${task.endpoint}${cost}`,
		running: 'running',
		ended: `ended: ${task.status}${made}`,
	}[what];
	return `${timeNow()}  task ${task.taskId}  ${text}`;
}

/** The query of a callback's address can hold a secret. */
function lineForCallback({ taskId, url, attempt, status, error }: Delivery): string {
	const address = URL.canParse(url) ? new URL(url) : undefined;
	const target = address === undefined ? url : `${address.origin}${address.pathname}`;
	const which = attempt === 1 ? 'callback' : `callback (attempt ${attempt})`;
	const outcome = error === undefined ? `answered ${status}` : `failed: ${error}`;
	return `${timeNow()}  task ${taskId}  ${which} to ${target}: ${outcome}`;
}

const timeNow = (): string => new Date().toTimeString().slice(0, 8);

const print = (text: string): void => void process.stdout.write(`${text}\n`);

main().catch((error: unknown) => {
	const text =
		error instanceof UserError
			? error.message
			: `The simulator stopped: ${error instanceof Error ? error.message : String(error)}`;
	process.stderr.write(`${text}\n`);
	process.exitCode = 1;
});
