import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import models from '../../catalogue/models.json';
import type { Model } from '../../catalogue/model';
import { sitesWithout } from '../../catalogue/sites';
import { familyOf, nameOf } from '../../catalogue/names';
import { taskOf } from '../../catalogue/tasks';
import { updateCatalogue } from '../../scripts/lib/catalogue/update';

const ROOT = resolve(__dirname, '../..');
const FACTS = join(ROOT, 'test/simulator/models.facts.json');
/** How many models there are; more with each refresh. */
const ALL = models.length;
const COMMITTED = readFileSync(join(ROOT, 'catalogue/models.json'), 'utf8');

// Each run checks the whole catalogue by its schema, which takes a while on a busy machine.
jest.setTimeout(60_000);

let folder = '';
let file = '';
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'catalogue-'));
	file = join(folder, 'models.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

const catalogue = async (...from: string[]): Promise<string> => await updateCatalogue(file, from);

const source = (name: string, json: unknown): string => {
	const path = join(folder, name);
	writeFileSync(path, JSON.stringify(json));
	return path;
};

const written = (): string => readFileSync(file, 'utf8');
const modelOf = (endpoint: string): Model | undefined =>
	(JSON.parse(written()) as Model[]).find((model) => model.endpoint === endpoint);

const refusal = async (...from: string[]): Promise<string> =>
	await catalogue(...from).then(
		() => 'accepted',
		(error: Error) => error.message,
	);

/** A model as RunningHub's registry writes it. */
const listed = (endpoint: string, params: object[], outputType = 'video') => ({
	class_name: 'Any',
	display_name: endpoint,
	name_cn: endpoint,
	name_en: endpoint,
	endpoint,
	output_type: outputType,
	category: 'RunningHub/Any',
	params: params.map((param) => ({ label: 'x', description: 'x', ...param })),
});

const registryOf = (...entries: object[]) => ({ version: 'public-2026-06-01', models: entries });

const DURATION = {
	fieldKey: 'duration',
	type: 'LIST',
	required: true,
	defaultValue: '5',
	options: ['5', '8', '10', '15'].map((value) => ({ value, description: value })),
};
const RESOLUTION = {
	fieldKey: 'resolution',
	type: 'LIST',
	required: true,
	defaultValue: '720p',
	options: ['720p', '1080p'].map((value) => ({ value })),
};
const PIXVERSE = 'pixverse-v5.5/text-to-video';

it('the committed catalogue is what the facts make, and making it again changes nothing', async () => {
	await catalogue(FACTS);
	expect(written()).toBe(COMMITTED);
	expect(await catalogue(FACTS)).toContain(`${ALL} models: 0 new, 0 gone, 0 changed.`);
	expect(written()).toBe(COMMITTED);
});

describe('a refresh from RunningHub’s registry', () => {
	beforeEach(() => writeFileSync(file, COMMITTED));

	it('takes its parameters, and keeps what it does not know', async () => {
		const before = models.find(({ endpoint }) => endpoint === PIXVERSE) as Model;
		const printed = await catalogue(
			source('registry.json', registryOf(listed(PIXVERSE, [DURATION, RESOLUTION]))),
		);

		const after = modelOf(PIXVERSE);
		expect(after?.params).toEqual([
			{
				key: 'duration',
				type: 'enum',
				required: true,
				default: '5',
				options: ['5', '8', '10', '15'],
			},
			{
				key: 'resolution',
				type: 'enum',
				required: true,
				default: '720p',
				options: ['720p', '1080p'],
			},
		]);
		const { name, aliases, conditions, task, family, price } = before;
		expect(conditions).not.toEqual([]);
		expect(after).toMatchObject({ name, aliases, conditions, task, family, price });
		expect(printed).toMatch(
			/~ pixverse-v5\.5\/text-to-video: duration \(options .+\), .*- prompt, .*- aspectRatio/,
		);
	});

	it('drops a condition on a parameter that is gone', async () => {
		await catalogue(source('registry.json', registryOf(listed(PIXVERSE, [DURATION]))));
		expect(modelOf(PIXVERSE)?.conditions).toEqual([]);
	});

	it('drops what RunningHub does not list any more, and keeps what only others have seen', async () => {
		const printed = await catalogue(
			source('registry.json', registryOf(listed(PIXVERSE, [DURATION, RESOLUTION]))),
		);
		const kept = (JSON.parse(written()) as Model[]).filter(({ endpoint }) => endpoint !== PIXVERSE);
		expect(new Set(kept.map(({ status }) => status))).toEqual(new Set(['thirdParty']));
		const others = (models as Model[]).filter(({ status }) => status === 'thirdParty').length;
		expect(kept.length).toBe(others);
		expect(printed).toContain(`${others + 1} models: 0 new, ${ALL - others - 1} gone, 1 changed.`);
		expect(printed).toContain('- vidu/text-to-video  (Vidu Q2 · Text to Video)');
	});

	it('reads every kind of parameter, and leaves samples out', async () => {
		const params = [
			{
				fieldKey: 'prompt',
				type: 'STRING',
				required: true,
				defaultValue: 'a sample',
				maxLength: 500,
			},
			{ fieldKey: 'voice', type: 'STRING', required: false, defaultValue: 'a sample' },
			{
				fieldKey: 'tagsToUse',
				type: 'STRING',
				required: false,
				multipleInputs: true,
				maxInputNum: 4,
			},
			{
				fieldKey: 'imageUrl',
				type: 'IMAGE',
				required: true,
				defaultValue: 'https://f.example/sample.png',
				accept: '["PNG","JPG",".png"]',
				maxSize: 10,
				maxInputNum: 1,
			},
			{ fieldKey: 'videoUrls', type: 'VIDEO', required: false, maxInputNum: 1 },
			{
				fieldKey: 'seed',
				type: 'INT',
				required: false,
				defaultValue: null,
				min: 0,
				max: 9,
				step: 1,
			},
			{ fieldKey: 'weight', type: 'FLOAT', required: false, defaultValue: 0.5, step: 0 },
			{ fieldKey: 'loop', type: 'BOOLEAN', required: false, defaultValue: false },
			{
				fieldKey: 'ratio',
				type: 'LIST',
				required: false,
				defaultValue: 'empty',
				options: [{ value: 'empty' }, { value: '1:1' }],
			},
		];
		await catalogue(
			source('registry.json', registryOf(listed('maker-v2/image-to-video-fast', params))),
		);
		expect(modelOf('maker-v2/image-to-video-fast')).toEqual({
			endpoint: 'maker-v2/image-to-video-fast',
			name: 'Maker v2 Fast · Image to Video',
			family: 'maker',
			task: 'image-to-video',
			output: 'video',
			status: 'listed',
			paramsKnown: true,
			params: [
				{ key: 'prompt', type: 'text', required: true, maxLength: 500 },
				{ key: 'voice', type: 'string', required: false },
				{ key: 'tagsToUse', type: 'array-of-string', required: false, maxItems: 4 },
				{ key: 'imageUrl', type: 'image', required: true, accept: ['jpg', 'png'], maxSizeMB: 10 },
				{ key: 'videoUrls', type: 'array-of-video', required: false, maxItems: 1 },
				{ key: 'seed', type: 'integer', required: false, min: 0, max: 9, step: 1 },
				{ key: 'weight', type: 'number', required: false, default: 0.5 },
				{ key: 'loop', type: 'boolean', required: false, default: false },
				{ key: 'ratio', type: 'enum', required: false, options: ['1:1'] },
			],
			conditions: [],
			aliases: [],
		});
	});

	it('tells a model that is named as deprecated, and one of which no parameter is known', async () => {
		const old = { ...listed('maker/old', [DURATION]), name_en: 'old-[Deprecated] use another' };
		await catalogue(source('registry.json', registryOf(old, listed('maker/graph', []))));
		expect(modelOf('maker/old')?.status).toBe('deprecated');
		expect(modelOf('maker/graph')).toMatchObject({ status: 'listed', paramsKnown: false });
	});

	it('groups and names a model as the facts would, and says which site does not have it', async () => {
		for (const { endpoint, name, family, task, notOn } of models) {
			expect([endpoint, taskOf(endpoint), familyOf(endpoint)]).toEqual([endpoint, task, family]);
			expect([endpoint, nameOf(endpoint, task)]).toEqual([endpoint, name]);
			expect([endpoint, sitesWithout(endpoint)]).toEqual([endpoint, notOn ? { notOn } : {}]);
		}
		const fresh = 'rhart-video-s/text-to-video-next';
		await catalogue(source('registry.json', registryOf(listed(fresh, [DURATION]))));
		expect(modelOf(fresh)).toMatchObject({ family: 'sora', notOn: ['china'] });
	});

	it('is sorted, whatever the order of the source', async () => {
		const entries = ['maker/b', 'maker/a', PIXVERSE].map((endpoint) =>
			listed(endpoint, [DURATION]),
		);
		await catalogue(source('registry.json', registryOf(...entries)));
		const endpoints = (JSON.parse(written()) as Model[]).map(({ endpoint }) => endpoint);
		expect(endpoints).toEqual([...endpoints].sort());
	});

	it('leaves a model whose entry cannot be read as it was, and says so', async () => {
		const before = modelOf(PIXVERSE);
		const printed = await catalogue(
			source(
				'registry.json',
				registryOf(
					listed('maker/new', [DURATION]),
					listed(PIXVERSE, [{ ...DURATION, type: 'HOLOGRAM' }]),
					listed('maker/odd', [{ ...RESOLUTION, options: [] }]),
					{ name_en: 'no endpoint' },
				),
			),
		);
		expect(modelOf(PIXVERSE)).toEqual(before);
		expect(modelOf('maker/new')).toBeDefined();
		expect(modelOf('maker/odd')).toBeUndefined();
		expect(printed).toContain(`! ${PIXVERSE} is left as it was: params.0.type: `);
		expect(printed).toMatch(/! maker\/odd is left as it was: \S*options: /);
		expect(printed).toContain('! an entry without an endpoint is left as it was: ');
	});

	it('is refused where nothing in it can be read, so that not every model is gone', async () => {
		const odd = listed('maker/odd', [{ ...DURATION, type: 'HOLOGRAM' }]);
		expect(await refusal(source('registry.json', registryOf(odd)))).toContain(
			'None of its models can be read',
		);
		expect(written()).toBe(COMMITTED);
	});

	it('names two new models of one name apart, and leaves a known name to its model', async () => {
		const endpoints = ['maker/v1/text-to-video', 'maker-v1/text-to-video'];
		await catalogue(
			source('registry.json', registryOf(...endpoints.map((one) => listed(one, [DURATION])))),
		);
		expect(endpoints.map((endpoint) => modelOf(endpoint)?.name)).toEqual([
			'Maker v1 · Text to Video',
			'Maker v1 · Text to Video (maker-v1/text-to-video)',
		]);
	});

	it('can be made from an address', async () => {
		const json = JSON.stringify(registryOf(listed(PIXVERSE, [DURATION, RESOLUTION])));
		const server = createServer((_request, response) => response.end(json)).listen(0, '127.0.0.1');
		try {
			await new Promise((ready) => server.once('listening', ready));
			const address = server.address();
			const port = typeof address === 'object' ? address?.port : undefined;
			await catalogue(`http://127.0.0.1:${port}/registry.json`);
			expect(modelOf(PIXVERSE)?.params).toHaveLength(2);
		} finally {
			server.close();
		}
	});
});

describe('a refresh from RunningHub’s price list', () => {
	beforeEach(() => writeFileSync(file, COMMITTED));

	const priced = (endpoint: string, facts: object) => ({
		pricing: [{ endpoint, currency: 'CNY', updated_at: '2026-06-01', ...facts }],
	});
	const LISTED = { currency: 'CNY', date: '2026-06-01' };

	it.each([
		['/次', { price: 2 }, { ...LISTED, unit: 'per_call', price: 2 }],
		['/秒', { price: 2 }, { ...LISTED, unit: 'per_second', times: 'duration', price: 2 }],
		['/second', { price: 2 }, { ...LISTED, unit: 'per_second', times: 'duration', price: 2 }],
		['/秒起', { price: 2 }, { ...LISTED, unit: 'per_second_from', times: 'duration', price: 2 }],
		[
			'/次',
			{
				depends_on: ['resolution', 'generateAudioSwitch'],
				rules: [
					{ when: { generateAudioSwitch: true, resolution: '720p' }, price: 2 },
					{ when: { resolution: '540p', generateAudioSwitch: false }, price: 1 },
				],
			},
			{
				...LISTED,
				unit: 'per_call',
				dependsOn: ['resolution', 'generateAudioSwitch'],
				table: { '540p|false': 1, '720p|true': 2 },
			},
		],
		['/1000字符', { price: 2 }, undefined],
		['/something new', { price: 2 }, undefined],
		['/次', { price: 0 }, undefined],
		['/次', { price: 9999 }, undefined],
		['/次', { depends_on: ['size'], rules: [{ when: { size: 'L' }, price: 1 }] }, undefined],
	])('%s with %j is the rule %j', async (unit, facts, rule) => {
		await catalogue(source('prices.json', priced(PIXVERSE, { unit, ...facts })));
		expect(modelOf(PIXVERSE)?.price).toEqual(rule);
	});

	it('a price that depends on the number of images, whatever it is, is one for each image', async () => {
		const endpoint = 'seedream-v4/text-to-image';
		const facts = {
			unit: '/次',
			depends_on: ['maxImages'],
			rules: [{ when: { maxImages: '' }, price: 2 }],
		};
		await catalogue(source('prices.json', priced(endpoint, facts)));
		expect(modelOf(endpoint)?.price).toEqual({
			...LISTED,
			unit: 'per_image',
			times: 'maxImages',
			price: 2,
		});
	});

	it('a model that the list leaves out has no price, and all else of it stays', async () => {
		await catalogue(source('prices.json', priced('vidu/text-to-video', { unit: '/次', price: 2 })));
		const before = models.find(({ endpoint }) => endpoint === PIXVERSE) as Model;
		const { price: _gone, ...rest } = before;
		expect(modelOf(PIXVERSE)).toEqual(rest);
	});
});

describe('the facts that the simulator goes by', () => {
	const known = JSON.parse(readFileSync(FACTS, 'utf8')) as Array<{ endpoint: string }>;
	const linesOf = (path: string) => readFileSync(path, 'utf8').split(/,?\n/);

	it('are brought up to the same models, and left as they are where nothing is new', async () => {
		writeFileSync(file, COMMITTED);
		const facts = join(folder, 'facts.json');
		writeFileSync(facts, readFileSync(FACTS));
		const ratio = { ...RESOLUTION, fieldKey: 'aspectRatio', type: 'LIST' };
		const list = source(
			'registry.json',
			registryOf(
				...(models as Model[])
					.filter(({ status }) => status !== 'thirdParty')
					.map(({ endpoint }) => listed(endpoint, [{ ...DURATION, type: 'UNREADABLE' }])),
				listed('maker-v2/text-to-video', [DURATION, ratio]),
			),
		);
		const priced = source('prices.json', {
			pricing: [
				{ endpoint: PIXVERSE, currency: 'CNY', updated_at: '2026-06-01', unit: '/次', price: 2 },
				{
					endpoint: 'maker-v2/text-to-video',
					currency: 'CNY',
					updated_at: '2026-06-01',
					unit: '/秒',
					price: 3,
				},
			],
		});
		const printed = await updateCatalogue(file, [list, priced], facts);
		expect(printed).not.toContain('do not say all');
		const refreshed = written();
		expect(modelOf('maker-v2/text-to-video')?.price).toMatchObject({ price: 3 });

		// The facts alone make the same catalogue, and another run changes nothing.
		const fromFacts = join(folder, 'made.json');
		await updateCatalogue(fromFacts, [facts]);
		expect(readFileSync(fromFacts, 'utf8')).toBe(refreshed);
		const lines = linesOf(facts);
		await updateCatalogue(file, [list, priced], facts);
		expect(linesOf(facts)).toEqual(lines);
		expect(lines).toHaveLength(linesOf(FACTS).length + 1);
		const changed = lines.filter((line) => !linesOf(FACTS).includes(line));
		expect(changed.filter((line) => line.includes('maker-v2/text-to-video'))).toHaveLength(1);
	});

	it('of a model that is gone say so, and conditions of a parameter that is gone do not stay', async () => {
		writeFileSync(file, COMMITTED);
		const facts = join(folder, 'facts.json');
		writeFileSync(facts, readFileSync(FACTS));
		await updateCatalogue(
			file,
			[
				source('registry.json', registryOf(listed(PIXVERSE, [DURATION]))),
				source('prices.json', { pricing: [] }),
			],
			facts,
		);
		const fromFacts = join(folder, 'made.json');
		await updateCatalogue(fromFacts, [facts]);
		expect(readFileSync(fromFacts, 'utf8')).toBe(written());
		expect(JSON.parse(readFileSync(facts, 'utf8'))).toHaveLength(known.length);
	});
});

it('facts with a condition of a form that is not known are refused, so that none gets lost', async () => {
	const [fact] = JSON.parse(readFileSync(FACTS, 'utf8')) as Array<{ params: object[] }>;
	const params = [{ ...fact?.params[0], condition: { onlyOnSundays: true } }];
	expect(await refusal(source('facts.json', [{ ...fact, params }]))).toContain('onlyOnSundays');
});

it('a catalogue that would not be one is not written', async () => {
	writeFileSync(file, COMMITTED);
	const [fact] = JSON.parse(readFileSync(FACTS, 'utf8')) as Array<{ params: object[] }>;
	const params = [{ key: 'resolution', type: 'enum', required: true, options: [] }];
	expect(await refusal(source('facts.json', [{ ...fact, params }]))).toContain('options');
	expect(written()).toBe(COMMITTED);
});

it('a source of another kind, and one that is not there, are refused', async () => {
	expect(await refusal(source('other.json', { hello: 1 }))).toContain(
		'other.json has none of the known formats: facts, registry, price list.',
	);
	expect(await refusal(join(folder, 'missing.json'))).toContain('missing.json');
});

it('the command runs, and says what it wants', () => {
	const command = (...args: string[]) =>
		spawnSync(process.execPath, ['--import', 'tsx', join(ROOT, 'scripts/catalogue.ts'), ...args], {
			encoding: 'utf8',
		});
	const made = command('--to', file, '--from', FACTS);
	expect(made.stderr).toBe('');
	expect(made.stdout).toContain(`${ALL} models: ${ALL} new, 0 gone, 0 changed.`);
	expect(written()).toBe(COMMITTED);
	const without = command('--to', file);
	expect(without.status).toBe(1);
	expect(without.stderr).toContain('npm run catalogue -- --from <file or https address>');
});
