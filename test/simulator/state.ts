import type { AccountBook } from './accounts';
import type { AppBook } from './apps';
import type { CallbackQueue } from './callbacks/queue';
import type { FaultBook } from './faults';
import type { FileStore } from './files';
import type { TaskScriptQueue } from './taskScripts';
import type { LoraStore } from './loras';
import type { Part } from './multipart';
import type { QuickCreateBook } from './quickCreates';
import type { Switches } from './switches';
import type { TaskLedger } from './tasks';
import type { WorkflowBook } from './workflows';

/** Everything one simulator holds. Endpoints read and change it; nothing else is shared. */
export interface SimulatorState {
	switches: Switches;
	accounts: AccountBook;
	workflows: WorkflowBook;
	apps: AppBook;
	quickCreates: QuickCreateBook;
	taskScripts: TaskScriptQueue;
	ledger: TaskLedger;
	files: FileStore;
	loras: LoraStore;
	faults: FaultBook;
	callbacks: CallbackQueue;
	requests: RecordedRequest[];
	now: () => number;
}

/** One request, as it came in, on either origin. */
export interface RecordedRequest {
	/** Milliseconds, by the simulator's clock. */
	at: number;
	origin: 'api' | 'files';
	method: string;
	path: string;
	query: Record<string, string>;
	headers: Record<string, string>;
	/** Text; for multipart one line a part, with `<binary n bytes>` for the bytes of a file. */
	body: string;
	/** The parsed body, if it is JSON. */
	json?: unknown;
	/** The parts, if it is multipart. */
	parts?: Part[];
	/**
	 * Where an API key or an Authorization header came along to the files origin, which must get neither
	 * (reference 1.1): `header authorization`, `query`, `path`, `body`.
	 */
	credentials?: string[];
	/** HTTP status of the answer; missing when the connection was broken instead. */
	status?: number;
}

/** A request to the API, ready for an endpoint. */
export interface ApiCall {
	method: string;
	path: string;
	/** The rest of the path, for a route that ends with `/`. */
	rest: string;
	query: Record<string, string>;
	headers: Record<string, string>;
	/** The parsed body; undefined when it is not JSON. */
	json: unknown;
	/** The parts; undefined when the body is not (whole) multipart/form-data. */
	parts: Part[] | undefined;
}
