import type { INode, NodeApiError, NodeOperationError } from 'n8n-workflow';
import { isFailed, type FailedItem, type ItemResult } from './itemResult';
import { nodeError } from './nodeError';

const MAX_ITEMS_NAMED = 20;

/** The error of the first item that has one, with what became of the tasks of all other items. */
export function firstFailure(
	node: INode,
	results: readonly ItemResult[],
): NodeApiError | NodeOperationError | undefined {
	const failed = results.find(isFailed);
	if (failed === undefined) return undefined;
	return nodeError(node, failed.error, failed.itemIndex, reportOnOthers(failed, results));
}

/** The tasks of the other items are paid for: the error must not hide them. */
function reportOnOthers(failed: FailedItem, results: readonly ItemResult[]): string {
	const tasks = results.flatMap((result) =>
		'task' in result && result !== failed ? [result] : [],
	);
	const notSent = results.filter(({ state }) => state === 'notSent').length;
	const sentences: string[] = [];
	const ownUrls =
		failed.error.url !== undefined && 'task' in failed
			? failed.task.results.flatMap(({ url }) => url ?? [])
			: [];
	if (ownUrls.length > 1) {
		sentences.push(`All files of this task: ${ownUrls.slice(0, MAX_ITEMS_NAMED).join(' ')}`);
	}
	if (tasks.length > 0) {
		const shown = tasks.slice(0, MAX_ITEMS_NAMED).map(({ itemIndex, task }) => {
			const url = task.results.find((result) => result.url !== null)?.url;
			const address = url ? ` ${shortAddress(url)}` : '';
			return `item ${itemIndex}: task ${task.taskId} ${task.status}${address}`;
		});
		const more = tasks.length - shown.length;
		const rest = more > 0 ? `; and ${more} more, in n8n’s log` : '';
		sentences.push(
			`Tasks of the other items (counted from 0): ${shown.join('; ')}${rest}. Fetch their results with Task > Wait for Result.`,
		);
	}
	const wrong = results.flatMap((result) =>
		result.state === 'error'
			? [{ itemIndex: result.itemIndex, message: result.error.message }]
			: [],
	);
	if (wrong.length > 1) {
		sentences.push(
			`${wrong.length} items could not be run (counted from 0): ${reasons(wrong, failed.error.message)}`,
		);
	}
	if (notSent > 0) sentences.push(`Not sent and not paid for: ${notSent} more items.`);
	if (results.some((result) => !isFailed(result))) {
		sentences.push('With On Error set to Continue, items that fail do not stop the others.');
	}
	return sentences.join(' ');
}

/**
 * What was wrong with several items, each sentence once: `items 0–19: Prompt is empty.`
 * @param shown the sentence that the error itself says
 */
function reasons(
	wrong: ReadonlyArray<{ itemIndex: number; message: string }>,
	shown: string,
): string {
	const byMessage = new Map<string, number[]>();
	for (const { itemIndex, message } of wrong) {
		byMessage.set(message, [...(byMessage.get(message) ?? []), itemIndex]);
	}
	const groups = [...byMessage].map(
		([message, indexes]) =>
			`${itemRanges(indexes)}: ${message === shown ? 'for the reason above.' : message}`,
	);
	const more = groups.length - MAX_ITEMS_NAMED;
	const rest = more > 0 ? ` And ${more} more reasons.` : '';
	return `${groups.slice(0, MAX_ITEMS_NAMED).join(' ')}${rest}`;
}

/** `item 3`, `items 0–4, 7`: whole ranges as one, in ascending order. */
export function itemRanges(indexes: readonly number[]): string {
	const ranges: Array<{ from: number; to: number }> = [];
	for (const index of [...indexes].sort((a, b) => a - b)) {
		const last = ranges.at(-1);
		if (last !== undefined && index <= last.to + 1) last.to = index;
		else ranges.push({ from: index, to: index });
	}
	const shown = ranges
		.slice(0, MAX_ITEMS_NAMED)
		.map(({ from, to }) =>
			from === to ? `${from}` : `${from}${to === from + 1 ? ', ' : '–'}${to}`,
		);
	const rest = ranges.length > MAX_ITEMS_NAMED ? ' …' : '';
	return `${indexes.length === 1 ? 'item' : 'items'} ${shown.join(', ')}${rest}`;
}

const MAX_ADDRESS_LENGTH = 80;

/** An address that a person recognizes; the file itself is fetched by the id of its task. */
function shortAddress(url: string): string {
	if (url.length <= MAX_ADDRESS_LENGTH || !URL.canParse(url))
		return url.slice(0, MAX_ADDRESS_LENGTH);
	const { origin, pathname } = new URL(url);
	return `${origin}/…/${(pathname.split('/').at(-1) ?? '').slice(-30)}`;
}
