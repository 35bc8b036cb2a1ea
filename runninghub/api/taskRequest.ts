import type { JsonObject } from '../base/json';
import type { RetryDeps } from '../base/retry';
import type { FileCheck } from '../files/fileCheck';
import type { Uploads } from '../files/uploads';
import type { Client } from './client';
import type { OutputKind } from './outputKind';
import type { Price } from './price';
import type { Submission } from './submission';

/** What can be told of a task before it is made. */
export interface ExpectedTask {
	outputKind: OutputKind;
	/** Is it likely to be done within a minute? */
	isQuick: boolean;
}

/** A checked request for one task, of whichever resource; what is sent but for its body, which {@link prepare} makes. */
export interface TaskRequest extends Omit<Submission, 'body'> {
	/** What makes it, as the output's `source`: a model's endpoint, a workflow's or an app's id. */
	source: string;
	expected: ExpectedTask;
	/**
	 * Looks at its files, as far as that can be done before any item is paid for.
	 * @throws RunningHubError of kind `validation` for those that would be refused
	 */
	checkFiles?(check: FileCheck): Promise<void>;
	/** All that costs nothing and comes first, uploads above all: gives the body of the submit. Done once. */
	prepare(uploads: Uploads): Promise<JsonObject>;
	/** What it would cost; missing where RunningHub cannot say before. */
	price?(deps: PriceDeps, body: JsonObject): Promise<Price | undefined>;
}

/** Asking for a price costs nothing, so it is tried again. */
export type PriceDeps = RetryDeps & { client: Pick<Client, 'previewPrice'> };
