import models from '../../catalogue/models.json';
import type { Model, Price } from '../../catalogue/model';
import { cataloguePrice } from '../../catalogue/price';

const all = models as Model[];

const amount = (endpoint: string, values: Record<string, unknown>): number | undefined => {
	const model = all.find((candidate) => candidate.endpoint === endpoint);
	if (model === undefined) throw new Error(`no model ${endpoint}`);
	return cataloguePrice(model, values)?.amount;
};

const priceOf = (price: Price, values: Record<string, unknown>): number | undefined => {
	const [model] = all;
	return model && cataloguePrice({ ...model, params: [], price }, values)?.amount;
};

const LISTED = { currency: 'CNY', date: '2026-04-29' };

it('a price comes with its currency, its unit and the day of the list', () => {
	const model = all.find(({ endpoint }) => endpoint === 'alibaba/happyhorse-1.0/image-to-video');
	expect(model && cataloguePrice(model, { resolution: '720p', duration: '10' })).toEqual({
		amount: 9,
		currency: 'CNY',
		unit: 'per_second',
		date: '2026-04-29',
		isLowerBound: false,
	});
});

it('a price for a call does not depend on the values', () => {
	const endpoint = 'rhart-image-v1/text-to-image';
	expect(amount(endpoint, {})).toBe(0.05);
	expect(amount(endpoint, { prompt: 'a fox', duration: '10', n: 4 })).toBe(0.05);
});

it('a price for each second counts the seconds, as text or number', () => {
	const endpoint = 'alibaba/happyhorse-1.0/text-to-video';
	expect(amount(endpoint, { resolution: '1080p', duration: '3' })).toBe(4.8);
	expect(amount(endpoint, { resolution: '1080p', duration: 15 })).toBe(24);
});

it('what is left empty counts with its documented default', () => {
	const endpoint = 'alibaba/happyhorse-1.0/text-to-video';
	expect(amount(endpoint, {})).toBe(amount(endpoint, { resolution: '1080p', duration: '5' }));
});

it('a price for each image counts the images asked for', () => {
	expect(amount('alibaba/qwen-image-2.0/text-to-image', { imageNum: '6' })).toBe(0.78);
	expect(amount('alibaba/qwen-image-2.0/text-to-image', {})).toBe(0.13);
	expect(amount('alibaba/wan-2.5-preview/text-to-image', { n: 4 })).toBe(0.52);
	expect(amount('seedream-v4/text-to-image', { maxImages: 15 })).toBe(2.1);
});

it('a price for 1,000 characters counts every thousand that is begun', () => {
	const endpoint = 'rhart-audio/text-to-audio/speech-2.8-hd';
	expect(amount(endpoint, { text: 'x' })).toBe(0.62);
	expect(amount(endpoint, { text: 'x'.repeat(1_000) })).toBe(0.62);
	expect(amount(endpoint, { text: 'x'.repeat(1_001) })).toBe(1.24);
	expect(amount(endpoint, {})).toBeUndefined();
});

it('a price for 5 seconds counts every 5 that are begun', () => {
	const price: Price = { ...LISTED, unit: 'per_5_seconds', times: 'duration', price: 0.35 };
	expect(priceOf(price, { duration: 5 })).toBe(0.35);
	expect(priceOf(price, { duration: '6' })).toBe(0.7);
});

it('a price that depends on several values is found by all of them, whatever their type', () => {
	const price: Price = {
		...LISTED,
		unit: 'per_call',
		dependsOn: ['resolution', 'sound'],
		table: { '720p|true': 2, '720p|false': 1 },
	};
	expect(priceOf(price, { resolution: '720p', sound: true })).toBe(2);
	expect(priceOf(price, { resolution: '720p', sound: 'false' })).toBe(1);
	expect(priceOf(price, { resolution: '1080p', sound: true })).toBeUndefined();
	expect(priceOf(price, { resolution: '720p' })).toBeUndefined();
});

it('a price from so much on is marked as the least', () => {
	const model = all.find(({ endpoint }) => endpoint === 'pixverse-c1/reference-to-video');
	expect(model && cataloguePrice(model, { resolution: '720p', duration: 5 })).toMatchObject({
		amount: 6.3,
		isLowerBound: true,
	});
});

it.each(['', 'long', 0, -5, NaN, null, {}, true])(
	'for %j seconds there is no price',
	(duration) => {
		const price: Price = { ...LISTED, unit: 'per_second', times: 'duration', price: 1 };
		expect(priceOf(price, { duration })).toBeUndefined();
	},
);

it('sums have no tail of binary fractions', () => {
	const price: Price = { ...LISTED, unit: 'per_second', times: 'duration', price: 0.1 };
	expect(priceOf(price, { duration: 3 })).toBe(0.3);
});

it('there is no price where it depends on the length of a file, or the list has none', () => {
	for (const endpoint of [
		'bytedance/dreamactor-v2',
		'topazlabs/video-upscale',
		'alibaba/wan-2.7/reference-to-video',
		'alibaba/wan-2.7/video-edit',
		'rhart-image/z-image/turbo',
	]) {
		expect([endpoint, amount(endpoint, { videoUrl: 'https://f.example/a.mp4' })]).toEqual([
			endpoint,
			undefined,
		]);
	}
});

it('every listed model with a rule has a price for its defaults', () => {
	const priced = all.filter(({ price }) => price !== undefined);
	expect(priced.length).toBeGreaterThan(260);
	const without = priced.filter((model) => {
		const firsts = model.params.map((param) => [
			param.key,
			param.default ??
				param.options?.[0] ??
				param.min ??
				(param.type === 'boolean' ? false : 'text'),
		]);
		const found = cataloguePrice(model, Object.fromEntries(firsts));
		return found === undefined || !(found.amount > 0);
	});
	expect(without.map(({ endpoint }) => endpoint)).toEqual([]);
});
