import type { OutputKind } from '../../../runninghub/api/outputKind';
import { NO_USAGE, type Task, type TaskResult } from '../../../runninghub/api/task';
import { mimeTypeOf } from '../../../runninghub/base/mimeTypes';

/** A task that was never made: of the shape of a real one, with an id that no real one has. */

const EXTENSIONS = { video: 'mp4', image: 'png', audio: 'mp3', '3d': 'glb' } as const;
const SAMPLE_ID = /^sample-(video|image|audio|3d|text)-\d+$/;

/** @param kind of what a real one would make */
export function sampleTaskId(kind: OutputKind, itemIndex: number): string {
	return `sample-${kind}-${itemIndex}`;
}

/** The kind of what the task with this id would make; undefined for a real id, and for anything else. */
export function sampleKind(taskId: unknown): OutputKind | undefined {
	if (typeof taskId !== 'string') return undefined;
	const kind = SAMPLE_ID.exec(taskId.trim())?.[1];
	return KINDS.find((one) => one === kind);
}

const KINDS: readonly OutputKind[] = ['video', 'image', 'audio', '3d', 'text'];

/** One that has just been submitted. */
export function submittedSample(kind: OutputKind, itemIndex: number): Task {
	return { ...factsOf(sampleTaskId(kind, itemIndex)), status: 'QUEUED', results: [] };
}

/** One that has succeeded. Its file is small enough to be its own address, as a `data:` URI. */
export async function finishedSample(taskId: string, kind: OutputKind): Promise<Task> {
	return { ...factsOf(taskId), status: 'SUCCESS', results: [await resultOf(kind)] };
}

function factsOf(taskId: string): Pick<Task, 'taskId' | 'usage' | 'raw'> {
	return { taskId, usage: NO_USAGE, raw: { sample: true } };
}

async function resultOf(kind: OutputKind): Promise<TaskResult> {
	if (kind === 'text') {
		const text = 'A sample of a text. Nothing was sent to a model.';
		return { url: null, type: 'txt', mimeType: mimeTypeOf('txt'), text, nodeId: null };
	}
	const { extension, mimeType, base64 } = await sampleFile(kind);
	const url = `data:${mimeType};base64,${base64}`;
	return { url, type: extension, mimeType, text: null, nodeId: null };
}

/** Loaded when it is first asked for: most runs need none. */
export async function sampleFile(
	kind: Exclude<OutputKind, 'text'>,
): Promise<{ extension: string; mimeType: string; base64: string }> {
	const { default: files } = await import('./files.json');
	const extension = EXTENSIONS[kind];
	return { extension, mimeType: mimeTypeOf(extension) ?? '', base64: files[kind] };
}
