import type { IExecuteFunctions } from 'n8n-workflow';
import { RunningHubError } from '../../../../runninghub/base/errors';
import { uploadLora as uploadLoraFile, type UploadedLora } from '../../../../runninghub/files/lora';
import { isPrivateHost } from '../../../../runninghub/http/privateHost';
import { effectiveNode } from '../../agent/tool';
import { connect } from '../../n8n/connection';
import { eachItem } from '../../run/eachItem';
import { toItems } from '../../run/output';
import type { Operation } from '../operation';
import { readInputFile } from './inputFile';
import { putFile } from './putFile';

export type LoraOutput = { loraName: string } & UploadedLora;

export const uploadLora: Operation = {
	name: 'Upload LoRA',
	value: 'uploadLora',
	action: 'Upload a lora',
	description:
		'Upload a LoRA for the RHLoraLoader node of your workflows, which takes the fileName. A LoRA that RunningHub already has is not sent again.',
	properties: [
		{
			displayName: 'LoRA Name',
			name: 'loraName',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. paper cut',
			description: 'Name shown on RunningHub',
		},
	],
	async execute(context, itemIndexes) {
		const connection = await connect(context);
		const deps = {
			...connection,
			put: putFile(context, connection.signal),
			allowPrivateHosts: isPrivateHost(new URL(connection.baseUrl).hostname),
		};
		const results = await eachItem(
			itemIndexes,
			connection,
			async (itemIndex) => {
				const name = readLoraName(context, itemIndex);
				const { file } = await readInputFile(context, itemIndex);
				const uploaded = await uploadLoraFile(name, file, deps);
				const json: LoraOutput = { loraName: name, ...uploaded };
				return { state: 'json', json: { ...json } };
			},
			// They are large, and a later item may hold what an earlier one has sent.
			1,
		);
		return toItems(effectiveNode(context), results);
	},
};

function readLoraName(context: IExecuteFunctions, itemIndex: number): string {
	const name = String(context.getNodeParameter('loraName', itemIndex, '') ?? '').trim();
	if (name !== '') return name;
	throw new RunningHubError({
		kind: 'validation',
		message: 'LoRA Name is empty; enter the name that RunningHub should show.',
		description: 'Nothing was sent.',
	});
}
