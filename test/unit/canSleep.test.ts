import type { IExecuteFunctions } from 'n8n-workflow';
import { canSleep } from '../../nodes/RunningHub/sleep/putToSleep';

/** What an engine gives a node, as far as the sleep looks at it. */
const contextWith = (additionalData: object, runExecutionData: object = RUN): IExecuteFunctions => {
	const node = { name: 'RunningHub' };
	const context: object = {
		additionalData,
		runExecutionData,
		getNode: () => node,
		getExecuteData: () => ({ node, data: { main: [[{ json: {} }]] }, source: null }),
		putExecutionToWait: async () => {},
	};
	return context as IExecuteFunctions;
};

const RUN = {
	executionData: { nodeExecutionStack: [], contextData: {} },
	resultData: { runData: {} },
};

it('a run sleeps under the engine that stores it and runs it on', () => {
	expect(canSleep(contextWith({ hooks: {} }))).toBe(true);
});

it('a run that nobody would wake does not sleep, as a step of n8n’s Engine 2.0', () => {
	expect(canSleep(contextWith({}))).toBe(false);
});

it('a run that is kept in another way does not sleep', () => {
	expect(canSleep(contextWith({ hooks: {} }, { resultData: {} }))).toBe(false);
});
