import type { IExecuteData, IExecuteFunctions, IWebhookFunctions } from 'n8n-workflow';
import { z } from 'zod';

/**
 * What the sleep needs of n8n's insides (see docs/architecture.md, "Where the node relies on n8n's insides"): the stack of
 * what an execution has still to run, the names of the nodes that have run, and the contexts of its nodes.
 */
const internals = z.object({
	executionData: z.object({
		nodeExecutionStack: z.array(z.unknown()),
		contextData: z.record(z.unknown()),
	}),
	resultData: z.object({ runData: z.record(z.unknown()) }),
});

function internalsOf(context: IExecuteFunctions | IWebhookFunctions) {
	const run: unknown = Reflect.get(context, 'runExecutionData');
	return internals.safeParse(run).success ? run : undefined;
}

function member(value: unknown, ...path: string[]): unknown {
	const [name, ...rest] = path;
	if (name === undefined) return value;
	return typeof value === 'object' && value !== null
		? member(Reflect.get(value, name), ...rest)
		: undefined;
}

/** The stack itself and no copy; undefined where n8n keeps its runs in another way. */
export function stackOf(context: IExecuteFunctions): unknown[] | undefined {
	const stack = member(internalsOf(context), 'executionData', 'nodeExecutionStack');
	return Array.isArray(stack) ? stack : undefined;
}

/** @returns undefined where n8n keeps its runs in another way */
export function nodesThatRan(context: IExecuteFunctions): readonly string[] | undefined {
	const runData = member(internalsOf(context), 'resultData', 'runData');
	return typeof runData === 'object' && runData !== null ? Object.keys(runData) : undefined;
}

/** The node's context of an execution that waits: the saved object itself, which n8n goes on with. */
export function savedContextOf(context: IWebhookFunctions): object | undefined {
	const name = `node:${context.getNode().name}`;
	const saved = member(internalsOf(context), 'executionData', 'contextData', name);
	return typeof saved === 'object' && saved !== null ? saved : undefined;
}

/** The entry that n8n has taken from the stack to run the node; undefined where it keeps it in another way. */
export function entryOf(context: IExecuteFunctions): IExecuteData | undefined {
	const { getExecuteData }: Partial<Pick<IExecuteFunctions, 'getExecuteData'>> = context;
	const entry = getExecuteData?.call(context);
	const isOurs = member(entry, 'node', 'name') === context.getNode().name;
	return isOurs && Array.isArray(member(entry, 'data', 'main')) ? entry : undefined;
}
