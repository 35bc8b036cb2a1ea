import type { Job } from '../../runninghub/batch';
import { createClient, type Client } from '../../runninghub/client';
import type { Clock } from '../../runninghub/clock';
import { journalIn } from '../../runninghub/journal';
import { TransportError, type ApiRequest, type ApiResponse } from '../../runninghub/transport';
import { answer } from './unitAnswers';

/** What befalls one submit. Where a task is made, it is made when the request comes. */
export type SubmitFate =
	| 'accepted'
	| 'http429'
	| 'busy1011'
	| 'full1520'
	| 'refused1501'
	| 'error500NoTask'
	| 'error500AfterTask'
	| 'resetNoTask'
	| 'resetAfterTask'
	| 'noConnection'
	| 'slow';

export type QueryFate = 'answered' | 'http502' | 'reset' | 'busy1011';

/** One task that somebody pays for. */
export interface Paid {
	taskId: string;
	item: number;
	madeAt: number;
	endsAt: number;
	/** When its end was told; undefined as long as it was not. */
	toldAt: number | undefined;
	checks: number;
}

export interface AccountSettings {
	/** How many tasks it takes at a time. */
	slots?: number;
	/** How long each task runs, by the order in which they are made. */
	taskMs?: (index: number) => number;
	/** Whether the review lets a task through, by the order in which they are made. */
	passesReview?: (index: number) => boolean;
	/** Milliseconds that each answer takes. */
	latencyMs?: number;
	fateOfSubmit?: (item: number, index: number) => SubmitFate;
	fateOfQuery?: () => QueryFate;
}

const SLOW_MS = 60_000;
const WAIT = { timeoutMs: 1_800_000, pollIntervalMs: 0 };

/** RunningHub with one account, as the wire shows it, under a clock of the test; keeps the books on what was paid. */
export class FakeAccount {
	readonly paid: Paid[] = [];
	/** The item of every submit that came, in their order. */
	readonly submits: number[] = [];
	/** What befell them: an account that is full refuses, whatever else was to happen. */
	readonly fates: Array<{ item: number; fate: SubmitFate }> = [];
	queries = 0;
	private readonly settings: Required<AccountSettings>;

	constructor(
		private readonly clock: Clock,
		settings: AccountSettings = {},
	) {
		this.settings = {
			slots: Infinity,
			taskMs: () => 10_000,
			passesReview: () => true,
			latencyMs: 0,
			fateOfSubmit: () => 'accepted',
			fateOfQuery: () => 'answered',
			...settings,
		};
	}

	readonly client: Client = createClient(async (request) => await this.serve(request));

	/** As many jobs as wanted, each with one item; null = they are not waited for. */
	jobs(amount: number, wait: Job['wait'] | null = WAIT): Job[] {
		return Array.from({ length: amount }, (_, itemIndex) => ({
			itemIndex,
			key: `item${itemIndex}`,
			source: 'vidu/text-to-video',
			prepare: async () => {},
			submit: async () => await this.client.submitModel('vidu/text-to-video', { item: itemIndex }),
			wait: wait ?? undefined,
		}));
	}

	paidFor(item: number): Paid[] {
		return this.paid.filter((paid) => paid.item === item);
	}

	private async serve(request: ApiRequest): Promise<ApiResponse> {
		const json = request.body.type === 'json' ? request.body.json : {};
		if (request.path === '/openapi/v2/query') return await this.query(String(json.taskId));
		if (request.path === '/task/openapi/outputs') {
			await this.clock.sleep(this.settings.latencyMs);
			return answer({ code: 807, msg: 'APIKEY_TASK_NOT_FOUND', data: null });
		}
		return await this.submit(Number(json.item), request.timeoutMs);
	}

	private async submit(item: number, timeoutMs: number): Promise<ApiResponse> {
		const fate = this.settings.fateOfSubmit(item, this.submits.length);
		this.submits.push(item);
		const served = { item, fate };
		this.fates.push(served);
		const { latencyMs } = this.settings;
		switch (fate) {
			case 'noConnection':
				throw new TransportError('no', 'ECONNREFUSED');
			case 'resetNoTask':
				await this.clock.sleep(latencyMs);
				throw new TransportError('perhaps', 'ECONNRESET');
			case 'error500NoTask':
				await this.clock.sleep(latencyMs);
				return answer('<html>Bad Gateway</html>', 502);
			case 'http429':
				await this.clock.sleep(latencyMs);
				return answer('', 429);
			case 'busy1011':
				await this.clock.sleep(latencyMs);
				return answer({ taskId: null, errorCode: '1011', errorMessage: 'system busy' });
			case 'full1520':
				await this.clock.sleep(latencyMs);
				return answer({ taskId: null, errorCode: '1520', errorMessage: 'queue limit reached' });
			case 'refused1501':
				await this.clock.sleep(latencyMs);
				return answer({ taskId: null, errorCode: '1501', errorMessage: 'did not pass review' });
			default:
		}
		const running = this.paid.filter(({ endsAt }) => endsAt > this.clock.now());
		if (running.length >= this.settings.slots) {
			served.fate = 'full1520';
			await this.clock.sleep(latencyMs);
			return answer({ code: 421, msg: 'TASK_QUEUE_MAXED', data: null });
		}
		const madeAt = this.clock.now();
		const taskId = `19000000000000${String(10_000 + this.paid.length)}`;
		const endsAt = madeAt + this.settings.taskMs(this.paid.length);
		this.paid.push({ taskId, item, madeAt, endsAt, toldAt: undefined, checks: 0 });

		if (fate === 'slow') {
			await this.clock.sleep(Math.min(SLOW_MS, timeoutMs));
			if (timeoutMs <= SLOW_MS) throw new TransportError('perhaps', 'ECONNABORTED');
		}
		await this.clock.sleep(latencyMs);
		if (fate === 'resetAfterTask') throw new TransportError('perhaps', 'ECONNRESET');
		if (fate === 'error500AfterTask') return answer('', 500);
		return answer({ taskId, status: 'RUNNING', errorCode: '', errorMessage: '', results: null });
	}

	private async query(taskId: string): Promise<ApiResponse> {
		this.queries += 1;
		const fate = this.settings.fateOfQuery();
		const paid = this.paid.find((one) => one.taskId === taskId);
		if (paid !== undefined) paid.checks += 1;
		const ended = paid !== undefined && paid.endsAt <= this.clock.now();
		await this.clock.sleep(this.settings.latencyMs);
		if (fate === 'reset') throw new TransportError('perhaps', 'ECONNRESET');
		if (fate === 'http502') return answer('<html>Bad Gateway</html>', 502);
		if (fate === 'busy1011') return answer({ errorCode: '1011', errorMessage: 'system busy' });
		if (paid === undefined) return answer({ errorCode: '1004', errorMessage: 'task not found' });
		if (!ended) return answer({ taskId, status: 'RUNNING', errorCode: '', results: null });
		paid.toldAt ??= this.clock.now();
		if (!this.settings.passesReview(this.paid.indexOf(paid))) {
			return answer({
				taskId,
				status: 'FAILED',
				errorCode: '1501',
				errorMessage: 'no',
				results: null,
			});
		}
		return answer({
			taskId,
			status: 'SUCCESS',
			errorCode: '',
			results: [{ url: `https://files.example/${taskId}.mp4`, outputType: 'mp4', text: null }],
		});
	}
}

export const emptyJournal = () => journalIn({});
