import { extname } from 'node:path';
import { callerOfUpload } from '../auth';
import { e2, type Reply } from '../envelopes';
import type { ApiCall, World } from '../world';

const KINDS: Record<string, string[]> = {
	image: ['jpg', 'jpeg', 'png', 'webp'],
	video: ['mp4', 'avi', 'mov', 'mkv'],
	audio: ['mp3', 'wav', 'flac'],
	zip: ['zip'],
};

/**
 * `POST /openapi/v2/media/upload/binary` (reference 9.1): one part named `file`, with a file name and
 * a MIME type. The old upload and the LoRA upload belong beside this file.
 */
export function uploadMedia(world: World, call: ApiCall): Reply {
	const caller = callerOfUpload(world, call);
	if ('refusal' in caller) return caller.refusal;
	if (call.parts === undefined) return e2(301, 'the body must be multipart/form-data');
	const [part, ...others] = call.parts.filter(({ name }) => name === 'file');
	if (part === undefined || others.length > 0) return e2(301, 'one part named file is required');
	const { filename, contentType, stored } = part;
	if (filename === undefined || filename === '' || stored === undefined) {
		return e2(301, 'the part file needs a file name');
	}
	if (contentType === undefined) return e2(301, 'the part file needs a MIME type');
	const extension = extname(filename).slice(1).toLowerCase();
	const kind = Object.keys(KINDS).find((name) => KINDS[name]?.includes(extension));
	if (kind === undefined)
		return e2(808, `APIKEY_UPLOAD_FAILED: type "${extension}" is not supported`);
	if (part.size === 0) return e2(808, 'APIKEY_UPLOAD_FAILED: the file is empty');
	const { uploadMaxBytes, uploadUrlLifetimeMs, uploadFileNameKey, successCode } = world.switches;
	if (part.size > uploadMaxBytes) return e2(809, 'APIKEY_FILE_SIZE_EXCEEDED');

	const upload = world.files.keepUpload(stored, filename, contentType, uploadUrlLifetimeMs);
	return e2(successCode, world.switches.successMessage, {
		type: kind,
		download_url: upload.url,
		[uploadFileNameKey]: upload.fileName,
		size: String(upload.size),
	});
}
