import { RunningHubError } from '../../../runninghub/base/errors';
import { createFileCheck, type FileCheck } from '../../../runninghub/files/fileCheck';
import { isPrivateHost } from '../../../runninghub/http/privateHost';
import type { Journal } from '../../../runninghub/tasks/journal';
import type { Connection } from '../n8n/connection';
import { checked } from './eachItem';
import type { ItemResult } from './itemResult';
import type { PlannedItem } from './runPlan';

/**
 * Looks at the files of all items, before the first of them is paid for. Those whose task an earlier part or try of the run
 * has paid for, or asked for, are left alone: what has become of their files since then must not keep their tasks from being taken up.
 * @param stopsAtError whether one bad item stops the run: only then are addresses opened that are opened for the upload in
 * any case, and not in a later try, where what cannot be had any more must not hide the tasks of the earlier one
 */
export async function checkFiles<P extends PlannedItem>(
	items: readonly P[],
	connection: Connection,
	{ journal, stopsAtError }: { journal: Journal; stopsAtError: boolean },
): Promise<{ planned: P[]; unfit: ItemResult[] }> {
	const isKnown = ({ job }: PlannedItem) => journal.find(job.key) !== undefined;
	const opensAddresses = stopsAtError && items.length > 1 && !items.some(isKnown);
	const check = fileCheckOf(connection, opensAddresses);
	const outcomes = await Promise.all(
		items.map(async (item): Promise<{ item?: P; unfit?: ItemResult }> => {
			if (isKnown(item)) return { item };
			const { itemIndex, source } = item.job;
			const error = await checked(connection, async () => await item.request?.checkFiles?.(check));
			if (!(error instanceof RunningHubError)) return { item };
			return { unfit: { itemIndex, source, state: 'error', error } };
		}),
	);
	return {
		planned: outcomes.flatMap(({ item }) => item ?? []),
		unfit: outcomes.flatMap(({ unfit }) => unfit ?? []),
	};
}

export function fileCheckOf(connection: Connection, opensAddresses: boolean): FileCheck {
	const allowPrivateHosts = isPrivateHost(new URL(connection.baseUrl).hostname);
	return createFileCheck({ ...connection, allowPrivateHosts }, opensAddresses);
}
