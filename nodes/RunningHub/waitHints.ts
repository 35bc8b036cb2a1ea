import type { NodeHint } from 'n8n-workflow';

const GOES_ON =
	'Progress: in the browser’s console (F12). If you stop the run, its tasks go on; n8n’s log has their IDs.';

/** What somebody who looks at an empty output wants to know while the node runs. */
export const waitHints: NodeHint[] = [
	waitHint('Usually takes 1–10 minutes.', '=="vidu"'),
	waitHint(
		'Images usually take 5–60 s, videos 1–10 minutes, 3D, music and long videos 1–15 minutes.',
		'!="vidu"',
	),
];

function waitHint(usual: string, resource: string): NodeHint {
	return {
		message: `${usual} ${GOES_ON}`,
		location: 'outputPane',
		whenToDisplay: 'beforeExecution',
		displayCondition: `={{ /wait/i.test($parameter.operation) && $parameter.resource${resource} }}`,
	};
}
