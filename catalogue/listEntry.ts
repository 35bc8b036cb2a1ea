import { count } from '../runninghub/base/text';
import type { Model } from './model';
import { modelPage, type Site } from './modelPage';
import { leastPrice } from './price';

/** A model as a list of models shows it. */
export interface ListEntry {
	/**
	 * Its name, and in brackets what helps to choose: `(from 0.13 CNY, ≤ 15 s)`. n8n shows nothing else in the list, and
	 * only the first 40 characters or so of what is chosen.
	 */
	name: string;
	/** Its endpoint. */
	value: string;
	/** Its page on RunningHub. */
	url: string;
}

/**
 * @param model of the catalogue, or one that is not in it
 * @param site the one of the credential
 * @param marks what else is to be said of it, such as `new`; first in the brackets
 */
export function listEntry(model: Model, site: Site, ...marks: string[]): ListEntry {
	const { name, endpoint, status, notOn = [] } = model;
	const details = [
		...marks,
		status === 'deprecated' ? 'deprecated' : '',
		priceOf(model),
		lengthOf(model),
	].filter((detail) => detail !== '');
	const missing = notOn.some((other) => other === site) ? 'Not on www.runninghub.cn: ' : '';
	return {
		name: missing + (details.length === 0 ? name : `${name} (${details.join(', ')})`),
		value: endpoint,
		url: modelPage(model, site),
	};
}

/** `≤ 15 s`; nothing for what is no video, or has one length only. */
export function lengthOf({ output, params }: Pick<Model, 'output' | 'params'>): string {
	const duration = params.find(({ key }) => key === 'duration');
	const longest = Math.max(duration?.max ?? 0, ...(duration?.options ?? []).map(Number));
	return output === 'video' && longest > 0 ? `≤ ${longest} s` : '';
}

/** `from 0.13 CNY`: the least that a call costs by the dated price list. */
export function priceOf(model: Model): string {
	const price = leastPrice(model);
	return price === undefined ? '' : `from ${count(price.amount)} ${price.currency}`;
}
