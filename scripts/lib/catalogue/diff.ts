import type { Model } from '../../../catalogue/model';

/** What a run changed, one line a model, for the person who decides whether to keep it. */
export function summary(before: readonly Model[], after: readonly Model[]): string {
	const old = new Map(before.map((model) => [model.endpoint, model]));
	const now = new Map(after.map((model) => [model.endpoint, model]));
	const added = after.filter(({ endpoint }) => !old.has(endpoint));
	const gone = before.filter(({ endpoint }) => !now.has(endpoint));
	const changed = after.flatMap((model) => {
		const changes = changesOf(old.get(model.endpoint) ?? model, model);
		return changes.length > 0 ? [`  ~ ${model.endpoint}: ${changes.join(', ')}`] : [];
	});
	return [
		`${after.length} models: ${added.length} new, ${gone.length} gone, ${changed.length} changed.`,
		...added.map(({ endpoint, name }) => `  + ${endpoint}  (${name})`),
		...gone.map(({ endpoint, name }) => `  - ${endpoint}  (${name})`),
		...changed,
	].join('\n');
}

/** The parameters and facts that differ: `duration (max 10 → 15)`, `+ seed`, `price`. */
function changesOf(before: Model, after: Model): string[] {
	const old = new Map(before.params.map((param) => [param.key, param]));
	const keys = new Set(after.params.map(({ key }) => key));
	const params = after.params.flatMap((param) => {
		const known = old.get(param.key);
		if (known === undefined) return [`+ ${param.key}`];
		const facts = differences(known, param);
		return facts.length > 0 ? [`${param.key} (${facts.join('; ')})`] : [];
	});
	const lost = before.params.filter(({ key }) => !keys.has(key)).map(({ key }) => `- ${key}`);
	const moved =
		params.length + lost.length === 0 &&
		before.params.some(({ key }, index) => key !== after.params[index]?.key)
			? ['order of the parameters']
			: [];
	const { params: _old, ...factsBefore } = before;
	const { params: _new, ...factsAfter } = after;
	return [...params, ...lost, ...moved, ...differences(factsBefore, factsAfter)];
}

function differences(before: object, after: object): string[] {
	const old = new Map<string, unknown>(Object.entries(before));
	const now = new Map<string, unknown>(Object.entries(after));
	return [...new Set([...old.keys(), ...now.keys()])].flatMap((fact) => {
		const [was, is] = [old.get(fact), now.get(fact)].map((value) => JSON.stringify(value));
		if (was === is) return [];
		const isShort = `${was}${is}`.length < 60;
		return [isShort ? `${fact} ${was ?? 'none'} → ${is ?? 'none'}` : fact];
	});
}
