import { budgetIn } from '../../runninghub/tasks/budget';
import type { Job, NewTask } from '../../runninghub/tasks/job';
import { createClient, type Client } from '../../runninghub/api/client';
import type { Clock } from '../../runninghub/base/clock';
import { AccountLimiter } from '../../runninghub/tasks/accountLimiter';
import { journalIn } from '../../runninghub/tasks/journal';
import { TransportError, type ApiRequest, type ApiResponse } from '../../runninghub/http/transport';
import { answer, keepingLogger, seededRandom } from './unitAnswers';

/** What befalls one submit. Where a task is made, it is made when the request comes. */
export type SubmitFate =
	| 'accepted'
	| 'acceptedWithNumber'
	| 'acceptedWithUnknownStatus'
	| 'slow'
	// Refused: there is no task.
	| 'noConnection'
	| 'http429'
	| 'rate1003'
	| 'busy1011'
	| 'full1520'
	| 'refused1501'
	// Nobody who reads the answer can know whether there is a task.
	| 'error500NoTask'
	| 'error500AfterTask'
	| 'resetNoTask'
	| 'resetAfterTask'
	| 'htmlNoTask'
	| 'htmlAfterTask'
	| 'emptyNoTask'
	| 'emptyAfterTask'
	| 'malformedNoTask'
	| 'malformedAfterTask';

export type QueryFate =
	| 'answered'
	/** Half a minute long nothing. */
	| 'timedOut'
	| 'http429'
	| 'http502'
	| 'reset'
	| 'busy1011'
	| 'html'
	| 'empty'
	| 'malformed'
	| 'unknownStatus';

export type UploadFate = 'stored' | 'http500' | 'reset' | 'html';

/** One task that somebody pays for. */
export interface Paid {
	taskId: string;
	item: number;
	madeAt: number;
	endsAt: number;
	end: 'success' | 'failed' | 'cancelled';
	/** When its end was told; undefined as long as it was not. */
	toldAt: number | undefined;
	checks: number;
}

export interface AccountSettings {
	/** How many tasks it takes at a time. */
	slots?: number | (() => number);
	/** How many calls of any kind it takes a second; the others are answered with HTTP 429. */
	callsPerSecond?: number;
	/** What such an answer has in its `Retry-After`. */
	retryAfter?: string;
	/** How long each task runs, by the order in which they are made. */
	taskMs?: (index: number) => number;
	/** The answer to the submit holds the result already. */
	immediate?: boolean;
	/** Whether the review lets a task through, by the order in which they are made. */
	passesReview?: (index: number) => boolean;
	/** Milliseconds that each answer takes. */
	latencyMs?: number;
	fateOfSubmit?: (item: number, index: number) => SubmitFate;
	fateOfQuery?: () => QueryFate;
	fateOfUpload?: () => UploadFate;
}

const SLOW_MS = 60_000;
const WAIT = { timeoutMs: 1_800_000, pollIntervalMs: 0 };
const HTML = '<html>Bad Gateway</html>';

/** RunningHub with one account, as the wire shows it, under a clock of the test; keeps the books on what was paid. */
export class FakeAccount {
	readonly paid: Paid[] = [];
	/** The item of every submit that came, in their order. */
	readonly submits: number[] = [];
	/** What befell them: an account that is full refuses, whatever else was to happen. */
	readonly fates: Array<{ item: number; fate: SubmitFate; at: number }> = [];
	/** When each call came, those that were too many included. */
	readonly callsAt: number[] = [];
	queries = 0;
	private readonly byId = new Map<string, Paid>();
	private readonly settings: Required<Omit<AccountSettings, 'retryAfter'>> &
		Pick<AccountSettings, 'retryAfter'>;

	constructor(
		private readonly clock: Clock,
		settings: AccountSettings = {},
	) {
		this.settings = {
			slots: Infinity,
			callsPerSecond: Infinity,
			taskMs: () => 10_000,
			immediate: false,
			passesReview: () => true,
			latencyMs: 0,
			fateOfSubmit: () => 'accepted',
			fateOfQuery: () => 'answered',
			fateOfUpload: () => 'stored',
			...settings,
		};
	}

	readonly client: Client = createClient(async (request) => await this.serve(request));

	/** As many jobs as wanted, each with one item; null = they are not waited for. */
	jobs(amount: number, wait: Job['wait'] | null = WAIT): NewTask[] {
		return Array.from({ length: amount }, (_, itemIndex) => ({
			itemIndex,
			key: `item${itemIndex}`,
			source: 'vidu/text-to-video',
			prepare: async () => ({
				call: { type: 'model', endpoint: 'vidu/text-to-video' },
				body: { item: itemIndex },
			}),
			wait: wait ?? undefined,
		}));
	}

	/** Takes over the books of an earlier account. */
	adopt(tasks: readonly Paid[]): void {
		for (const task of tasks) {
			this.paid.push(task);
			this.byId.set(task.taskId, task);
		}
	}

	paidFor(item: number): Paid[] {
		return this.paid.filter((paid) => paid.item === item);
	}

	/** The most tasks that ran at the same moment. */
	mostAtOnce(tasks: readonly Paid[] = this.paid): number {
		const atOnce = tasks.map(
			({ madeAt }) =>
				tasks.filter((other) => other.madeAt <= madeAt && other.endsAt > madeAt).length,
		);
		return Math.max(0, ...atOnce);
	}

	private async serve(request: ApiRequest): Promise<ApiResponse> {
		const json = request.body.type === 'json' ? request.body.json : {};
		if (this.tooMany()) {
			await this.clock.sleep(this.settings.latencyMs);
			const { retryAfter } = this.settings;
			return answer('', 429, retryAfter === undefined ? {} : { 'retry-after': retryAfter });
		}
		switch (request.path) {
			case '/openapi/v2/query':
				return await this.query(String(json.taskId));
			case '/task/openapi/outputs':
				await this.clock.sleep(this.settings.latencyMs);
				return answer({ code: 807, msg: 'APIKEY_TASK_NOT_FOUND', data: null });
			case '/task/openapi/cancel':
				return await this.cancel(String(json.taskId));
			case '/openapi/v2/media/upload/binary':
				return await this.upload();
			default:
				return await this.submit(Number(json.item), request.timeoutMs);
		}
	}

	private tooMany(): boolean {
		const now = this.clock.now();
		this.callsAt.push(now);
		const { callsPerSecond } = this.settings;
		if (callsPerSecond === Infinity) return false;
		return this.callsAt.filter((at) => at > now - 1_000).length > callsPerSecond;
	}

	private async submit(item: number, timeoutMs: number): Promise<ApiResponse> {
		const { latencyMs, fateOfSubmit, slots, immediate } = this.settings;
		const fate = fateOfSubmit(item, this.submits.length);
		this.submits.push(item);
		const served = { item, fate, at: this.clock.now() };
		this.fates.push(served);
		if (fate === 'noConnection') throw new TransportError('no', 'ECONNREFUSED');
		const withoutTask = answerWithoutTask(fate);
		if (withoutTask !== undefined) {
			await this.clock.sleep(latencyMs);
			if (withoutTask === 'reset') throw new TransportError('perhaps', 'ECONNRESET');
			return withoutTask;
		}
		const room = typeof slots === 'number' ? slots : slots();
		const isFull =
			room < Infinity && this.paid.filter(({ endsAt }) => endsAt > this.clock.now()).length >= room;
		if (isFull) {
			served.fate = 'full1520';
			await this.clock.sleep(latencyMs);
			return answer({ code: 421, msg: 'TASK_QUEUE_MAXED', data: null });
		}

		const paid = this.make(item);
		const { taskId } = paid;
		if (fate === 'slow') {
			await this.clock.sleep(Math.min(SLOW_MS, timeoutMs));
			if (timeoutMs <= SLOW_MS) throw new TransportError('perhaps', 'ECONNABORTED');
		}
		await this.clock.sleep(latencyMs);
		switch (fate) {
			case 'resetAfterTask':
				throw new TransportError('perhaps', 'ECONNRESET');
			case 'error500AfterTask':
				return answer('', 500);
			case 'htmlAfterTask':
				return answer(HTML);
			case 'emptyAfterTask':
				return answer('');
			case 'malformedAfterTask':
				return answer(`{"taskId":"${taskId.slice(0, 8)}`);
			case 'acceptedWithNumber':
				return answer(`{"taskId":${taskId},"status":"RUNNING","errorCode":"","results":null}`);
			default:
		}
		const status = fate === 'acceptedWithUnknownStatus' ? 'WARMING_UP' : 'RUNNING';
		return answer(
			immediate
				? this.told(paid)
				: { taskId, status, errorCode: '', errorMessage: '', results: null },
		);
	}

	private make(item: number): Paid {
		const madeAt = this.clock.now();
		const index = this.paid.length;
		const paid: Paid = {
			taskId: String(1_900_000_000_000_010_000n + BigInt(index)),
			item,
			madeAt,
			endsAt: madeAt + (this.settings.immediate ? 0 : this.settings.taskMs(index)),
			end: this.settings.passesReview(index) ? 'success' : 'failed',
			toldAt: undefined,
			checks: 0,
		};
		this.adopt([paid]);
		return paid;
	}

	private async cancel(taskId: string): Promise<ApiResponse> {
		const paid = this.byId.get(taskId);
		const isRunning = paid !== undefined && paid.endsAt > this.clock.now();
		if (isRunning) Object.assign(paid, { endsAt: this.clock.now(), end: 'cancelled' });
		await this.clock.sleep(this.settings.latencyMs);
		return isRunning
			? answer({ code: 0, msg: 'success', data: null })
			: answer({ code: 807, msg: 'APIKEY_TASK_NOT_FOUND', data: null });
	}

	private async upload(): Promise<ApiResponse> {
		const fate = this.settings.fateOfUpload();
		await this.clock.sleep(this.settings.latencyMs);
		if (fate === 'reset') throw new TransportError('perhaps', 'ECONNRESET');
		if (fate === 'http500') return answer('', 500);
		if (fate === 'html') return answer(HTML);
		const download_url = 'https://files.example/input/a.png';
		return answer({ code: 0, message: 'success', data: { download_url, fileName: 'a.png' } });
	}

	private async query(taskId: string): Promise<ApiResponse> {
		this.queries += 1;
		const fate = this.settings.fateOfQuery();
		const paid = this.byId.get(taskId);
		if (paid !== undefined) paid.checks += 1;
		const ended = paid !== undefined && paid.endsAt <= this.clock.now();
		await this.clock.sleep(this.settings.latencyMs);
		switch (fate) {
			case 'timedOut':
				await this.clock.sleep(30_000);
				throw new TransportError('perhaps', 'ECONNABORTED');
			case 'reset':
				throw new TransportError('perhaps', 'ECONNRESET');
			case 'http429':
				return answer('', 429);
			case 'http502':
				return answer(HTML, 502);
			case 'busy1011':
				return answer({ errorCode: '1011', errorMessage: 'system busy' });
			case 'html':
				return answer(HTML);
			case 'empty':
				return answer('');
			case 'malformed':
				return answer(`{"taskId":"${taskId}","status":"SUC`);
			case 'unknownStatus':
				return answer({ taskId, status: 'PAUSED', errorCode: '', results: null });
			case 'answered':
		}
		if (paid === undefined) return answer({ errorCode: '1004', errorMessage: 'task not found' });
		if (!ended) return answer({ taskId, status: 'RUNNING', errorCode: '', results: null });
		paid.toldAt ??= this.clock.now();
		return answer(this.told(paid));
	}

	/** A task that has ended. */
	private told({ taskId, end }: Paid): object {
		if (end === 'cancelled') return { taskId, status: 'CANCEL', errorCode: '', results: null };
		if (end === 'failed') {
			return { taskId, status: 'FAILED', errorCode: '1501', errorMessage: 'no', results: null };
		}
		const url = `https://files.example/${taskId}.mp4`;
		return { taskId, status: 'SUCCESS', errorCode: '', results: [{ url, outputType: 'mp4' }] };
	}
}

function answerWithoutTask(fate: SubmitFate): ApiResponse | 'reset' | undefined {
	switch (fate) {
		case 'resetNoTask':
			return 'reset';
		case 'error500NoTask':
			return answer(HTML, 502);
		case 'htmlNoTask':
			return answer(HTML);
		case 'emptyNoTask':
			return answer('');
		case 'malformedNoTask':
			return answer('{"taskId":');
		case 'http429':
			return answer('', 429);
		case 'rate1003':
			return answer({ taskId: null, errorCode: '1003', errorMessage: 'rate limit' });
		case 'busy1011':
			return answer({ taskId: null, errorCode: '1011', errorMessage: 'system busy' });
		case 'full1520':
			return answer({ taskId: null, errorCode: '1520', errorMessage: 'queue limit reached' });
		case 'refused1501':
			return answer({ taskId: null, errorCode: '1501', errorMessage: 'did not pass review' });
		default:
			return undefined;
	}
}

export const emptyJournal = () => journalIn({});

/** What `runBatch` needs for one run of its own. Runs of one process on the same account share a `limiter`. */
export function batchDeps(
	{ client }: FakeAccount,
	clock: Clock,
	random = seededRandom(1),
	limiter = new AccountLimiter({ clock, random }),
) {
	const [journal, budget] = [emptyJournal(), budgetIn({})];
	return { client, clock, random, limiter, journal, budget, logger: keepingLogger() };
}
