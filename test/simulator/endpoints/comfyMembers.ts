import type { Account } from '../accounts';
import { isJsonObject } from '../json';
import { refuse, type Refusal } from '../refusals';
import type { Switches } from '../switches';
import { isHttpUrl } from '../validation';

/** The members of the requests that start a ComfyUI task (reference 3.3, 4.1, 4.5, 5.1, 5.3). */

type Check = (value: unknown, switches: Switches) => string | undefined;

const be =
	(what: string, fits: (value: unknown) => boolean): Check =>
	(value) =>
		fits(value) ? undefined : `must be ${what}`;

const isText = (value: unknown): boolean => typeof value === 'string' && value.trim() !== '';

/** A number has lost its last digits on the way (quirks 1, 2). */
const isId = (value: unknown): boolean => typeof value === 'string' && /^[1-9]\d*$/.test(value);

/** The form of every member that one of the calls knows. */
const MEMBERS = {
	workflowId: be('a string of digits', isId),
	webappId: be('a string of digits', isId),
	quickCreateCode: be('a string of three digits', (value) => /^\d{3}$/.test(String(value))),
	nodeInfoList: be('an array', Array.isArray),
	workflow: be('a stringified JSON object', isStringifiedObject),
	addMetadata: be('a boolean', (value) => typeof value === 'boolean'),
	webhookUrl: be('an http or https URL', isHttpUrl),
	instanceType: (value, { instanceTypes }) =>
		instanceTypes.some((type) => type === value)
			? undefined
			: `must be one of ${instanceTypes.join(', ')}`,
	usePersonalQueue: be('a boolean', (value) =>
		[true, false, 'true', 'false'].some((allowed) => allowed === value),
	),
	retainSeconds: be(
		'an integer between 10 and 180',
		(value) => Number.isInteger(value) && Number(value) >= 10 && Number(value) <= 180,
	),
	accessPassword: be('a string', isText),
} satisfies Record<string, Check>;

export type FieldName = keyof typeof MEMBERS;

/** The options that every start knows. */
export const COMMON_FIELDS = [
	'nodeInfoList',
	'webhookUrl',
	'instanceType',
	'usePersonalQueue',
	'retainSeconds',
	'accessPassword',
] as const satisfies readonly FieldName[];

interface Members {
	account: Account;
	body: Record<string, unknown>;
	/** The members that the call knows, and those that it cannot do without. */
	known: readonly FieldName[];
	required: readonly FieldName[];
}

/** 301, if a member is missing, misspelt or malformed. */
export function refuseMembers(switches: Switches, members: Members): Refusal | undefined {
	const problem = findProblem(switches, members);
	return problem === undefined ? undefined : refuse(301, problem);
}

function findProblem(
	switches: Switches,
	{ account, body, known, required }: Members,
): string | undefined {
	const missing = required.find((name) => body[name] === undefined);
	if (missing !== undefined) return `${missing} is required`;
	for (const [name, value] of Object.entries(body)) {
		const member = known.find((candidate) => candidate === name);
		if (member === undefined) return `${name} is not a parameter`;
		const check: Check = MEMBERS[member];
		const problem = check(value, switches);
		if (problem !== undefined) return `${name} ${problem}`;
	}
	return body.retainSeconds !== undefined && account.type !== 'SHARED'
		? 'retainSeconds needs an enterprise-shared key'
		: undefined;
}

function isStringifiedObject(value: unknown): boolean {
	if (typeof value !== 'string') return false;
	try {
		return isJsonObject(JSON.parse(value));
	} catch {
		return false;
	}
}
