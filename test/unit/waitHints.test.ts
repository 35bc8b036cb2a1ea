import type { INodeParameters } from 'n8n-workflow';
import { RunningHub } from '../../nodes/RunningHub/RunningHub.node';
import { evaluated } from '../support/nodeInWorkflow';

/** What n8n's editor shows in the output panel until the node has run, or as long as it runs. */

const { hints = [] } = new RunningHub().description;

const shownFor = (parameters: INodeParameters): string[] =>
	hints
		.filter(
			({ displayCondition, whenToDisplay }) =>
				whenToDisplay === 'beforeExecution' && evaluated(displayCondition, parameters) === true,
		)
		.map(({ message }) => message);

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
