import type { JsonObject } from '../base/json';
import type { RetryDeps } from '../base/retry';
import type { FileCheck } from '../files/fileCheck';
import { type Uploads } from '../files/uploads';
import type { Client } from './client';
import type { OutputKind } from './outputKind';
import type { Price } from './price';
import type { Task } from './task';

/** A checked request for one task, of whichever resource. */
export interface TaskRequest {
	/** What makes it, as the output's `source`: a model's endpoint, a workflow's or an app's id. */
	source: string;
	/** The form with its expressions as they are written: what it is told by from other requests of its item. */
	asWritten: unknown;
	/** What its task makes, as far as that can be told. */
	outputKind: OutputKind;
	/** Is its task likely to be done within a minute? */
	isQuick: boolean;
	/**
	 * Looks at its files, as far as that can be done before any item is paid for.
	 * @throws RunningHubError of kind `validation` for those that would be refused
	 */
	checkFiles?(check: FileCheck): Promise<void>;
	/** All that costs nothing and comes first, uploads above all: gives what will be sent. Done once. */
	prepare(uploads: Uploads): Promise<JsonObject>;
	/** Sends it: costs money. The body has got its `webhookUrl` where the task is to call back (reference section 8.1). */
	submit(client: Client, body: JsonObject): Promise<Task>;
	/** What it would cost; missing where RunningHub cannot say before. */
	price?(tools: PriceDeps, body: JsonObject): Promise<Price | undefined>;
}

/** Asking for a price costs nothing, so it is tried again. */
export type PriceDeps = RetryDeps & { client: Pick<Client, 'previewPrice'> };
