import { NodeConnectionTypes, type IExecuteFunctions, type INodeType } from 'n8n-workflow';
import { responseText } from '../../nodes/RunningHub/n8n/responseText';
import { runNode } from './harness';
import { inLab, startOtherHost, submitAndWait } from './support';

/** n8n's time-out ends with the headers of an answer: what comes after them must not be waited for without end. */

function nodeThatReads(url: string, errors: unknown[]): INodeType {
	return {
		description: {
			displayName: 'Reader',
			name: 'reader',
			group: ['transform'],
			version: 1,
			description: 'Stand-in',
			defaults: { name: 'Reader' },
			inputs: [NodeConnectionTypes.Main],
			outputs: [NodeConnectionTypes.Main],
			properties: [],
		},
		async execute(this: IExecuteFunctions) {
			const body: unknown = await this.helpers.httpRequest({ url, encoding: 'stream' });
			await responseText(body, 200).catch((error: unknown) => errors.push(error));
			return [[]];
		},
	};
}

test('a host that falls silent in the middle of its answer is given up', async () => {
	const host = await startOtherHost((_, response) => {
		response.writeHead(200, { 'Content-Length': 1_000 }).write('half');
	});
	try {
		const errors: unknown[] = [];
		const node = nodeThatReads(host.url, errors);
		await runNode({ node, credentialTypes: [], credentials: {}, parameters: {} });
		expect(errors).toMatchObject([{ reached: 'perhaps', code: 'ETIMEDOUT' }]);
	} finally {
		await host.stop();
	}
});

test('a result that stops coming half-way is fetched anew, and in the end is an error with its address', async () => {
	const inFact = AbortSignal.timeout.bind(AbortSignal);
	const hurried = jest
		.spyOn(AbortSignal, 'timeout')
		.mockImplementation((ms) => inFact(Math.max(ms / 200, 500)));
	try {
		await inLab(
			async ({ simulator, run }) => {
				const { error } = await run(submitAndWait({ downloadResults: true }));
				expect(error?.message).toContain('the connection broke off each time');
				expect(error?.message).toContain(simulator.tasks[0]?.taskId);
				expect(simulator.requests.filter(({ origin }) => origin === 'files')).toHaveLength(4);
			},
			{
				defaultTaskScript: {
					end: {
						kind: 'immediate',
						files: [{ type: 'mp4', bytes: 1_000_000, bytesPerSecond: 1_000 }],
					},
				},
			},
		);
	} finally {
		hurried.mockRestore();
	}
}, 60_000);
