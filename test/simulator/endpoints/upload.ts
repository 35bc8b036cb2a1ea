import { callerOfUpload, callerWithKey } from '../auth';
import { e1, e1Success, e2, type Reply } from '../envelopes';
import { kindOfExtension } from '../files';
import type { Part } from '../multipart';
import { refuse, v1Refusal, type Refusal } from '../refusals';
import type { ApiCall, SimulatorState } from '../state';

/** The two calls that take a file (reference 9.1, 9.2). */

/** `POST /openapi/v2/media/upload/binary`: one part named `file`, with a file name and a MIME type. */
export function uploadMedia(state: SimulatorState, call: ApiCall): Reply {
	const caller = callerOfUpload(state, call);
	if ('refusal' in caller) return caller.refusal;
	const { uploadMaxBytes, uploadUrlLifetimeMs, uploadFileNameKey, successCode } = state.switches;
	const file = fileIn(call.parts, uploadMaxBytes);
	if ('code' in file) return e2(state, file.code, file.msg);
	const { stored, filename, contentType, kind } = file;
	const lifetime = uploadUrlLifetimeMs;
	const upload = state.files.keepUpload(stored, filename, contentType, lifetime);
	return e2(state, successCode, state.switches.successMessage, {
		type: kind,
		download_url: upload.url,
		[uploadFileNameKey]: upload.fileName,
		size: String(upload.size),
	});
}

/** What the old upload takes, whatever the size that the new one takes (reference 9.2). */
const OLD_MAX_BYTES = 30 * 1024 * 1024;
const FILE_TYPES = ['input', 'image', 'video'];

/** `POST /task/openapi/upload`: the key and `fileType` are form fields. No address comes back. */
export function uploadOldWay(state: SimulatorState, call: ApiCall): Reply {
	const fieldOf = (name: string) => call.parts?.find((part) => part.name === name)?.value;
	const caller = callerWithKey(state, fieldOf('apiKey'));
	if ('refusal' in caller) return caller.refusal;
	const fileType = fieldOf('fileType') ?? 'input';
	if (!FILE_TYPES.includes(fileType)) {
		return e1(state, 301, `PARAMS_INVALID: fileType must be one of ${FILE_TYPES.join(', ')}`);
	}
	const file = fileIn(call.parts, OLD_MAX_BYTES);
	if ('code' in file) return v1Refusal(state, file);
	const { stored, filename, contentType } = file;
	const upload = state.files.keepOldUpload(stored, filename, contentType);
	return e1Success(state, { fileName: upload.fileName, fileType });
}

interface IncomingFile {
	stored: NonNullable<Part['stored']>;
	filename: string;
	contentType: string;
	kind: string;
}

function fileIn(parts: Part[] | undefined, maxBytes: number): IncomingFile | Refusal {
	const unfit = (msg: string) => ({ code: 301, msg });
	if (parts === undefined) return unfit('the body must be multipart/form-data');
	const [part, ...others] = parts.filter(({ name }) => name === 'file');
	if (part === undefined || others.length > 0) return unfit('one part named file is required');
	const { filename, contentType, stored, size } = part;
	if (filename === undefined || filename === '' || stored === undefined) {
		return unfit('the part file needs a file name');
	}
	if (contentType === undefined) return unfit('the part file needs a MIME type');
	const kind = kindOfExtension(filename);
	if (kind === undefined) return refuse(808, `the type of ${filename} is not supported`);
	if (size === 0) return refuse(808, 'the file is empty');
	return size > maxBytes ? refuse(809) : { stored, filename, contentType, kind };
}
