import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { enumerated } from '../../../../catalogue/sentences';
import { RunningHubError } from '../../../../runninghub/base/errors';
import { quote } from '../../../../runninghub/base/text';
import { parseMedia, type MediaSource } from '../../../../runninghub/files/media';
import type { UploadableSource } from '../../../../runninghub/files/uploads';
import { binaryFilesOf } from '../../n8n/binaries';

const NAME = 'binaryPropertyName';
const LABEL = 'Input Binary Field';

export const inputFileProperty: INodeProperties = {
	displayName: LABEL,
	name: NAME,
	type: 'string',
	default: 'data',
	required: true,
	hint: 'The name of the input binary field containing the file to be uploaded',
};

/**
 * The one file that an item is to upload: a binary field of it, or a `data:` URI.
 * @throws RunningHubError of kind `validation` with one sentence
 */
export async function readInputFile(
	context: IExecuteFunctions,
	itemIndex: number,
): Promise<UploadableSource> {
	const input: unknown = context.getNodeParameter(NAME, itemIndex, '');
	const [source, ...more] = parseMedia(input, await binaryFilesOf(context, itemIndex));
	if (source === undefined) throw invalid('is empty');
	if (more.length > 0)
		throw invalid(`names ${more.length + 1} files, but each item can upload only one`);
	if (source.type === 'binary' || source.type === 'data') return source;
	throw invalid(problemOf(source));
}

function problemOf(source: Exclude<MediaSource, UploadableSource>): string {
	switch (source.type) {
		case 'url':
			return 'is a URL, which RunningHub does not download: download the file with an HTTP Request node first';
		case 'missingBinary': {
			const { available, field } = source;
			const has = available.length === 0 ? 'has no files' : `has ${enumerated(available, 'and')}`;
			return `is ${quote(field)}, but the item has no binary field with that name: it ${has}`;
		}
		case 'invalid':
			return `is ${quote(source.text)}, ${source.why ?? 'which is not a binary field name'}`;
	}
}

function invalid(problem: string): RunningHubError {
	return new RunningHubError({
		kind: 'validation',
		message: `${LABEL} ${problem}.`,
		description: 'Enter the name of the binary field that contains the file. Nothing was sent.',
	});
}
