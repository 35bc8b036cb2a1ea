import { loadCatalogue, type Catalogue } from '../../catalogue/catalogue';
import type { Model } from '../../catalogue/model';
import {
	createRegistryFeed,
	REGISTRY_LIMITS,
	type GetText,
	type ModelList,
} from '../../catalogue/registryFeed';
import { readRegistry } from '../../catalogue/registry';
import { readSavedModel, saveModel } from '../../catalogue/savedModel';
import { RESPONSE_TOO_LARGE, TransportError } from '../../runninghub/http/transport';
import {
	BAD_ENTRIES,
	CHANGED_MODEL_LISTED,
	manyListed,
	NEW_MODELS,
	NEW_MODELS_LISTED,
	SIMULATOR_NEW_MODEL,
} from '../simulator';

const ADDRESS = 'https://lists.example/models.json';
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const registryOf = (...models: unknown[]) => ({ version: 'public-2027-01-01', models });

const param = (fieldKey: string) => ({ fieldKey, type: 'STRING', required: false });
const list = (values: string[]) => ({
	...param('style'),
	type: 'LIST',
	options: values.map((value) => ({ value })),
});

let own: Catalogue;
beforeAll(async () => {
	own = await loadCatalogue();
});

describe('the registry', () => {
	it('is read into what the models really take', () => {
		const { models, leftOut } = readRegistry(registryOf(...NEW_MODELS_LISTED), []);
		expect(leftOut).toEqual([]);
		expect(models.map(({ endpoint, output, params }) => ({ endpoint, output, params }))).toEqual(
			NEW_MODELS.map(({ endpoint, outputType, params }) => ({
				endpoint,
				output: outputType,
				params,
			})),
		);
		expect(models.map(({ name }) => name)).toEqual([
			'Paperlight v1 · Image to Video',
			'Paperlight v1 · Text to Image',
		]);
	});

	it.each(BAD_ENTRIES.map((entry) => [JSON.stringify(entry).slice(0, 100), entry] as const))(
		'is read without an entry that cannot be: %s',
		(_what, entry) => {
			const { models, leftOut } = readRegistry(registryOf(entry, ...NEW_MODELS_LISTED), []);
			expect(models).toHaveLength(NEW_MODELS_LISTED.length);
			expect(leftOut).toEqual([
				{ endpoint: expect.any(String), why: expect.stringMatching(/\w/) as string },
			]);
		},
	);

	it.each([
		['too many parameters', { params: Array.from({ length: 101 }, (_, n) => param(`p${n}`)) }],
		['a long key', { params: [param('k'.repeat(101))] }],
		['a long endpoint', { endpoint: `maker/${'x'.repeat(200)}` }],
		['too many options', { params: [list(Array.from({ length: 501 }, (_, n) => `o${n}`))] }],
		['a long option', { params: [list(['x'.repeat(201)])] }],
		['an option that turns the text around', { params: [list(['\u202egpj'])] }],
		['an endpoint with a query', { endpoint: 'maker/x?apiKey=1' }],
		['an endpoint that leads elsewhere', { endpoint: 'maker/./../query' }],
		['an endpoint of dots', { endpoint: '..' }],
		['an endpoint on another host', { endpoint: '//other.example/x' }],
	])('is read without %s', (_what, more) => {
		const entry = { endpoint: 'maker/x', output_type: 'video', params: [param('prompt')], ...more };
		const { models } = readRegistry(registryOf(entry, ...NEW_MODELS_LISTED), []);
		expect(models).toHaveLength(NEW_MODELS_LISTED.length);
	});
});

describe('the models of the day', () => {
	let now = 0;
	let asked: string[] = [];
	let answer: () => ReturnType<GetText>;
	let read: (address?: string) => Promise<ModelList>;

	const giving =
		(json: unknown, status = 200) =>
		async () => ({ status, text: typeof json === 'string' ? json : JSON.stringify(json) });
	const failing = (code: string) => async () => {
		throw new TransportError('perhaps', code);
	};

	beforeEach(() => {
		now = 0;
		asked = [];
		answer = giving(registryOf(...NEW_MODELS_LISTED, CHANGED_MODEL_LISTED));
		const feed = createRegistryFeed(() => now);
		read = async (address = ADDRESS) =>
			await feed(address, async (url) => {
				asked.push(url);
				return await answer();
			});
	});

	it('are those of the package, as it has them, and those that it does not have', async () => {
		const { catalogue, newer, problem } = await read();
		expect(problem).toBeUndefined();
		expect([...newer].sort()).toEqual(NEW_MODELS.map(({ endpoint }) => endpoint).sort());
		expect(catalogue.models).toHaveLength(own.models.length + NEW_MODELS.length);
		for (const model of own.models) expect(catalogue.find(model.endpoint)).toBe(model);
		expect(catalogue.search('paperlight').map(({ endpoint }) => endpoint)).toEqual([
			SIMULATOR_NEW_MODEL,
			'paperlight-v1/text-to-image',
		]);
	});

	it('are asked for once a day, by however many at the same time', async () => {
		await Promise.all([read(), read(), read()]);
		now += DAY - 1;
		await read();
		expect(asked).toEqual([ADDRESS]);
		now += 1;
		await read();
		expect(asked).toHaveLength(2);
	});

	it('are asked for again some minutes after it failed, and not at each keystroke', async () => {
		answer = failing('ECONNREFUSED');
		for (let keystroke = 0; keystroke < 10; keystroke++) {
			const { catalogue, newer, problem } = await read();
			expect(catalogue.models).toHaveLength(own.models.length);
			expect(newer.size).toBe(0);
			expect(problem).toBe('lists.example cannot be reached');
			now += MINUTE - 1;
		}
		expect(asked).toHaveLength(1);
		answer = giving(registryOf(...NEW_MODELS_LISTED));
		now += MINUTE;
		expect((await read()).newer.size).toBe(2);
		expect(asked).toHaveLength(2);
	});

	it('of the day before count while those of today cannot be had', async () => {
		await read();
		now += DAY;
		answer = failing('ECONNREFUSED');
		const { newer, problem } = await read();
		expect(newer.size).toBe(2);
		expect(problem).toBe('lists.example cannot be reached');
	});

	it('come from each address for itself', async () => {
		const mirror = 'https://mirror.example/models.json';
		await read();
		await read(mirror);
		await read();
		expect(asked).toEqual([ADDRESS, mirror]);
	});

	it.each<[string, () => ReturnType<GetText>, string]>([
		['a timeout', failing('ETIMEDOUT'), 'did not answer within 5 seconds'],
		['one that n8n broke off', failing('ERR_CANCELED'), 'did not answer within 5 seconds'],
		['too much', failing(RESPONSE_TOO_LARGE), 'gave more than 4 MB'],
		['a host that nobody knows', failing('ENOTFOUND'), 'cannot be reached'],
		['an error', giving('', 503), 'answered with HTTP 503'],
		['a redirect', giving('', 302), 'redirects, which is not followed'],
		['a page', giving('<!DOCTYPE html>'), 'gave no list of models'],
		['other JSON', giving({ items: [] }), 'gave no list of models'],
		['an empty list', giving(registryOf()), 'gave no list of models'],
		['nothing that can be read', giving(registryOf(...BAD_ENTRIES)), 'gave no list of models'],
	])('are those of the package after %s, with the reason', async (_what, answers, problem) => {
		answer = answers;
		const list = await read();
		expect(list.catalogue.models).toHaveLength(own.models.length);
		expect(list.problem).toBe(`lists.example ${problem}`);
	});

	it.each(['', 'lists.example', 'file:///etc/passwd', 'javascript:alert(1)'])(
		'are those of the package where the address is %j, and nothing is asked',
		async (address) => {
			const { problem } = await read(address);
			expect(problem).toBe('its address in the credential is not an address');
			expect(asked).toEqual([]);
		},
	);

	it('are never told with a login or a path that the address has', async () => {
		answer = failing('ECONNREFUSED');
		const { problem } = await read('https://me:secret@lists.example/private/models.json');
		expect(problem).toBe('lists.example cannot be reached');
	});

	it('are read within the time that a list may take, 400 of them too', async () => {
		answer = giving(registryOf(...manyListed(400), ...NEW_MODELS_LISTED));
		// What this process has worked, whatever else the machine does.
		const before = process.cpuUsage();
		const { catalogue, newer } = await read();
		expect(newer.size).toBe(402);
		expect(catalogue.search('paperlight x399')).toHaveLength(1);
		const { user, system } = process.cpuUsage(before);
		expect((user + system) / 1000).toBeLessThan(1_500);
	});

	it('fit into what is taken: RunningHub’s own list has a million bytes', () => {
		const size = JSON.stringify(registryOf(...manyListed(400))).length;
		expect(size).toBeGreaterThan(1_000_000);
		expect(size).toBeLessThan(REGISTRY_LIMITS.bytes);
	});
});

describe('a model that is saved with its form', () => {
	const [model] = readRegistry(registryOf(...NEW_MODELS_LISTED), []).models as [Model];

	it('is the same when it is read again', () => {
		expect(readSavedModel(saveModel(model))).toEqual(model);
	});

	const edited = (change: (saved: { endpoint: string; params: object[] }) => object) =>
		JSON.stringify(change(JSON.parse(saveModel(model)) as never));

	it.each([
		['no text', 5],
		['no JSON', '{'],
		['a list', '[]'],
		['nothing', '{}'],
		[
			'a type that is not known',
			edited((saved) => ({ ...saved, params: [{ ...saved.params[0], type: 'hologram' }] })),
		],
		['a price', edited((saved) => ({ ...saved, price: { price: 0 } }))],
		['parameters that are no list', edited((saved) => ({ ...saved, params: {} }))],
		[
			'one parameter twice',
			edited((saved) => ({ ...saved, params: [...saved.params, ...saved.params] })),
		],
		[
			'a dangerous key',
			edited((saved) => ({ ...saved, params: [{ ...saved.params[0], key: '__proto__' }] })),
		],
		[
			'an endpoint of another call',
			edited((saved) => ({ ...saved, endpoint: '../../task/openapi/cancel' })),
		],
		['far too much', edited((saved) => ({ ...saved, endpoint: 'x'.repeat(300_000) }))],
	])('is refused in one sentence when it is %s', (_what, text) => {
		expect(() => readSavedModel(text)).toThrow(
			/^The saved form of this model cannot be read.*; choose the model again\.$/,
		);
	});
});
