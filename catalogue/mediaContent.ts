import { InvalidInput } from '../runninghub/base/invalidInput';
import { mimeTypeOf } from '../runninghub/base/mimeTypes';
import { CHECK_PREVIOUS_NODE } from '../runninghub/base/text';
import type { FileCheck } from '../runninghub/files/fileCheck';
import { declaredType, unsupportedReason, type SniffedFile } from '../runninghub/files/fileType';
import type { MediaSource } from '../runninghub/files/media';
import type { UploadableSource } from '../runninghub/files/uploads';
import { labelOf } from './labels';
import { mediaKindOf } from './model';
import { namesOf, takes, wrongExtension, type MediaField } from './readMedia';
import type { ModelInput } from './wireFormat';

/**
 * Checks what only the files themselves tell, where {@link readMedia} has checked what is said of them.
 * @throws InvalidInput with a sentence for each file that the model would refuse, and each address that it cannot reach
 */
export async function checkMedia(
	{ media }: ModelInput,
	modelName: string,
	check: FileCheck,
): Promise<void> {
	const problems = media.flatMap(({ param, sources }) => {
		const kind = mediaKindOf(param) ?? param.mediaHint;
		if (kind === undefined) return [];
		const field = { param, kind, label: labelOf(param.key), modelName };
		return sources.map(async (source) => await problemOf(field, source, check));
	});
	const [first, ...more] = (await Promise.all(problems)).flatMap((problem) => problem ?? []);
	if (first !== undefined) throw new InvalidInput([first, ...more]);
}

async function problemOf(
	field: MediaField,
	source: MediaSource,
	check: FileCheck,
): Promise<string | undefined> {
	if (source.type === 'url') return check.unreachable(field.label, source.url);
	if (source.type !== 'data' && source.type !== 'binary') return undefined;
	const sniffed = await check.sniff(source);
	return sniffed === undefined ? undefined : contentProblem(field, source, sniffed);
}

/** The same containers under other names, and with sound alone: which of them it is, the first bytes do not tell. */
const CONTAINERS: ReadonlyArray<readonly string[]> = [
	['mp4', 'mov', 'm4v', 'm4a'],
	['webm', 'mkv'],
	['ogg', 'opus'],
	['wmv', 'wma'],
];

function contentProblem(
	field: MediaField,
	source: UploadableSource,
	{ isEmpty, type }: SniffedFile,
): string | undefined {
	const { kind } = field;
	const { what, noun } = namesOf(field, source);
	if (isEmpty) return `${what} is an empty ${noun}; ${CHECK_PREVIOUS_NODE}.`;
	const declared = declaredType(source.file);
	if (type === undefined) {
		const isText = declared === undefined && source.file.mimeType.startsWith('text/plain');
		return isText ? `${what} is a ${noun} of type "text/plain"; ${takes(field)}.` : undefined;
	}
	const possible = CONTAINERS.find((container) => container.includes(type)) ?? [type];
	if (field.param.accept?.some((allowed) => possible.includes(allowed))) return undefined;
	const unsupported = unsupportedReason(type);
	if (unsupported !== undefined) return `${what} is ${unsupported}.`;
	const isOfKind = possible.some((one) => mimeTypeOf(one)?.startsWith(`${kind}/`));
	if (!isOfKind) return `${what} holds a .${type} file; ${takes(field)}.`;
	return declared === undefined ? wrongExtension(field, type, what) : undefined;
}
