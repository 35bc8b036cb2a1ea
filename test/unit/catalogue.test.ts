import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import facts from '../simulator/models.facts.json';
import { labelOf } from '../../catalogue/labels';
import { findViduModel, VIDU_MODELS } from '../../catalogue/vidu';

const ROOT = resolve(__dirname, '../..');

describe('catalogue/vidu.json', () => {
	it('is what the facts make', () => {
		// The script writes beside itself, so it works in a copy.
		const copy = mkdtempSync(join(tmpdir(), 'catalogue-'));
		try {
			for (const folder of ['scripts', 'catalogue']) mkdirSync(join(copy, folder));
			cpSync(join(ROOT, 'scripts/catalogue.mjs'), join(copy, 'scripts/catalogue.mjs'));
			const from = join(ROOT, 'test/simulator/models.facts.json');
			execFileSync(process.execPath, [join(copy, 'scripts/catalogue.mjs'), '--from', from]);
			expect(readFileSync(join(copy, 'catalogue/vidu.json'), 'utf8')).toBe(
				readFileSync(join(ROOT, 'catalogue/vidu.json'), 'utf8'),
			);
		} finally {
			rmSync(copy, { recursive: true });
		}
	});

	it('leaves no fact of a parameter out', () => {
		for (const { endpoint, params } of VIDU_MODELS) {
			const fact = facts.find((one) => one.endpoint === endpoint);
			expect([endpoint, params]).toEqual([endpoint, fact?.params]);
		}
	});

	it('has no model that is not offered any more', () => {
		for (const { endpoint } of VIDU_MODELS) {
			expect(facts.find((one) => one.endpoint === endpoint)?.status).toBe('listed');
		}
	});
});

describe.each(VIDU_MODELS.map((model) => [model.endpoint, model] as const))(
	'%s',
	(endpoint, model) => {
		it('is found by its endpoint', () => {
			expect(findViduModel(endpoint)).toBe(model);
		});

		it('every default is a value that the model takes', () => {
			for (const { key, type, default: preset, options, min, max } of model.params) {
				if (preset === undefined) continue;
				if (type === 'enum')
					expect([key, options]).toEqual([key, expect.arrayContaining([preset])]);
				if (type === 'boolean') expect([key, typeof preset]).toEqual([key, 'boolean']);
				if (type === 'integer') {
					expect([key, Number.isInteger(preset)]).toEqual([key, true]);
					expect(Number(preset)).toBeGreaterThanOrEqual(min ?? -Infinity);
					expect(Number(preset)).toBeLessThanOrEqual(max ?? Infinity);
				}
			}
		});

		it('every enum has options, each of them once, as text', () => {
			for (const { type, options = [] } of model.params) {
				if (type !== 'enum') continue;
				expect(options.length).toBeGreaterThan(1);
				expect(new Set(options).size).toBe(options.length);
				for (const option of options) expect(typeof option).toBe('string');
			}
		});

		it('every parameter has a label for people', () => {
			for (const { key } of model.params) expect(labelOf(key)).toMatch(/^[A-Z]/);
		});
	},
);

it('names tell the models of one task apart', () => {
	const names = VIDU_MODELS.map(({ task, name }) => `${task}: ${name}`);
	expect(new Set(names).size).toBe(names.length);
});

it.each(['', 'vidu/nobody', 'constructor'])('%j is no model', (endpoint) => {
	expect(findViduModel(endpoint)).toBeUndefined();
});
