import { readFileSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Model, ModelStatus, Param, Price } from '../../../catalogue/model';
import { facts } from './facts';

/** Any keys, in the order in which they are written. */
const factSchema = z.record(z.unknown());
type Fact = z.infer<typeof factSchema>;

const endpointOf = ({ endpoint }: Fact): string => z.string().parse(endpoint);

/** By the key of its parameter. */
function conditionsIn(fact: Fact): ReadonlyMap<string, unknown> {
	const params = z.array(z.object({ key: z.string(), condition: z.unknown() })).parse(fact.params);
	return new Map(params.map(({ key, condition }) => [key, condition]));
}

const STATUS: Readonly<Record<ModelStatus, string>> = {
	listed: 'listed',
	deprecated: 'deprecated',
	thirdParty: 'third-party',
};

/**
 * Brings a file of facts up to a catalogue, so that the simulator knows the same models. What a model's facts say already
 * stays as it is written; a model that is gone is retired.
 * @param say takes a line for each model whose facts do not make what the catalogue has, for a person to put right
 */
export function updateFacts(
	path: string,
	models: readonly Model[],
	say: (line: string) => void,
): void {
	const lines = new Map(factLines(path).map((line) => [endpointOf(factIn(line)), line]));
	const endpoints = new Set(models.map(({ endpoint }) => endpoint));
	for (const model of models) {
		const line = lines.get(model.endpoint);
		const old = line === undefined ? undefined : factIn(line);
		if (old !== undefined && makes(old, model)) continue;
		lines.set(model.endpoint, JSON.stringify(updatedFact(model, old, say)));
	}
	for (const [endpoint, line] of lines) {
		const fact = factIn(line);
		if (endpoints.has(endpoint) || fact.status === 'retired') continue;
		lines.set(endpoint, JSON.stringify({ ...fact, status: 'retired' }));
	}
	const sorted = [...lines].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line);
	writeFileSync(path, `[\n${sorted.join(',\n')}\n]\n`);
}

/** One fact a line, as they are written: `0.50` stays `0.50`. */
function factLines(path: string): string[] {
	const text = readFileSync(path, 'utf8');
	const lines = text.split('\n').filter((line) => line.startsWith('{'));
	const count = z.array(z.unknown()).parse(JSON.parse(text)).length;
	if (count !== lines.length) throw new Error(`${path} does not have one fact a line.`);
	return lines.map((line) => line.replace(/,$/, ''));
}

const factIn = (line: string): Fact => factSchema.parse(JSON.parse(line));

function updatedFact(model: Model, old: Fact | undefined, say: (line: string) => void): Fact {
	const fact = newFact(model, old, old === undefined ? new Map() : conditionsIn(old));
	if (makes(fact, model)) return fact;
	// A condition can be about a parameter that is gone.
	const plain = newFact(model, old, new Map());
	if (makes(plain, model)) return plain;
	say(`  ! the facts of ${model.endpoint} do not say all that the catalogue does`);
	return fact;
}

function makes(fact: Fact, model: Model): boolean {
	const [made] = facts.apply([fact], [], () => {});
	return isDeepStrictEqual(made, model);
}

function newFact(model: Model, old: Fact = {}, conditions: ReadonlyMap<string, unknown>): Fact {
	const { endpoint, family, task, output, status, paramsKnown, params, price } = model;
	const objects = params.filter(({ type }) => type === 'object-array').map(({ key }) => key);
	const { pricing: _old, observedObjectArrayParams: _objects, ...kept } = old;
	return {
		endpoint,
		seedName: null,
		category: task,
		categorySource: 'inferred',
		...kept,
		family,
		task,
		outputType: output,
		status: STATUS[status],
		paramsStatus: paramsKnown ? 'registry' : 'unknown',
		params: params
			.filter(({ type }) => type !== 'object-array')
			.map((param) => factOfParam(param, conditions.get(param.key))),
		...(objects.length > 0 ? { observedObjectArrayParams: objects } : {}),
		...(price === undefined ? {} : { pricing: pricingOf(price) }),
		source: 'HM-RunningHub/ComfyUI_RH_OpenAPI',
	};
}

/** The default of a list of options is written without its list. */
function factOfParam({ default: preset, ...param }: Param, condition: unknown): object {
	const value = Array.isArray(preset) ? preset[0] : preset;
	return {
		...param,
		...(value === undefined ? {} : { default: value }),
		...(condition === undefined ? {} : { condition }),
	};
}

/** What the count depends on is found in the parameters again. */
function pricingOf({ times: _times, ...price }: Price): object {
	return price;
}
