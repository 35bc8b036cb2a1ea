import type { IExecuteFunctions } from 'n8n-workflow';
import { addHint } from '../n8n/hint';
import { itemRanges } from './failureReport';
import { isFailed, type ItemResult } from './itemResult';

/** Says above the output of a run that went on after errors which of its items failed: they are easily overlooked. */
export function addFailureHint(context: IExecuteFunctions, results: readonly ItemResult[]): void {
	const failed = results.filter(isFailed);
	if (failed.length === 0 || results.length < 2) return;
	const named = itemRanges(failed.map(({ itemIndex }) => itemIndex));
	addHint(
		context,
		`${failed.length} of ${results.length} failed: ${named} (counted from 0). Each has its error.`,
		'warning',
	);
}
