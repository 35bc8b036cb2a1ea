import { Workflow, type INode, type INodeParameters, type INodeTypes } from 'n8n-workflow';
import { RunningHub } from '../../nodes/RunningHub/RunningHub.node';

/** What n8n's editor shows in the output panel until the node has run, or as long as it runs. */

const nodeType = new RunningHub();
const { hints = [] } = nodeType.description;
const nodeTypes: INodeTypes = {
	getByName: () => nodeType,
	getByNameAndVersion: () => nodeType,
	getKnownTypes: () => ({}),
};

function shownFor(parameters: INodeParameters): string[] {
	const node: INode = {
		id: '1',
		name: 'RunningHub',
		type: 'n8n-nodes-runninghub.runningHub',
		typeVersion: 1,
		position: [0, 0],
		parameters,
	};
	const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
	const own = workflow.getNode(node.name) ?? node;
	return hints
		.filter(
			({ displayCondition, whenToDisplay }) =>
				whenToDisplay === 'beforeExecution' &&
				workflow.expression.getSimpleParameterValue(own, displayCondition, 'internal', {}) === true,
		)
		.map(({ message }) => message);
}

it.each([
	[{}, 'Usually takes 1–10 minutes.'],
	[{ resource: 'model', operation: 'submitAndWait' }, '5–60 s for images'],
	[{ resource: 'aiApp', operation: 'submitAndWait' }, '5–60 s for images'],
	[{ resource: 'task', operation: 'waitForResult' }, '5–60 s for images'],
])('a wait says how long it usually takes: %j', (parameters, usual) => {
	expect(shownFor(parameters)).toEqual([expect.stringContaining(usual)]);
	expect(shownFor(parameters)[0]).toMatch(/console \(F12\).*tasks go on; n8n’s log/);
});

it.each([
	{ operation: 'submit' },
	{ operation: 'estimatePrice' },
	{ resource: 'task', operation: 'get' },
	{ resource: 'account', operation: 'get' },
])('what does not wait says nothing: %j', (parameters) => {
	expect(shownFor(parameters)).toEqual([]);
});
