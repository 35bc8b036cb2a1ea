import type { IBinaryData, IDataObject } from 'n8n-workflow';
import type { SucceededTask } from '../../../runninghub/api/task';
import type { Job, JobOutcome } from '../../../runninghub/tasks/job';
import { n8nClock } from '../n8n/clock';
import type { FetchResultFiles, ResultFiles } from '../n8n/resultFiles';
import type { RunState } from '../n8n/runState';

/** RunningHub deletes results after 24 hours (reference section 12.5). */
const FETCHED_AFTER_MS = 6 * 60 * 60_000;

/**
 * The files of a run that sleeps. They are fetched when all of its tasks have ended, so that n8n need not keep them with the
 * sleeping execution; only those of tasks that ended hours ago are fetched before RunningHub deletes them.
 */
export function keptFiles({ files, journal }: RunState, fetchFiles: FetchResultFiles | undefined) {
	const of = async ({ key }: Job, task: SucceededTask): Promise<ResultFiles> => {
		const kept = files[key];
		// They are in the output now, so they need not be kept beside it.
		delete files[key];
		if (isFileList(kept)) return { files: kept.map((file) => ({ file })) };
		return (await fetchFiles?.(task)) ?? { files: [] };
	};
	const fetchOld = async (job: Job, outcome: JobOutcome | undefined) => {
		const entry = journal.find(job.key);
		if (outcome?.state !== 'ended' || outcome.task.status !== 'SUCCESS') return;
		if (entry?.state !== 'ended' || n8nClock.now() - entry.endedAt < FETCHED_AFTER_MS) return;
		const delivered = await of(job, outcome.task);
		const fetched = delivered.files.flatMap((one) => ('file' in one ? [{ ...one.file }] : []));
		if (fetched.length === delivered.files.length) files[job.key] = fetched;
	};
	return {
		of,
		ofOldTasks: async (jobs: ReadonlyArray<{ job: Job; outcome: JobOutcome | undefined }>) => {
			if (fetchFiles === undefined) return;
			await Promise.all(jobs.map(async ({ job, outcome }) => await fetchOld(job, outcome)));
		},
	};
}

function isFileList(value: IDataObject[string]): value is Array<IDataObject & IBinaryData> {
	return (
		Array.isArray(value) &&
		value.every((file) => typeof file === 'object' && file !== null && 'mimeType' in file)
	);
}
