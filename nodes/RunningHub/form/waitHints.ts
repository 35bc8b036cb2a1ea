import type { NodeHint } from 'n8n-workflow';

const GOES_ON =
	'Progress: browser console (F12). If you stop, tasks go on; n8n’s log has their IDs.';

/** Shown above the empty output while the node runs. */
export const waitHints: NodeHint[] = [
	waitHint('Usually takes 1–10 minutes.', '=="vidu"'),
	waitHint(
		'Usually takes 5–60 s for images, 1–10 minutes for videos, 1–15 for 3D and music.',
		'!="vidu"',
	),
];

function waitHint(usual: string, resource: string): NodeHint {
	return {
		message: `${usual} ${GOES_ON}`,
		location: 'outputPane',
		whenToDisplay: 'beforeExecution',
		displayCondition: `={{/wait/i.test($parameter.operation)&&$parameter.resource${resource}}}`,
	};
}
