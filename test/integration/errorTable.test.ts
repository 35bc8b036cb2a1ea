import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import {
	SIMULATOR_QUICK_CREATE_CODE,
	SIMULATOR_QUICK_CREATE_ID,
	type Simulator,
} from '../simulator';
import { V1_NAMES, V2_NAMES } from '../simulator/codes';
import { afterUnknownOutcome, meaningOf, UNKNOWN_OUTCOME } from '../support/sentences';
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
		simulator.nextTaskScripts({ end: { kind: 'failed', errorCode: code, errorMessage: words } });
		return await run(submitAndWait());
	},
} satisfies Record<string, Call>;

const remedyOf = (code: string) => meaningOf(code).remedy;

/** Advice that several codes share. */
const KEY_REMEDY = remedyOf('802');
const TOP_UP = remedyOf('414');
const TRY_LATER = remedyOf('500');
const TASK_REMEDY = remedyOf('807');
const INPUT_REMEDY = remedyOf('301');
const NODES_REMEDY = remedyOf('803');
const WORDS_REMEDY = remedyOf('1516');
const SLOT_REMEDY = remedyOf('421');
const FULL = 'No task was accepted for 6 seconds.';

interface Row {
	call: keyof typeof calls;
	/** Around the sentence of the code. */
	before?: string;
	after?: string;
	/** Instead of it. */
	message?: string;
	/** If not that of the code alone. RunningHub's own words follow it by themselves where they are not in the message. */
	remedy?: string;
	/** Words that tell more than the name of the code does. */
	words?: string;
}

/** 0, 804 and 813 are states: see below. */
const V1_ROWS: Record<string, Row> = {
	1: { call: 'start', after: ': operation failed' },
	301: {
		call: 'start',
		after: ': nodeInfoList is required',
		remedy: INPUT_REMEDY,
		words: 'nodeInfoList is required',
	},
	380: { call: 'start' },
	401: { call: 'upload', before: 'The file a.png could not be uploaded: ', remedy: KEY_REMEDY },
	412: { call: 'account' },
	414: { call: 'start', remedy: TOP_UP },
	415: { call: 'start', remedy: `${FULL} ${remedyOf('415')}` },
	416: { call: 'start', remedy: TOP_UP },
	421: { call: 'start', remedy: `${FULL} ${SLOT_REMEDY}` },
	423: { call: 'webhookEvent', after: ` (task ${TASK_ID}).`, remedy: TASK_REMEDY },
	433: { call: 'start' },
	435: { call: 'start' },
	436: { call: 'start' },
	500: { call: 'account', remedy: TRY_LATER },
	801: { call: 'account' },
	802: { call: 'account', remedy: KEY_REMEDY },
	803: { call: 'start', remedy: NODES_REMEDY },
	805: { call: 'olderTask', after: ` (task ${TASK_ID}).` },
	806: { call: 'account', remedy: KEY_REMEDY },
	807: { call: 'webhookEvent', after: ` (task ${TASK_ID}).`, remedy: TASK_REMEDY },
	808: { call: 'upload', before: 'The file a.png could not be uploaded: ' },
	809: { call: 'upload', before: 'The file a.png could not be uploaded: ' },
	810: { call: 'start' },
	811: { call: 'account', remedy: KEY_REMEDY },
	812: { call: 'start', remedy: TOP_UP },
	814: { call: 'start', remedy: `${FULL} ${remedyOf('814')}` },
	901: { call: 'start' },
};

const V2_ROWS: Record<string, Row> = {
	1000: {
		call: 'model',
		message: UNKNOWN_OUTCOME,
		remedy: afterUnknownOutcome(`${meaningOf('1000').message}.`),
	},
	1001: { call: 'model' },
	1002: { call: 'model', remedy: KEY_REMEDY },
	1003: { call: 'model', remedy: `${FULL} ${remedyOf('1003')}` },
	1004: { call: 'task', after: ` (task ${TASK_ID}).`, remedy: TASK_REMEDY },
	1005: {
		call: 'model',
		message: UNKNOWN_OUTCOME,
		remedy: afterUnknownOutcome(`${meaningOf('1005').message}.`),
	},
	1006: { call: 'end', after: ': execution timed out' },
	1007: {
		call: 'model',
		after: ': duration must be one of 1 to 10',
		remedy: INPUT_REMEDY,
		words: 'duration must be one of 1 to 10',
	},
	1008: { call: 'model', after: ': file too large' },
	1009: { call: 'model' },
	1010: {
		call: 'model',
		message: UNKNOWN_OUTCOME,
		remedy: afterUnknownOutcome(`${meaningOf('1010').message}.`),
	},
	1011: { call: 'model', remedy: `${FULL} ${TRY_LATER}` },
	1012: {
		call: 'model',
		message: UNKNOWN_OUTCOME,
		remedy: afterUnknownOutcome(`${meaningOf('1012').message}.`),
	},
	1013: { call: 'end', after: ': file processing failed' },
	1014: { call: 'model' },
	1015: { call: 'end', after: ': generation failed' },
	1101: { call: 'model', after: ': node info error', remedy: NODES_REMEDY },
	1501: { call: 'end', after: ': content did not pass review' },
	1504: { call: 'end', after: ': the model timed out' },
	1505: { call: 'end', after: ': photorealistic real people are not allowed' },
	1516: { call: 'end', after: ': refused by the model (1516)', remedy: WORDS_REMEDY },
	1517: { call: 'end', after: ': refused by the model (1517)', remedy: WORDS_REMEDY },
	1519: { call: 'end', after: ': refused by the model (1519)', remedy: WORDS_REMEDY },
	1520: { call: 'model', remedy: `${FULL} ${SLOT_REMEDY}` },
	1601: { call: 'model', remedy: KEY_REMEDY },
	40310: { call: 'model' },
};

const STATES = ['0', '804', '813'];

it('what to do differs from case to case', () => {
	const shared = [
		KEY_REMEDY,
		TOP_UP,
		TRY_LATER,
		TASK_REMEDY,
		INPUT_REMEDY,
		NODES_REMEDY,
		WORDS_REMEDY,
		SLOT_REMEDY,
	];
	const own = Object.entries({ ...V1_ROWS, ...V2_ROWS }).flatMap(([code, { remedy }]) =>
		remedy === undefined ? [remedyOf(code)] : [],
	);
	const all = [...shared, ...own];
	expect(all).toEqual([...new Set(all)]);
});

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
			const { message, messageWithoutReason = message, remedy } = meaningOf(code);
			const { before = '', after = '.' } = row;
			const says = row.message ?? `${before}${messageWithoutReason}${after}`;
			const shownMessage = taskId === undefined ? says : `${says} (task ${taskId}).`;
			const quoted = says.includes(words)
				? `Code ${code}.`
				: `RunningHub’s message: “${words}” (code ${code}).`;
			expect(shown(result)).toBe(`${shownMessage} | ${row.remedy ?? remedy} ${quoted}`);
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
				message: `${meaningOf('416').message}.`,
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
			{ defaultTaskScript: AT_ONCE },
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
			{ defaultTaskScript: NEVER },
		);
	});
});
