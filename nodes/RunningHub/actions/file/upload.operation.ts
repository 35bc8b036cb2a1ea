import type { BinaryFile } from '../../../../runninghub/files/media';
import type { Uploaded } from '../../../../runninghub/files/upload';
import { createUploads } from '../../../../runninghub/files/uploads';
import { effectiveNode } from '../../agent/tool';
import { connect } from '../../n8n/connection';
import { eachItem } from '../../run/eachItem';
import { toItems } from '../../run/output';
import type { Operation } from '../operation';
import { readInputFile } from './inputFile';

export type UploadOutput = {
	/** For ComfyUI workflows and AI Apps. */
	fileName: string;
	/** For models. */
	url: string | null;
	type: string | null;
	mimeType: string;
	sizeBytes: number | null;
	originalName: string | null;
};

export const upload: Operation = {
	name: 'Upload',
	value: 'upload',
	action: 'Upload a file',
	description:
		'Upload a file for later nodes: use its fileName in ComfyUI workflows and AI Apps, its URL in models. RunningHub keeps it for about a day.',
	properties: [
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add option',
			default: {},
			options: [
				{
					displayName: 'Use Older Upload',
					name: 'olderUpload',
					type: 'boolean',
					default: false,
					description:
						'Whether to use the endpoint that RunningHub is replacing. It takes up to 30 MB and returns a fileName but no URL.',
				},
			],
		},
	],
	async execute(context, itemIndexes) {
		const connection = await connect(context);
		const { client } = connection;
		const uploads = createUploads(connection);
		const olderUploads = createUploads({
			...connection,
			client: { upload: client.uploadLegacy },
		});
		const results = await eachItem(itemIndexes, connection, async (itemIndex) => {
			const source = await readInputFile(context, itemIndex);
			const older = context.getNodeParameter('options.olderUpload', itemIndex, false) === true;
			const uploaded = older
				? { ...(await olderUploads.upload(source)), url: null }
				: await uploads.upload(source);
			return { state: 'json', json: outputOf(source.file, uploaded) };
		});
		return toItems(effectiveNode(context), results);
	},
};

function outputOf(
	file: BinaryFile,
	{ fileName, url, type, sizeBytes }: Omit<Uploaded, 'url'> & { url: string | null },
): UploadOutput {
	return {
		fileName,
		url,
		type: type ?? /^(?:image|video|audio)(?=\/)/.exec(file.mimeType)?.[0] ?? null,
		mimeType: file.mimeType,
		sizeBytes: sizeBytes ?? file.sizeBytes ?? null,
		originalName: file.fileName ?? null,
	};
}
