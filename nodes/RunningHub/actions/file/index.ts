import type { Resource } from '../operation';
import { inputFileProperty } from './inputFile';
import { upload } from './upload.operation';
import { uploadLora } from './uploadLora.operation';

export const file: Resource = {
	name: 'File',
	value: 'file',
	description: 'Files for models, workflows and apps',
	properties: [inputFileProperty],
	operations: [upload, uploadLora],
	defaultOperation: upload.value,
};
