import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import { base64Content, type BinaryFile, type BinaryFiles } from '../../../runninghub/files/media';

const CHUNK_BYTES = 262_144;

/** The files of one input item: beside its JSON, or inside it where the workflow keeps them there. */
export async function binaryFilesOf(
	context: IExecuteFunctions,
	itemIndex: number,
): Promise<BinaryFiles> {
	const { binary = {}, json } = context.getInputData()[itemIndex] ?? { json: {} };
	// Where the workflow combines JSON and files, n8n keeps them under this name.
	const inside = [json, Reflect.get(json, '_files')].flatMap((from) =>
		typeof from === 'object' && from !== null ? Object.entries(from).filter(isNamedFile) : [],
	);
	const files = [...Object.entries(binary), ...inside].map(
		async ([field, data]) => [field, await binaryFile(context, field, data)] as const,
	);
	return new Map(await Promise.all(files));
}

function isNamedFile(entry: [string, unknown]): entry is [string, IBinaryData] {
	return isBinaryData(entry[1]);
}

function isBinaryData(value: unknown): value is IBinaryData {
	const hasText = (name: string) =>
		typeof value === 'object' && value !== null && typeof Reflect.get(value, name) === 'string';
	return hasText('mimeType') && hasText('data');
}

/** n8n keeps small files as base64 in `data`, or all of them in a store under an `id`. */
async function binaryFile(
	{ helpers }: IExecuteFunctions,
	field: string,
	{ id, data, mimeType, fileName, fileExtension }: IBinaryData,
): Promise<BinaryFile> {
	const name = fileName ?? `${field}${fileExtension ? `.${fileExtension}` : ''}`;
	if (id === undefined) {
		return {
			id: data,
			fileName: name,
			mimeType,
			...base64Content(data),
		};
	}
	const sizeBytes = await helpers.getBinaryMetadata(id).then(
		({ fileSize }) => fileSize,
		// A store that cannot say it now may still give the file.
		() => undefined,
	);
	return {
		id,
		fileName: name,
		mimeType,
		sizeBytes,
		open: async (pieceBytes = CHUNK_BYTES) => await helpers.getBinaryStream(id, pieceBytes),
	};
}
