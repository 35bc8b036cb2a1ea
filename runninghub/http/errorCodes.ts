import type { ErrorKind } from '../base/errors';

/** What a code of RunningHub means to the person who reads it. */
export interface CodeMeaning {
	kind: ErrorKind;
	/** What happened, as the start of a sentence without its full stop. */
	message: string;
	/** The same where RunningHub's message gives no reason. */
	messageWithoutReason?: string;
	/** What to do about it. */
	remedy: string;
}

const CHECK_KEY =
	'Check the API key in the RunningHub credential, and that its Site is the one where the key was created: a key works on its own site only.';
const TOP_UP = 'Top up the account on the RunningHub site, then run again.';
const ENTERPRISE_KEY =
	'They need an enterprise-shared key: get one in RunningHub’s API console and enter it in the credential. The credential test accepts other keys too.';
export const TRY_LATER =
	'The problem is on RunningHub’s side and often temporary: try again in a few minutes.';
const WAIT_FOR_SLOT = 'Wait until a running task ends, or upgrade the account’s plan.';
const CHECK_INPUT =
	'Correct the field named in the message. If none is named, compare your values with what the model, workflow or app takes.';
const CHECK_NODES = 'Compare node IDs, field names and values with those of the workflow or app.';
const CHECK_TASK =
	'Check the task ID, and that the credential belongs to the account and site of the task.';

/** What these codes mean is not known (reference section 16). */
const REFUSED = 'RunningHub refused the request';
const READ_MESSAGE =
	'See RunningHub’s message for details, then adjust the prompt, media or fields.';

const meaning = (kind: ErrorKind, message: string, remedy: string): CodeMeaning => ({
	kind,
	message,
	remedy,
});

/**
 * Every code of reference sections 11.1 (v1, integers) and 11.2 (v2, strings), as strings: the two ranges do
 * not overlap, and v1 codes come back from v2 paths too (section 1.4). 804 and 813 are states, not errors.
 */
export const CODE_MEANINGS: Readonly<Record<string, CodeMeaning>> = {
	'1': meaning(
		'failed',
		'RunningHub could not process the request',
		'Check the IDs and values in the form, and the Site of the credential.',
	),
	'301': meaning('validation', 'A parameter is missing or invalid', CHECK_INPUT),
	'380': meaning(
		'notFound',
		'RunningHub does not know this workflow',
		'Check the workflow ID, and that the credential’s Site is the one where the workflow was created.',
	),
	'401': meaning('auth', 'RunningHub did not accept the API key', CHECK_KEY),
	'412': meaning(
		'site',
		'RunningHub did not accept an API key at this URL',
		'Check the Site and the Base URL in the credential, then the API key.',
	),
	'414': meaning('balance', 'The account has no RH coins left', TOP_UP),
	'415': meaning(
		'capacity',
		'All machines of the exclusive plan are busy',
		'Wait until one is free, or turn on the Use Personal Queue option.',
	),
	'416': meaning('balance', 'The wallet balance is too low for this task', TOP_UP),
	'421': meaning('capacity', 'The account has reached its concurrent task limit', WAIT_FOR_SLOT),
	'423': meaning('notFound', 'RunningHub does not know this task, or has removed it', CHECK_TASK),
	'433': meaning(
		'validation',
		'ComfyUI rejected the workflow as invalid',
		'Correct the node and input named in the message.',
	),
	'435': meaning(
		'membership',
		'The exclusive plan has no machine of this size',
		'Choose another size in the Machine Size option; 48 GB machines are "plus".',
	),
	'436': meaning(
		'membership',
		'The exclusive plan is missing or has expired',
		'Renew the plan, or use another key.',
	),
	'500': meaning('transient', 'RunningHub had an internal error', TRY_LATER),
	'801': meaning(
		'membership',
		'Free accounts cannot use the API',
		'Buy a membership or an enterprise top-up on the RunningHub site.',
	),
	'802': meaning('auth', 'RunningHub did not accept the API key', CHECK_KEY),
	'803': meaning(
		'validation',
		'A node or field does not exist in the workflow, or its value does not fit',
		CHECK_NODES,
	),
	'805': {
		...meaning(
			'failed',
			'The task failed',
			'If no reason is given, check the task in the call records on the RunningHub site. Change the input or the workflow, then run it again.',
		),
		messageWithoutReason: 'The task failed, and RunningHub gave no reason',
	},
	'806': meaning('auth', 'RunningHub has no account for this API key', CHECK_KEY),
	'807': meaning('notFound', 'RunningHub does not know this task', CHECK_TASK),
	'808': meaning(
		'transient',
		'RunningHub could not store the uploaded file',
		'It takes JPG, PNG, WEBP, MP4, AVI, MOV, MKV, MP3, WAV, FLAC and ZIP files. If this is one of them, try again in a few minutes.',
	),
	'809': meaning(
		'validation',
		'The file is too large for RunningHub',
		'Use a smaller file, or give a public URL where the field takes one.',
	),
	'810': meaning(
		'validation',
		'The workflow has not been saved and run yet',
		'Open the workflow on the RunningHub site, save it and run it there once.',
	),
	'811': meaning('auth', 'RunningHub did not accept the enterprise API key', CHECK_KEY),
	'812': meaning('balance', 'The enterprise balance is too low for this task', TOP_UP),
	'814': meaning(
		'capacity',
		'The personal queue is full (1,000 tasks)',
		'Wait until some of its tasks have ended.',
	),
	'901': meaning(
		'notFound',
		'RunningHub does not know this AI App',
		'Check the app’s ID, and that the credential’s Site is the one where the app was published.',
	),
	'1000': meaning('transient', 'RunningHub had an unknown error', TRY_LATER),
	'1001': meaning(
		'notFound',
		'RunningHub does not know this endpoint',
		'Check the model’s endpoint; it may have been renamed or retired.',
	),
	'1002': meaning('auth', 'RunningHub did not accept the API key', CHECK_KEY),
	'1003': meaning(
		'rateLimit',
		'RunningHub received too many requests from this account',
		'Wait a minute, then send fewer at once.',
	),
	'1004': meaning('notFound', 'RunningHub does not know this task, or it has expired', CHECK_TASK),
	'1005': meaning('transient', 'RunningHub had an internal error', TRY_LATER),
	'1006': meaning(
		'failed',
		'The task timed out on RunningHub',
		'Request a shorter or smaller result. Running it again is charged again.',
	),
	'1007': meaning('validation', 'RunningHub refused a parameter', CHECK_INPUT),
	'1008': meaning('validation', 'A file is too large for RunningHub', 'Use a smaller file.'),
	'1009': meaning(
		'protocol',
		'RunningHub does not allow this kind of call here',
		'Update this node package. If this persists, report it.',
	),
	'1010': meaning('transient', 'RunningHub is currently unavailable', TRY_LATER),
	'1011': meaning('rateLimit', 'RunningHub is currently too busy', TRY_LATER),
	'1012': meaning('transient', 'The model’s provider had an error', TRY_LATER),
	'1013': meaning(
		'failed',
		'RunningHub could not process a file',
		'Check that every file opens, is of an allowed type and can be reached from the internet.',
	),
	'1014': meaning(
		'membership',
		'This API key cannot use Vidu and the other models',
		ENTERPRISE_KEY,
	),
	'1015': meaning(
		'failed',
		'The generation failed',
		'Try again. If it fails again, change the input.',
	),
	'1101': meaning('validation', 'The node information does not fit the workflow', CHECK_NODES),
	'1501': meaning(
		'moderation',
		'The content did not pass RunningHub’s review',
		'Change the prompt or the media.',
	),
	'1504': meaning(
		'failed',
		'The model timed out',
		'Try again, or request a shorter or smaller result.',
	),
	'1505': meaning(
		'moderation',
		'This model does not allow photorealistic real people',
		'Use other images or another model.',
	),
	'1516': meaning('failed', REFUSED, READ_MESSAGE),
	'1517': meaning('failed', REFUSED, READ_MESSAGE),
	'1519': meaning('failed', REFUSED, READ_MESSAGE),
	'1520': meaning('capacity', 'The account has reached its concurrent task limit', WAIT_FOR_SLOT),
	'1601': meaning('auth', 'RunningHub did not accept the API key', CHECK_KEY),
	'40310': meaning(
		'site',
		'This model is no longer offered at www.runninghub.cn',
		'Use an account, API key and Site of www.runninghub.ai, or choose another model. A key used on the wrong site gets this error too.',
	),
};

/** What to do after a refusal whose code is unknown, by what its message is about. */
export function remedyForKind(kind: ErrorKind): string {
	switch (kind) {
		case 'auth':
			return CHECK_KEY;
		case 'balance':
			return TOP_UP;
		case 'membership':
			return 'Check what the API key and the account’s plan allow.';
		case 'moderation':
			return 'Change the prompt or the media.';
		default:
			return 'If this does not say what to change, check the call records on the RunningHub site.';
	}
}

/** Refusals after which the task cannot exist, so that the submit may be sent again (reference section 11.3). */
const REFUSED_FOR_NOW: ReadonlySet<string> = new Set(['421', '415', '814', '1003', '1011', '1520']);

/** @returns true only for codes after which no task can exist */
export function maySubmitAgain(code: string): boolean {
	return REFUSED_FOR_NOW.has(code);
}
