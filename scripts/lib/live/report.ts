import { stripVTControlCharacters } from 'node:util';
import type { RunningHubError } from '../../../runninghub/base/errors';
import { redact } from '../../../runninghub/base/redact';
import type { TaskUsage } from '../../../runninghub/api/task';
import { CHEAPEST_VIDEO } from '../../../test/support/cheapestVideo';
import type { Check } from './contract';
import type { Difference } from './shapes';
import type { VideoMade } from './video';

export type Video =
	| { state: 'made'; made: VideoMade }
	| { state: 'refused'; error: RunningHubError }
	| { state: 'notAsked'; why: string };

export interface LiveReport {
	host: string;
	/** ISO date. */
	date: string;
	/** Of this package, and of Node. */
	versions: string;
	checks: Check[];
	shapes: Array<Difference & { call: string }>;
	video: Video;
}

const LINES_OF_A_REASON = 12;

/** Does the live API do anything else than the simulator? */
export function differs({ checks, shapes, video }: LiveReport): boolean {
	if (checks.some(isDifferent) || shapes.length > 0) return true;
	return video.state === 'refused' || (video.state === 'made' && video.made.bytes === undefined);
}

/** A check that is not run here is not run there either. */
const isDifferent = ({ live, simulator }: Check) => live !== simulator && live !== 'pending';

/**
 * The report, as it can be pasted into a bug report: with ids of tasks, without the key and without signed addresses.
 * @param key of the account
 */
export function markdownOf(report: LiveReport, key: string): string {
	const { host, date, versions, checks, shapes } = report;
	const sections = [
		'# RunningHub live check',
		`${host}, ${date}, ${versions}`,
		'## What this package takes for granted',
		...contract(checks),
		'## How answers are made',
		...answers(shapes),
		'## One video',
		...video(report.video),
	];
	return `${sections.join('\n\n')}\n`.replaceAll(key, '[key hidden]');
}

function contract(checks: readonly Check[]): string[] {
	const different = checks.filter(isDifferent);
	const run = checks.filter(({ live }) => live !== 'pending');
	const same = `${run.length - different.length} of ${run.length} checks end as in the simulator.`;
	return [
		same,
		...different.map(({ name, live, simulator, reason }) =>
			[`- **${name}**: ${live}, in the simulator ${simulator}`, ...quoted(reason)].join('\n'),
		),
	];
}

function answers(shapes: LiveReport['shapes']): string[] {
	if (shapes.length === 0) return ['No member of an answer is another one than in the simulator.'];
	const rows = shapes.map(({ call, path, live, simulator }) => [call, path, live, simulator]);
	return [table(['Call', 'Member', 'Live', 'Simulator'], rows)];
}

function video(asked: Video): string[] {
	const what = `${CHEAPEST_VIDEO.words} (\`${CHEAPEST_VIDEO.endpoint}\`)`;
	switch (asked.state) {
		case 'notAsked':
			return [`${what}: not made, ${asked.why}.`];
		case 'refused': {
			const { kind, code, message, taskId } = asked.error;
			const task = taskId === undefined ? '' : `, task ${taskId}`;
			return [`${what}: ${kind}, code ${code ?? '—'}${task}: ${redact(message)}`];
		}
		case 'made': {
			const { price, task, seconds, checks, bytes } = asked.made;
			const [file] = task.results;
			const rows = [
				['Task', task.taskId],
				['Status', task.status],
				['Price said before', `${price.amount} ${price.currency ?? ''}`.trim()],
				['Reported after', usage(task.usage)],
				['Time', `${seconds} s, ${checks} checks`],
				['File', bytes === undefined ? 'none' : `${file?.mimeType ?? file?.type}, ${bytes} bytes`],
			];
			return [what, table(['', ''], rows)];
		}
	}
}

function usage({ coins, money, thirdPartyMoney, seconds }: TaskUsage): string {
	return [
		`coins ${coins ?? '—'}`,
		`money ${money ?? '—'}`,
		`third-party money ${thirdPartyMoney ?? '—'}`,
		`${seconds ?? '—'} s`,
	].join(', ');
}

function table(head: string[], rows: string[][]): string {
	const line = (cells: string[]) =>
		`| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
	return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** What a test said, without colours and the places in our code. */
function quoted(reason: string): string[] {
	const lines = stripVTControlCharacters(reason)
		.split('\n')
		.filter((line) => line.trim() !== '' && !/^\s+at /.test(line))
		.slice(0, LINES_OF_A_REASON);
	if (lines.length === 0) return [];
	return ['', '  ```', ...lines.map((line) => `  ${redact(line)}`), '  ```'];
}
