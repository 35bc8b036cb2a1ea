import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import {
	SIMULATOR_QUICK_CREATE_CODE,
	SIMULATOR_QUICK_CREATE_ID,
	type Simulator,
} from '../simulator';
import { V1_NAMES, V2_NAMES } from '../simulator/codes';
import {
	AT_ONCE,
	CONTINUE,
	errorOf,
	inLab,
	jsonOf,
	NEVER,
	PNG,
	shown,
	submitAndWait,
	task,
	type Lab,
	withWait,
} from './support';

/*
 * Every code of reference sections 11.1 and 11.2, and the sentences that a user reads when RunningHub answers with
 * it: what happened, then what to do.
 */

jest.setTimeout(60_000);

/** Shorter waits for a full account than anybody would choose. */
const PATIENCE = { timeout: 0.1 };
const FOR_EVER = { times: 'always' } as const;

const quickCreate = (more: INodeParameters = {}): INodeParameters =>
	withWait({
		resource: 'quickCreate',
		operation: 'submitAndWait',
		webappId: SIMULATOR_QUICK_CREATE_ID,
		quickCreateCode: SIMULATOR_QUICK_CREATE_CODE,
		nodeInputs: JSON.stringify([
			{
				nodeId: '52',
				nodeName: 'RH_Translator',
				fieldName: 'prompt',
				fieldType: 'STRING',
				fieldValue: 'a fox',
				description: '',
			},
		]),
		...PATIENCE,
		...more,
	});

const PICTURE: INodeExecutionData = {
	json: {},
	binary: { data: { data: PNG.split(',')[1] ?? '', mimeType: 'image/png', fileName: 'a.png' } },
};

/** An id of the form that RunningHub gives; the answers about it are made up. */
const TASK_ID = '1900000000000000201';

interface Refused {
	simulator: Simulator;
	code: string;
	/** RunningHub's own. */
	words: string;
}

/** Has RunningHub answer one of its calls with a code, and makes that call. */
type Call = (lab: Lab, refused: Refused) => ReturnType<Lab['run']>;

const e1 = ({ simulator, code, words }: Refused, path: string) =>
	simulator.addFault({ kind: 'e1', code: Number(code), msg: words, match: { path }, ...FOR_EVER });
const e3 = ({ simulator, code, words }: Refused, path: string) =>
	simulator.addFault({
		kind: 'e3',
		errorCode: code,
		errorMessage: words,
		match: { path },
		...FOR_EVER,
	});
/** v2 knows no tasks, so that v1 is asked. */
const unknownToV2 = (refused: Refused) =>
	e3({ ...refused, code: '1004', words: 'task not found' }, '/openapi/v2/query');

const calls = {
	/** A submit by a v1 call. */
	async start({ run }, refused) {
		e1(refused, '/task/openapi/quick-ai-app/run');
		return await run(quickCreate());
	},
	async upload({ run }, refused) {
		e1(refused, '/openapi/v2/media/upload/binary');
		return await run({ resource: 'file', operation: 'upload' }, { items: [PICTURE] });
	},
	async account({ run }, refused) {
		e1(refused, '/uc/openapi/accountStatus');
		return await run({ resource: 'account', operation: 'get' });
	},
	async webhookEvent({ run }, refused) {
		e1(refused, '/task/openapi/getWebhookDetail');
		return await run({ resource: 'task', operation: 'getWebhookEvent', taskId: TASK_ID });
	},
	/** A look at a task that only v1 knows. */
	async olderTask({ run }, refused) {
		unknownToV2(refused);
		e1(refused, '/task/openapi/outputs');
		return await run(task('waitForResult', { taskId: TASK_ID, ...PATIENCE }));
	},
	/** A submit by a v2 call. */
	async model({ run }, refused) {
		e3(refused, '/openapi/v2/vidu/');
		return await run(submitAndWait(PATIENCE));
	},
	async task({ run }, refused) {
		e3(refused, '/openapi/v2/query');
		return await run(task('get', { taskId: TASK_ID }));
	},
	/** A task that was paid for and failed. */
	async end({ run }, { simulator, code, words }) {
		simulator.nextLives({ end: { kind: 'failed', errorCode: code, errorMessage: words } });
		return await run(submitAndWait());
	},
} satisfies Record<string, Call>;

const KEY_REMEDY =
	'Check the API key in the RunningHub credential, and that its Site is the one where the key was created: a key works on its own site only.';
const TOP_UP = 'Top up the account on the RunningHub site, then run again.';
const TRY_LATER =
	'The problem is on RunningHub’s side and often temporary: try again in a few minutes.';
const TASK_REMEDY =
	'Check the task ID, and that the credential belongs to the account and site of the task.';
const INPUT_REMEDY =
	'Correct the field named in the message. If none is named, compare your values with what the model, workflow or app takes.';
const NODES_REMEDY = 'Compare node IDs, field names and values with those of the workflow or app.';
const WORDS_REMEDY =
	'See RunningHub’s message for details, then adjust the prompt, media or fields.';
const FULL = 'No task was accepted for 6 seconds.';
const SLOT_REMEDY = 'Wait until a running task ends, or upgrade the account’s plan.';
const NOT_SENT_AGAIN =
	'It was not sent again, because you could be charged twice. Check the call records in the API console of the RunningHub site: if the task is there, get it with Task > Wait for Result; if not, run this item (not the whole list) again in a new execution. What happened:';
const OUTCOME_UNKNOWN =
	'RunningHub may or may not have started the task: no usable response was received.';

interface Row {
	call: keyof typeof calls;
	message: string;
	/** Where RunningHub's own words are not in the message, they follow it by themselves. */
	remedy: string;
	/** Words that tell more than the name of the code does. */
	words?: string;
}

/** 0, 804 and 813 are states: see below. */
const V1_ROWS: Record<string, Row> = {
	1: {
		call: 'start',
		message: 'RunningHub could not process the request: operation failed',
		remedy: 'Check the IDs and values in the form, and the Site of the credential.',
	},
	301: {
		call: 'start',
		message: 'A parameter is missing or invalid: nodeInfoList is required',
		remedy: INPUT_REMEDY,
		words: 'nodeInfoList is required',
	},
	380: {
		call: 'start',
		message: 'RunningHub does not know this workflow.',
		remedy:
			'Check the workflow ID, and that the credential’s Site is the one where the workflow was created.',
	},
	401: {
		call: 'upload',
		message: 'The file a.png could not be uploaded: RunningHub did not accept the API key.',
		remedy: KEY_REMEDY,
	},
	412: {
		call: 'account',
		message: 'RunningHub did not accept an API key at this URL.',
		remedy: 'Check the Site and the Base URL in the credential, then the API key.',
	},
	414: { call: 'start', message: 'The account has no RH coins left.', remedy: TOP_UP },
	415: {
		call: 'start',
		message: 'All machines of the exclusive plan are busy.',
		remedy: `${FULL} Wait until one is free, or turn on the Use Personal Queue option.`,
	},
	416: { call: 'start', message: 'The wallet balance is too low for this task.', remedy: TOP_UP },
	421: {
		call: 'start',
		message: 'The account has reached its concurrent task limit.',
		remedy: `${FULL} ${SLOT_REMEDY}`,
	},
	423: {
		call: 'webhookEvent',
		message: `RunningHub does not know this task, or has removed it (task ${TASK_ID}).`,
		remedy: TASK_REMEDY,
	},
	433: {
		call: 'start',
		message: 'ComfyUI rejected the workflow as invalid.',
		remedy: 'Correct the node and input named in the message.',
	},
	435: {
		call: 'start',
		message: 'The exclusive plan has no machine of this size.',
		remedy: 'Choose another size in the Machine Size option; 48 GB machines are "plus".',
	},
	436: {
		call: 'start',
		message: 'The exclusive plan is missing or has expired.',
		remedy: 'Renew the plan, or use another key.',
	},
	500: { call: 'account', message: 'RunningHub had an internal error.', remedy: TRY_LATER },
	801: {
		call: 'account',
		message: 'Free accounts cannot use the API.',
		remedy: 'Buy a membership or an enterprise top-up on the RunningHub site.',
	},
	802: { call: 'account', message: 'RunningHub did not accept the API key.', remedy: KEY_REMEDY },
	803: {
		call: 'start',
		message: 'A node or field does not exist in the workflow, or its value does not fit.',
		remedy: NODES_REMEDY,
	},
	805: {
		call: 'olderTask',
		message: `The task failed, and RunningHub gave no reason (task ${TASK_ID}).`,
		remedy:
			'If no reason is given, check the task in the call records on the RunningHub site. Change the input or the workflow, then run it again.',
	},
	806: {
		call: 'account',
		message: 'RunningHub has no account for this API key.',
		remedy: KEY_REMEDY,
	},
	807: {
		call: 'webhookEvent',
		message: `RunningHub does not know this task (task ${TASK_ID}).`,
		remedy: TASK_REMEDY,
	},
	808: {
		call: 'upload',
		message: 'The file a.png could not be uploaded: RunningHub could not store the uploaded file.',
		remedy:
			'It takes JPG, PNG, WEBP, MP4, AVI, MOV, MKV, MP3, WAV, FLAC and ZIP files. If this is one of them, try again in a few minutes.',
	},
	809: {
		call: 'upload',
		message: 'The file a.png could not be uploaded: The file is too large for RunningHub.',
		remedy: 'Use a smaller file, or give a public URL where the field takes one.',
	},
	810: {
		call: 'start',
		message: 'The workflow has not been saved and run yet.',
		remedy: 'Open the workflow on the RunningHub site, save it and run it there once.',
	},
	811: {
		call: 'account',
		message: 'RunningHub did not accept the enterprise API key.',
		remedy: KEY_REMEDY,
	},
	812: {
		call: 'start',
		message: 'The enterprise balance is too low for this task.',
		remedy: TOP_UP,
	},
	814: {
		call: 'start',
		message: 'The personal queue is full (1,000 tasks).',
		remedy: `${FULL} Wait until some of its tasks have ended.`,
	},
	901: {
		call: 'start',
		message: 'RunningHub does not know this AI App.',
		remedy:
			'Check the app’s ID, and that the credential’s Site is the one where the app was published.',
	},
};

const V2_ROWS: Record<string, Row> = {
	1000: {
		call: 'model',
		message: OUTCOME_UNKNOWN,
		remedy: `${NOT_SENT_AGAIN} RunningHub had an unknown error.`,
	},
	1001: {
		call: 'model',
		message: 'RunningHub does not know this endpoint.',
		remedy: 'Check the model’s endpoint; it may have been renamed or retired.',
	},
	1002: { call: 'model', message: 'RunningHub did not accept the API key.', remedy: KEY_REMEDY },
	1003: {
		call: 'model',
		message: 'RunningHub received too many requests from this account.',
		remedy: `${FULL} Wait a minute, then send fewer at once.`,
	},
	1004: {
		call: 'task',
		message: `RunningHub does not know this task, or it has expired (task ${TASK_ID}).`,
		remedy: TASK_REMEDY,
	},
	1005: {
		call: 'model',
		message: OUTCOME_UNKNOWN,
		remedy: `${NOT_SENT_AGAIN} RunningHub had an internal error.`,
	},
	1006: {
		call: 'end',
		message: 'The task timed out on RunningHub: execution timed out',
		remedy: 'Request a shorter or smaller result. Running it again is charged again.',
	},
	1007: {
		call: 'model',
		message: 'RunningHub refused a parameter: duration must be one of 1 to 10',
		remedy: INPUT_REMEDY,
		words: 'duration must be one of 1 to 10',
	},
	1008: {
		call: 'model',
		message: 'A file is too large for RunningHub: file too large',
		remedy: 'Use a smaller file.',
	},
	1009: {
		call: 'model',
		message: 'RunningHub does not allow this kind of call here.',
		remedy: 'Update this node package. If this persists, report it.',
	},
	1010: {
		call: 'model',
		message: OUTCOME_UNKNOWN,
		remedy: `${NOT_SENT_AGAIN} RunningHub is currently unavailable.`,
	},
	1011: {
		call: 'model',
		message: 'RunningHub is currently too busy.',
		remedy: `${FULL} ${TRY_LATER}`,
	},
	1012: {
		call: 'model',
		message: OUTCOME_UNKNOWN,
		remedy: `${NOT_SENT_AGAIN} The model’s provider had an error.`,
	},
	1013: {
		call: 'end',
		message: 'RunningHub could not process a file: file processing failed',
		remedy:
			'Check that every file opens, is of an allowed type and can be reached from the internet.',
	},
	1014: {
		call: 'model',
		message: 'This API key cannot use Vidu and the other models.',
		remedy:
			'They need an enterprise-shared key: get one in RunningHub’s API console and enter it in the credential. The credential test accepts other keys too.',
	},
	1015: {
		call: 'end',
		message: 'The generation failed: generation failed',
		remedy: 'Try again. If it fails again, change the input.',
	},
	1101: {
		call: 'model',
		message: 'The node information does not fit the workflow: node info error',
		remedy: NODES_REMEDY,
	},
	1501: {
		call: 'end',
		message: 'The content did not pass RunningHub’s review: content did not pass review',
		remedy: 'Change the prompt or the media.',
	},
	1504: {
		call: 'end',
		message: 'The model timed out: the model timed out',
		remedy: 'Try again, or request a shorter or smaller result.',
	},
	1505: {
		call: 'end',
		message:
			'This model does not allow photorealistic real people: photorealistic real people are not allowed',
		remedy: 'Use other images or another model.',
	},
	1516: {
		call: 'end',
		message: 'RunningHub refused the request: refused by the model (1516)',
		remedy: WORDS_REMEDY,
	},
	1517: {
		call: 'end',
		message: 'RunningHub refused the request: refused by the model (1517)',
		remedy: WORDS_REMEDY,
	},
	1519: {
		call: 'end',
		message: 'RunningHub refused the request: refused by the model (1519)',
		remedy: WORDS_REMEDY,
	},
	1520: {
		call: 'model',
		message: 'The account has reached its concurrent task limit.',
		remedy: `${FULL} ${SLOT_REMEDY}`,
	},
	1601: { call: 'model', message: 'RunningHub did not accept the API key.', remedy: KEY_REMEDY },
	40310: {
		call: 'model',
		message: 'This model is no longer offered at www.runninghub.cn.',
		remedy:
			'Use an account, API key and Site of www.runninghub.ai, or choose another model. A key used on the wrong site gets this error too.',
	},
};

const STATES = ['0', '804', '813'];

it('the tables hold every code, and no other', () => {
	expect(Object.keys(V1_ROWS)).toEqual(
		Object.keys(V1_NAMES).filter((code) => !STATES.includes(code)),
	);
	expect(Object.keys(V2_ROWS)).toEqual(Object.keys(V2_NAMES));
});

const reads =
	(rows: Record<string, Row>, names: Record<string, string>) => async (code: string) => {
		const row = rows[code];
		if (row === undefined) throw new Error(`no row for ${code}`);
		const words = row.words ?? names[code] ?? '';
		await inLab(async (lab) => {
			const { simulator } = lab;
			const result = await calls[row.call](lab, { simulator, code, words });
			const taskId = simulator.tasks[0]?.taskId;
			const message = taskId === undefined ? row.message : `${row.message} (task ${taskId}).`;
			const quoted = row.message.includes(words)
				? `Code ${code}.`
				: `RunningHub’s message: “${words}” (code ${code}).`;
			expect(shown(result)).toBe(`${message} | ${row.remedy} ${quoted}`);
		});
	};

describe('a code of v1, as a number', () => {
	test.concurrent.each(Object.keys(V1_ROWS))('%s', reads(V1_ROWS, V1_NAMES));
});

describe('a code of v2, as text', () => {
	test.concurrent.each(Object.keys(V2_ROWS))('%s', reads(V2_ROWS, V2_NAMES));
});

describe('a code that is no error', () => {
	test.concurrent.each([
		['804', 'APIKEY_TASK_IS_RUNNING', 'RUNNING'],
		['813', 'APIKEY_TASK_IS_QUEUED', 'QUEUED'],
	])('%s is the state of a task', async (code, words, status) => {
		await inLab(async ({ simulator, run }) => {
			const refused = { simulator, code, words };
			unknownToV2(refused);
			e1(refused, '/task/openapi/outputs');
			const result = await run(task('get', { taskId: TASK_ID }));
			expect(shown(result)).toBe('');
			expect(jsonOf(result)).toMatchObject({ taskId: TASK_ID, status, error: null });
		});
	});

	test.concurrent('0 is a success, whatever the words beside it', async () => {
		await inLab(async ({ simulator, run }) => {
			simulator.switches.successMessage = '';
			const result = await run(quickCreate());
			expect(shown(result)).toBe('');
			expect(jsonOf(result)).toMatchObject({ status: 'SUCCESS', error: null });
		});
	});
});

describe('a code that nobody knows', () => {
	test.concurrent('of v1 keeps RunningHub’s words', async () => {
		await inLab(async (lab) => {
			const refused = { simulator: lab.simulator, code: '7777', words: 'the moon is full' };
			expect(shown(await calls.start(lab, refused))).toBe(
				'RunningHub: the moon is full | If this does not say what to change, check the call records on the RunningHub site. RunningHub’s code is 7777.',
			);
		});
	});

	test.concurrent('of v2 keeps RunningHub’s words, and what they are about counts', async () => {
		await inLab(async (lab) => {
			const refused = { simulator: lab.simulator, code: '1999', words: 'Insufficient balance' };
			expect(shown(await calls.model(lab, refused))).toBe(
				`RunningHub: Insufficient balance | ${TOP_UP} RunningHub’s code is 1999.`,
			);
		});
	});

	test.concurrent('without words is told as a number', async () => {
		await inLab(async (lab) => {
			const refused = { simulator: lab.simulator, code: '7777', words: '' };
			expect(shown(await calls.start(lab, refused))).toMatch(
				/^RunningHub answered with code 7777\. \| /,
			);
		});
	});
});

describe('with Continue On Fail', () => {
	test.concurrent('the item has the same sentence, the code as text, and its kind', async () => {
		await inLab(async ({ simulator, run }) => {
			e1({ simulator, code: '416', words: 'NOT_ENOUGH' }, '/task/openapi/quick-ai-app/run');
			const kept = await run(quickCreate(), CONTINUE);
			expect(errorOf(jsonOf(kept))).toEqual({
				code: '416',
				kind: 'balance',
				message: 'The wallet balance is too low for this task.',
			});
		});
	});
});

describe('what is in RunningHub’s words and must not be seen', () => {
	const SECRET = [
		'Traceback (most recent call last):',
		'  File "/workspace/ComfyUI/execution.py", line 1, in f',
		'ValueError: too dark',
		'see wss://progress.example/ws?token=private and https://files.example/a.png?sig=private',
		'for key 0123456789abcdef0123456789abcdef',
	].join('\n');
	const HIDDEN = /0123456789abcdef|private|workspace|Traceback|wss:/;

	test.concurrent.each<[string, keyof typeof calls]>([
		['7777', 'start'],
		['301', 'start'],
		['416', 'start'],
		['808', 'upload'],
		['802', 'account'],
		['805', 'olderTask'],
		['1007', 'model'],
		['1000', 'model'],
		['1004', 'task'],
		['1501', 'end'],
	])('%s of %s', async (code, call) => {
		await inLab(
			async (lab) => {
				const result = await calls[call](lab, { simulator: lab.simulator, code, words: SECRET });
				expect(shown(result)).not.toBe('');
				expect(shown(result)).not.toMatch(HIDDEN);
				expect(JSON.stringify(result.items)).not.toMatch(HIDDEN);
			},
			{ defaultLife: AT_ONCE },
		);
	});
});

describe('a submit whose outcome nobody knows', () => {
	test.concurrent.each([
		['1005', 'model'],
		['500', 'start'],
	] as const)('is never advised to be tried again: %s of %s', async (code, call) => {
		await inLab(
			async (lab) => {
				const result = await calls[call](lab, { simulator: lab.simulator, code, words: 'x' });
				expect(shown(result)).toMatch(/^RunningHub may or may not have started the task/);
				expect(shown(result)).not.toMatch(/try again/i);
				expect(lab.simulator.submits()).toHaveLength(1);
			},
			{ defaultLife: NEVER },
		);
	});
});
