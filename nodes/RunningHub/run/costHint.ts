import type { IExecuteFunctions } from 'n8n-workflow';
import { enumerated } from '../../../catalogue/sentences';
import type { TaskUsage } from '../../../runninghub/api/task';
import { currencyOf } from '../../../runninghub/http/site';
import { sumOf } from '../../../runninghub/tasks/budget';
import { addHint } from '../n8n/hint';
import type { ItemResult } from './itemResult';

/** Says above the output what the tasks of a run cost together. */
export function addCostHint(
	context: IExecuteFunctions,
	results: readonly ItemResult[],
	{ baseUrl }: { baseUrl: string },
): void {
	const usages = results.flatMap((result) => ('task' in result ? [result.task.usage] : []));
	const message = costSentence(usages, currencyOf(baseUrl));
	if (message === undefined) return;
	const hasFiles = results.some(
		(result) => 'files' in result && result.files.some((file) => 'file' in file),
	);
	addHint(
		context,
		context.getMode() === 'manual' ? `${message}. ${reuseSentence(hasFiles)}` : message,
	);
}

/** How to go on building without paying again. n8n pins no output with files. */
function reuseSentence(hasFiles: boolean): string {
	return hasFiles
		? 'Execute the next nodes step by step: they reuse this output and nothing is paid again. To pin it, switch off Download Results: n8n pins no files.'
		: 'Pin this output (P) to build the rest of the workflow without paying again.';
}

/**
 * `Cost of 3 tasks: 17 coins and 0.88 USD`, from what RunningHub reported.
 * @returns undefined where it reported no cost
 */
export function costSentence(
	usages: readonly TaskUsage[],
	currency: string | undefined,
): string | undefined {
	const charged = usages.filter((usage) => costsOf(usage).some((cost) => cost !== null));
	if (charged.length === 0) return undefined;
	const coins = sum(charged.map((usage) => usage.coins));
	const money = sum(charged.flatMap((usage) => [usage.money, usage.thirdPartyMoney]));
	const costs = [
		coins === undefined ? [] : `${coins} ${coins === 1 ? 'coin' : 'coins'}`,
		money === undefined ? [] : `${money} ${currency ?? 'in the account’s currency'}`,
	].flat();
	const tasks = charged.length === 1 ? '1 task' : `${charged.length} tasks`;
	return `Cost of ${tasks}: ${enumerated(costs, 'and')}`;
}

function costsOf({ coins, money, thirdPartyMoney }: TaskUsage): Array<number | null> {
	return [coins, money, thirdPartyMoney];
}

/** @returns undefined if there is nothing to add up */
function sum(amounts: ReadonlyArray<number | null>): number | undefined {
	const known = amounts.filter((amount) => amount !== null);
	if (known.length === 0) return undefined;
	return sumOf(known);
}
