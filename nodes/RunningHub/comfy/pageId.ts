import { isId } from '../../../runninghub/base/id';
import { InvalidInput } from '../../../runninghub/base/invalidInput';
import { hasLostDigits } from '../../../runninghub/base/scalar';
import { quote } from '../../../runninghub/base/text';

/** Something on RunningHub that has a page of its own, with its id at the end of the address (reference section 2.1). */
export interface PageKind {
	/** The field's name, and what the page is of. */
	label: string;
	/** The part of the address before the id. */
	path: string;
	/** What to give, where the id is not at the end of the page's address. */
	wanted?: string;
	/** Pages that are taken for these, and where what they show belongs. */
	mistaken?: { path: string; why: string };
}

export const WORKFLOW_PAGE: PageKind = {
	label: 'Workflow',
	path: '/workflow/',
	mistaken: {
		path: '/ai-detail/',
		why: 'This is the address of an AI App: choose AI App as the Resource, and give it there',
	},
};
export const APP_PAGE: PageKind = {
	label: 'AI App',
	path: '/ai-detail/',
	mistaken: {
		path: '/workflow/',
		why: 'This is the address of a workflow: choose ComfyUI Workflow as the Resource, and give it there',
	},
};
export const QUICK_CREATE_PAGE: PageKind = {
	label: 'Webapp ID',
	path: '/ai-detail/',
	wanted: 'enter the long number that the module’s page shows after clicking its API button',
};

export const SAMPLE_ID = '1900000000000000201';

/**
 * The id in what a resource locator or an expression gave: the page's address, or the id itself.
 * @throws InvalidInput
 */
export function readPageId(input: unknown, { label, path, ...page }: PageKind): string {
	const value = valueOf(input);
	const wanted =
		page.wanted ??
		`enter the URL of its page on RunningHub (…${path}${SAMPLE_ID}) or the long number at its end`;
	if (value === undefined || value === null || value === '') {
		throw new InvalidInput([`${label} is empty; ${wanted}.`]);
	}
	if (hasLostDigits(value)) {
		throw new InvalidInput([
			`${label} was given as a number and lost its last digits (${value}); keep the ID as text (in a spreadsheet, format the column as text).`,
		]);
	}
	const text = typeof value === 'object' ? JSON.stringify(value) : String(value).trim();
	const { mistaken } = page;
	if (mistaken !== undefined && text.includes(mistaken.path)) {
		throw new InvalidInput([`${label} is ${quote(text)}. ${mistaken.why}.`]);
	}
	const id = new RegExp(`${path}(\\d+)(?:[/?#]|$)`).exec(text)?.[1] ?? text;
	if (!isId(id)) {
		throw new InvalidInput([`${label} is ${quote(text)}; ${wanted}.`]);
	}
	return id;
}

/** Of a resource locator. */
function valueOf(input: unknown): unknown {
	return typeof input === 'object' && input !== null && 'value' in input ? input.value : input;
}
