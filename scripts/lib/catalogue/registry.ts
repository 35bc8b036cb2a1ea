import { isRegistry, readRegistry } from '../../../catalogue/registry';
import type { Source } from './source';

/**
 * RunningHub's own registry of models: what it does not list is gone. What others have seen stays, and so does a model whose
 * entry cannot be read.
 */
export const registry: Source = {
	name: 'registry',
	matches: isRegistry,
	apply(json, previous, say) {
		const { models, leftOut } = readRegistry(json, previous);
		for (const { endpoint, why } of leftOut) say(`  ! ${endpoint} is left as it was: ${why}`);
		const listed = new Set(models.map(({ endpoint }) => endpoint));
		const unread = new Set(leftOut.map(({ endpoint }) => endpoint));
		const kept = previous.filter(
			({ endpoint, status }) =>
				!listed.has(endpoint) && (status === 'thirdParty' || unread.has(endpoint)),
		);
		return [...models, ...kept];
	},
};
