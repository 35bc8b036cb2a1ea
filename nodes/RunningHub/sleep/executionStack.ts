import type {
	IExecuteData,
	IExecuteFunctions,
	IWebhookFunctions,
	IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';
import { z } from 'zod';

/**
 * What the sleep needs of n8n's insides (see docs/architecture.md, "Where the node relies on n8n's insides"): the stack of
 * what an execution has still to run, the names of the nodes that have run, the contexts of its nodes, who has called its
 * workflow, and whether and how the execution is stored.
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

/** Has one of n8n's Agents called the workflow as its tool, and will it go on with what the workflow gives after a sleep? */
export function isToolOfAgent(context: IExecuteFunctions): boolean {
	return member(internalsOf(context), 'parentAgentRun') !== undefined;
}

/** The node's context of an execution that waits: the saved object itself, which n8n goes on with. */
export function savedContextOf(context: IWebhookFunctions): object | undefined {
	return nodeContextIn(internalsOf(context), context);
}

/** The same as it is stored by now; undefined where the execution is gone. */
export async function storedContextOf(context: IWebhookFunctions): Promise<object | undefined> {
	const { getRunExecutionData }: StoresRuns = additionalDataOf(context);
	const stored: unknown = await getRunExecutionData?.(context.getExecutionId());
	return nodeContextIn(stored, context);
}

type StoresRuns = Partial<Pick<IWorkflowExecuteAdditionalData, 'getRunExecutionData'>>;

function nodeContextIn(run: unknown, context: IWebhookFunctions): object | undefined {
	const name = `node:${context.getNode().name}`;
	const saved = member(run, 'executionData', 'contextData', name);
	return typeof saved === 'object' && saved !== null ? saved : undefined;
}

/**
 * Is the execution led by the engine that stores it and runs it on? It has hooks for that; where a node is run in another
 * way, nobody would wake it.
 */
export function isStored(context: IExecuteFunctions): boolean {
	return member(additionalDataOf(context), 'hooks') !== undefined;
}

function additionalDataOf(context: IExecuteFunctions | IWebhookFunctions): object {
	const data: unknown = Reflect.get(context, 'additionalData');
	return typeof data === 'object' && data !== null ? data : {};
}

/** The entry that n8n has taken from the stack to run the node; undefined where it keeps it in another way. */
export function entryOf(context: IExecuteFunctions): IExecuteData | undefined {
	const { getExecuteData }: Partial<Pick<IExecuteFunctions, 'getExecuteData'>> = context;
	const entry = getExecuteData?.call(context);
	const isOurs = member(entry, 'node', 'name') === context.getNode().name;
	return isOurs && Array.isArray(member(entry, 'data', 'main')) ? entry : undefined;
}
