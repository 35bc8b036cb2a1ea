import { z } from 'zod';
import { InvalidInput } from '../runninghub/base/invalidInput';
import { shorten } from '../runninghub/base/text';
import type { Model } from './model';
import { familyOf, nameOf } from './names';
import { endpointSchema, outputSchema, paramsSchema } from './schema';
import { taskOf } from './tasks';

/**
 * What is saved with a form about a model that this package does not know, so that the workflow also runs on an n8n that
 * has never read RunningHub's registry. No conditions and no price: the registry has none.
 */
const savedSchema = z
	.object({ endpoint: endpointSchema, output: outputSchema, params: paramsSchema })
	.strict();

const MAX_CHARACTERS = 200_000;

/** @returns JSON, which {@link readSavedModel} reads */
export function saveModel({ endpoint, output, params }: Model): string {
	return JSON.stringify({ endpoint, output, params });
}

/**
 * Reads what {@link saveModel} wrote, which may have been edited since.
 * @throws InvalidInput for anything else
 */
export function readSavedModel(text: unknown): Model {
	const { endpoint, output, params } = parse(text);
	const task = taskOf(endpoint);
	return {
		endpoint,
		name: nameOf(endpoint, task),
		family: familyOf(endpoint),
		task,
		output,
		status: 'listed',
		paramsKnown: params.length > 0,
		params,
		conditions: [],
		aliases: [],
	};
}

function parse(text: unknown): z.infer<typeof savedSchema> {
	if (typeof text !== 'string' || text.length > MAX_CHARACTERS) throw damaged();
	try {
		return savedSchema.parse(JSON.parse(text));
	} catch (error) {
		throw damaged(error instanceof z.ZodError ? error.issues[0] : undefined);
	}
}

function damaged(issue?: z.ZodIssue): InvalidInput {
	const where = issue === undefined ? '' : ` (${issue.path.join('.')}: ${shorten(issue.message)})`;
	return new InvalidInput([
		`The saved form of this model cannot be read${where}; choose the model again.`,
	]);
}
