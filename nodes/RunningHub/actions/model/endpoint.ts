import { z } from 'zod';

const locator = z
	.union([z.string(), z.object({ value: z.string() }).transform(({ value }) => value)])
	.catch('');

/**
 * The endpoint in what a resource locator, an expression or an agent gave: it may be the whole address of its call, with or
 * without slashes at its ends.
 * @returns empty text where nothing is given
 */
export function endpointIn(input: unknown): string {
	return locator
		.parse(input)
		.trim()
		.replace(/^https?:\/\/[^/]+/i, '')
		.replace(/^\/*(?:openapi\/v2\/)?\/*/, '')
		.replace(/\/+$/, '');
}

/** The pages of models have addresses with a number, which no call takes. */
const PAGE = /^(?:[a-z]{2}(?:-[a-z]{2})?\/)?call-api\//i;

/** @returns a sentence about an endpoint that is the address of a model's page; undefined for all others */
export function pageProblem(endpoint: string): string | undefined {
	return PAGE.test(endpoint)
		? 'Model is the address of a page. Choose the model from the list, or give its endpoint: what follows /openapi/v2/ in the example on that page.'
		: undefined;
}
