import type { INodeParameters } from 'n8n-workflow';

/** How to wait, at its place in the form; files are downloaded only if that is asked for. */
export const withWait = ({
	waitStrategy,
	timeout,
	onTimeout,
	options,
	...form
}: INodeParameters): INodeParameters => {
	const given = Object.entries({ waitStrategy, timeout, onTimeout });
	const own = Object.fromEntries(given.filter(([, value]) => value !== undefined));
	return { downloadResults: false, ...form, options: { ...(options as object), ...own } };
};
