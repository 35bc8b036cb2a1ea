import { loadCatalogue, type Catalogue } from '../../catalogue/catalogue';
import { listEntry } from '../../catalogue/listEntry';
import type { Model } from '../../catalogue/model';
import { cataloguePrice } from '../../catalogue/price';

let catalogue: Catalogue;
beforeAll(async () => {
	catalogue = await loadCatalogue();
});

const modelOf = (endpoint: string): Model => {
	const model = catalogue.find(endpoint);
	if (model === undefined) throw new Error(`no model ${endpoint}`);
	return model;
};
const shown = (endpoint: string): string => listEntry(modelOf(endpoint), 'international').name;

/** A model of which little is known, as from another source than the package. */
const BARE: Model = {
	endpoint: 'maker/new-model/text-to-video',
	name: 'New Model · Text to Video',
	family: 'maker',
	task: 'text-to-video',
	output: 'video',
	status: 'listed',
	paramsKnown: true,
	params: [],
	conditions: [],
	aliases: [],
};

it.each([
	// A second of 720p costs 0.9, and 3 seconds are the least.
	['alibaba/happyhorse-1.0/image-to-video', 'from 2.7 CNY, ≤ 15 s'],
	['alibaba/wan-2.5-preview/text-to-image', 'from 0.13 CNY'],
	['minimax/hailuo-h3/text-to-video', '≤ 15 s'],
	['rhart-text-g-25-pro/text-to-text', 'from 0.02 CNY'],
	['rhart-image-g-1.5/edit-[Deprecated]', 'deprecated, from 0.03 CNY'],
])('%s is shown with what it makes and costs: %s', (endpoint, details) => {
	expect(shown(endpoint)).toBe(`${modelOf(endpoint).name} (${details})`);
});

it('what is not known is left out', () => {
	expect(shown('rhart-image/f-2-dev/edit')).toBe('FLUX.2 Dev · Edit');
	expect(listEntry(BARE, 'international')).toEqual({
		name: 'New Model · Text to Video',
		value: 'maker/new-model/text-to-video',
		url: 'https://www.runninghub.ai/call-api/search-api/standard-model?search=maker',
	});
});

it('a mark stands before what it makes and costs, as for a model that is not in the package', () => {
	const params: Model['params'] = [{ key: 'duration', type: 'integer', required: true, max: 12 }];
	const price = { currency: 'CNY', unit: 'per_call', date: '2026-06-01', price: 1_234.5 } as const;
	const { name } = listEntry({ ...BARE, params, price }, 'international', 'new');
	expect(name).toBe('New Model · Text to Video (new, from 1,234.5 CNY, ≤ 12 s)');
});

it('the price of a value that the model no longer takes does not count', () => {
	const resolution = { key: 'resolution', type: 'enum', required: true } as const;
	const table = { '480p': 0.1, '720p': 0.5, '1080p': 0.9 };
	const price = { currency: 'CNY', unit: 'per_call', date: '2026-06-01' } as const;
	const model: Model = {
		...BARE,
		params: [{ ...resolution, options: ['720p', '1080p'] }],
		price: { ...price, dependsOn: ['resolution'], table },
	};
	expect(listEntry(model, 'international').name).toContain('(from 0.5 CNY)');
});

it('a model that www.runninghub.cn refuses says so there, and only there', () => {
	const sora = modelOf('rhart-video-s/text-to-video');
	expect(listEntry(sora, 'china').name).toBe(
		`Not on www.runninghub.cn: ${listEntry(sora, 'international').name}`,
	);
	const official = modelOf('rhart-video-s-official/text-to-video');
	expect(listEntry(official, 'china').name).toMatch(/^Sora 2 Official/);
});

it('the page is that of the credential’s site, searched for the name that the models have there', () => {
	const page = 'call-api/search-api/standard-model?search=';
	const kling = modelOf('kling-v3.0-pro/image-to-video');
	expect(listEntry(kling, 'international').url).toBe(`https://www.runninghub.ai/${page}kling`);
	expect(decodeURIComponent(listEntry(kling, 'china').url)).toBe(
		`https://www.runninghub.cn/${page}可灵`,
	);
	for (const model of catalogue.models) {
		for (const site of ['china', 'international'] as const) {
			expect(URL.canParse(listEntry(model, site).url)).toBe(true);
		}
	}
});

it('no two entries of the list look the same', () => {
	const names = catalogue.models.map((model) => listEntry(model, 'china').name);
	expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
	for (const name of names) expect(name).not.toMatch(/undefined|NaN|Infinity|\(\)|≤ -/);
});

it('no call costs less than what its model’s entry says', () => {
	let priced = 0;
	for (const model of catalogue.models) {
		const least = Number(/from ([\d,.]+) CNY/.exec(shown(model.endpoint))?.[1]?.replace(',', ''));
		expect([model.endpoint, least > 0]).toEqual([model.endpoint, model.price !== undefined]);
		// With the values that the form begins with; their durations and sizes are not the least.
		const usual = cataloguePrice(model, {})?.amount;
		if (usual === undefined) continue;
		expect([model.endpoint, usual >= least - 1e-4]).toEqual([model.endpoint, true]);
		priced += 1;
	}
	expect(priced).toBeGreaterThan(200);
});
