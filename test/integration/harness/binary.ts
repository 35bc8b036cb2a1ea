import type { IBinaryData, INodeExecutionData } from 'n8n-workflow';
import type { Readable } from 'node:stream';
import { prepareEngine } from './engine';

export const WORKFLOW_ID = 'harness';

interface BinaryMeta {
	mimeType?: string;
	fileName?: string;
}

/** A file in n8n's binary storage, as an earlier node would have left it. */
export async function storeBinary(
	content: Buffer | Readable,
	meta: BinaryMeta = {},
): Promise<IBinaryData> {
	const binaryData = await prepareEngine();
	const location = { type: 'execution' as const, workflowId: WORKFLOW_ID, executionId: 'earlier' };
	const { mimeType = 'application/octet-stream', fileName } = meta;
	return await binaryData.store(location, content, { data: '', mimeType, fileName });
}

/** Items with their base64 contents moved to the storage, where a running instance keeps them. */
export async function storeInlineBinary(
	items: INodeExecutionData[],
): Promise<INodeExecutionData[]> {
	return await Promise.all(items.map(storeOne));
}

async function storeOne(item: INodeExecutionData): Promise<INodeExecutionData> {
	if (!item.binary) return item;
	const stored = await Promise.all(
		Object.entries(item.binary).map(async ([name, file]) => {
			if (file.id) return [name, file] as const;
			const { data, ...meta } = file;
			return [
				name,
				{ ...meta, ...(await storeBinary(Buffer.from(data, 'base64'), meta)) },
			] as const;
		}),
	);
	return { ...item, binary: Object.fromEntries(stored) };
}

export async function readBinary(
	item: INodeExecutionData | undefined,
	name: string,
): Promise<Buffer> {
	const file = item?.binary?.[name];
	if (!file) {
		const present = Object.keys(item?.binary ?? {}).join(', ') || 'none';
		throw new Error(`The item has no binary field "${name}" (it has: ${present})`);
	}
	return await (await prepareEngine()).getAsBuffer(file);
}
