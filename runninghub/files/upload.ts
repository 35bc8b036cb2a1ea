import { z } from 'zod';
import { RunningHubError } from '../base/errors';
import { tooManyMB } from '../base/text';
import { tolerantNumber, tolerantText } from '../base/tolerantSchemas';
import { send } from '../http/call';
import { parseData } from '../http/envelope';
import { filePart, type UploadFile } from '../http/multipart';
import type { Transport } from '../http/transport';
import { transferTimeoutMs } from './transferTimeout';

/** Milliseconds beside the transfer: RunningHub may inspect a large file before it responds. */
const PROCESSING_MS = 600_000;

/** What RunningHub says of a file that it has received. */
interface UploadFacts {
	/** For media nodes of a workflow and media fields of an AI App: exactly as it is (reference section 9.3). */
	fileName: string;
	/** `image`, `video`, `audio` and the like; null where RunningHub does not say. */
	type: string | null;
	/** Null where that is not known. */
	sizeBytes: number | null;
}

/** An uploaded file. Its address lives for about a day (reference section 9.1). */
export interface Uploaded extends UploadFacts {
	/** For media fields of standard models. */
	url: string;
}

const uploadResponse = z.object({
	download_url: z.string().url(),
	fileName: tolerantText,
	/** As one report has it (quirk 7). */
	filename: tolerantText,
	type: tolerantText,
	size: tolerantNumber.transform((size) => (size !== null && size >= 0 ? size : null)),
});

/**
 * Sends a file as a stream (reference section 9.1).
 * @throws RunningHubError when it was refused, or accepted without an address
 */
export async function uploadTo(transport: Transport, file: UploadFile): Promise<Uploaded> {
	refuseEmpty(file);
	const envelope = await send(
		transport,
		'/openapi/v2/media/upload/binary',
		{ type: 'form', parts: [filePart(file)] },
		transferTimeoutMs(file.sizeBytes, PROCESSING_MS),
	);
	const data = parseData(envelope, uploadResponse, 'the upload was accepted without an address');
	return {
		fileName: data.fileName ?? data.filename ?? '',
		url: data.download_url,
		type: data.type,
		sizeBytes: data.size,
	};
}

/** What the older call takes (reference section 9.2). */
const LEGACY_MAX_MB = 30;

const legacyResponse = z.object({ fileName: z.string().min(1) });

/**
 * The older call (reference section 9.2): it takes less and gives no address.
 * @throws RunningHubError of kind `validation` for a file that is too large for it, before anything is sent
 */
export async function uploadLegacy(transport: Transport, file: UploadFile): Promise<UploadFacts> {
	refuseEmpty(file);
	const { sizeBytes } = file;
	if (sizeBytes !== undefined && sizeBytes > LEGACY_MAX_MB * 1_048_576) {
		throw refused(
			`It has ${tooManyMB(sizeBytes, LEGACY_MAX_MB)}, and the older upload takes at most ${LEGACY_MAX_MB} MB.`,
			'Turn off the Use Older Upload option.',
		);
	}
	const envelope = await send(
		transport,
		'/task/openapi/upload',
		{ type: 'form', parts: [filePart(file), ['fileType', 'input']] },
		transferTimeoutMs(sizeBytes, PROCESSING_MS),
	);
	const why = 'the upload was accepted without a file name';
	const { fileName } = parseData(envelope, legacyResponse, why);
	return { fileName, type: null, sizeBytes: sizeBytes ?? null };
}

/** @throws RunningHubError of kind `validation`: RunningHub stores no empty file */
export function refuseEmpty({ sizeBytes }: Pick<UploadFile, 'sizeBytes'>): void {
	if (sizeBytes === 0) throw refused('It is empty.', 'Check the output of the previous node.');
}

function refused(message: string, remedy: string): RunningHubError {
	const description = `Nothing was sent. ${remedy}`;
	return new RunningHubError({ kind: 'validation', message, description });
}
