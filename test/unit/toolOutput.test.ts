import { toToolOutput } from '../../nodes/RunningHub/agent/toolOutput';
import { nodeWith } from '../support/nodeInWorkflow';

const node = nodeWith();
const agent = {
	getNode: () => ({ ...node, type: `${node.type}Tool` }),
	getMode: () => 'trigger' as const,
	getExecutionId: () => '1',
};

const answerTo = (json: object) => {
	const [item] = toToolOutput(agent, [{ json: { ...json }, pairedItem: { item: 0 } }]);
	return item?.json ?? {};
};
const result = { url: `https://a.example/${'x'.repeat(300)}.png`, type: 'png', text: null };

it('is the output itself where it is short', () => {
	const json = { taskId: '1900000000000000201', results: [result] };
	expect(answerTo(json)).toEqual(json);
});

it('keeps all addresses of a task with many results', () => {
	const json = { taskId: '1900000000000000201', results: Array(30).fill(result) };
	expect(answerTo(json)).toEqual(json);
});

it('cuts a long text wherever it stands, and says so', () => {
	const text = 'a'.repeat(50_000);
	const answer = answerTo({ taskId: '1900000000000000201', text, results: [{ ...result, text }] });
	expect(JSON.stringify(answer).length).toBeLessThan(10_000);
	expect(answer).toMatchObject({
		taskId: '1900000000000000201',
		text: expect.stringMatching(/^a+… \(cut from 50000 characters\)$/),
		results: [{ url: result.url, text: expect.stringMatching(/^a+… \(cut/) }],
	});
});

it('leaves out a whole workflow, and cuts a list of inputs', () => {
	const node = { class_type: 'KSampler', inputs: { seed: 1, steps: 20, cfg: 7 } };
	const workflow = Object.fromEntries(Array.from({ length: 900 }, (_, id) => [String(id), node]));
	const inputs = Array.from({ length: 2_000 }, (_, id) => ({ nodeId: String(id), label: 'Seed' }));
	const answer = answerTo({ workflowId: '1900000000000000301', workflow, inputs });
	expect(JSON.stringify(answer).length).toBeLessThan(22_000);
	expect(answer).toMatchObject({
		workflowId: '1900000000000000301',
		workflow: expect.stringMatching(/^Left out: \d+ characters$/),
		inputs: expect.arrayContaining([inputs[0], '… (cut from 2000 entries)']),
	});
});

it('is for agents alone', () => {
	const items = [{ json: { text: 'a'.repeat(50_000) } }];
	expect(toToolOutput({ ...agent, getNode: () => node }, items)).toBe(items);
});

it('tells an agent not to submit again what may have been started', () => {
	const error = { code: null, kind: 'unknownOutcome', message: 'RunningHub may have started it.' };
	expect(answerTo({ taskId: null, error })).toMatchObject({
		error: {
			message: expect.stringMatching(/^RunningHub may have started it\. Do not submit it again/),
		},
	});
});
