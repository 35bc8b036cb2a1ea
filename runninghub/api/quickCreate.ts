import { z } from 'zod';
import type { JsonObject } from '../base/json';
import { tolerantNumber, tolerantText } from '../base/tolerantSchemas';
import { call } from '../http/call';
import { parseData } from '../http/envelope';
import type { Transport } from '../http/transport';
import { submit } from './submit';
import type { Task } from './task';

/*
 * Quick Create modules (reference section 3). Nothing says whether RunningHub calls back for their tasks, so that
 * nothing here may count on it.
 */

/** One style of a module's model library; null where RunningHub does not say. */
export interface Style {
	id: string | null;
	type: number | null;
	webappId: string | null;
	category: number | null;
	/** As the site shows it. */
	name: string | null;
	/** The value that chooses it, e.g. `input1`. */
	key: string | null;
	previewUrl: string | null;
	samplePrompt: string | null;
	triggerWords: string | null;
	lora1FileName: string | null;
	lora1Weight: number | null;
	lora2FileName: string | null;
	lora2Weight: number | null;
}

/** @throws RunningHubError as {@link submit} */
export async function startQuickCreate(transport: Transport, body: JsonObject): Promise<Task> {
	return await submit(transport, '/task/openapi/quick-ai-app/run', body);
}

/** "Loar" is how the API spells it (quirk 28). */
const listed = z
	.object({
		id: tolerantText,
		type: tolerantNumber,
		webappId: tolerantText,
		modelCategory: tolerantNumber,
		modelName: tolerantText,
		modelKey: tolerantText,
		modelPreviewUrl: tolerantText,
		content: tolerantText,
		modelTrigger: tolerantText,
		modelLoar1FileName: tolerantText,
		modelLoar1Weight: tolerantNumber,
		modelLoar2FileName: tolerantText,
		modelLoar2Weight: tolerantNumber,
	})
	.transform(
		(style): Style => ({
			id: style.id,
			type: style.type,
			webappId: style.webappId,
			category: style.modelCategory,
			name: style.modelName,
			key: style.modelKey,
			previewUrl: style.modelPreviewUrl,
			samplePrompt: style.content,
			triggerWords: style.modelTrigger,
			lora1FileName: style.modelLoar1FileName,
			lora1Weight: style.modelLoar1Weight,
			lora2FileName: style.modelLoar2FileName,
			lora2Weight: style.modelLoar2Weight,
		}),
	);

/**
 * The styles of a module's model library (reference section 3.2).
 * @param type which library; 2 in RunningHub's own sample
 */
export async function stylesOf(
	transport: Transport,
	webappId: string,
	type: number,
): Promise<Style[]> {
	const body = { type, webappId };
	const envelope = await call(transport, '/api/fast/creation/model/params', body);
	return parseData(envelope, z.array(listed).nullish(), 'it lists no styles') ?? [];
}
