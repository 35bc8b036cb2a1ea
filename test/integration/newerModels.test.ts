import type { IDataObject, INodeParameters } from 'n8n-workflow';
import {
	NEW_MODELS,
	SIMULATOR_NEW_IMAGE_MODEL,
	SIMULATOR_NEW_MODEL,
	type RegistryKind,
} from '../simulator';
import {
	CONTINUE,
	CLOSED,
	credential,
	IMAGE,
	inLab,
	itemsOf,
	jsonOf,
	shown,
	until,
	type Lab,
	type More,
} from './support';
import { ModelForm } from './modelFormInEditor';

const BANANA = 'rhart-image-v1/text-to-image';

// One after the other: a process keeps the lists of a few addresses only.
jest.setTimeout(60_000);

const withRegistry = ({ simulator }: Lab, url: string): More => ({
	credentials: credential({ baseUrl: simulator.baseUrl, newerModels: true, modelListUrl: url }),
});

const formWith = (lab: Lab, kind: RegistryKind): ModelForm =>
	new ModelForm(lab, withRegistry(lab, lab.simulator.registryUrl(kind)));

const asked = ({ simulator }: Lab) =>
	simulator.requests.filter(({ path }) => path.startsWith('/registry/'));

const FILLED = {
	prompt: 'a fox of paper',
	imageUrl: IMAGE,
	duration: '10',
	fps: 16,
	foldStrength: '0.25',
	loop: 'true',
	audioUrls: 'https://sounds.example/a.mp3',
};

const BODY = {
	prompt: 'a fox of paper',
	imageUrl: IMAGE,
	duration: '10',
	fps: 16,
	foldStrength: 0.25,
	loop: true,
	audioUrls: ['https://sounds.example/a.mp3'],
};

/** A workflow that was built where the registry could be read, and exported. */
async function built(lab: Lab, model = SIMULATOR_NEW_MODEL): Promise<INodeParameters> {
	const form = formWith(lab, 'newer');
	await form.change(model);
	form.fill(model === SIMULATOR_NEW_MODEL ? FILLED : { prompt: 'a fox' });
	return { ...form.saved(), operation: 'submit' };
}

type Field = { id: string; displayName: string };
const fieldsIn = (saved: INodeParameters): Field[] =>
	(saved.parameters as unknown as { schema: Field[] }).schema;

/** The same workflow after somebody has edited what it says of its model. */
function edited(saved: INodeParameters, change: (facts: IDataObject) => unknown): INodeParameters {
	const copy = structuredClone(saved);
	for (const field of fieldsIn(copy)) {
		if (field.id !== 'model-facts') continue;
		const facts = change(JSON.parse(field.displayName) as IDataObject);
		field.displayName = typeof facts === 'string' ? facts : JSON.stringify(facts);
	}
	return copy;
}

describe('a model that is newer than the package', () => {
	it('is in the list, marked, and no known one is changed by it', async () => {
		await inLab(async (lab) => {
			const form = formWith(lab, 'newer');
			const before = await new ModelForm(lab).search('');
			const found = await form.search('');
			expect(found).toHaveLength(before.length + NEW_MODELS.length);
			expect(await form.search('paperlight')).toMatchObject([
				{
					name: expect.stringMatching(/^Paperlight v1 · Image to Video \(new\b/) as string,
					value: SIMULATOR_NEW_MODEL,
				},
				{
					name: expect.stringMatching(/^Paperlight v1 · Text to Image \(new\b/) as string,
					value: SIMULATOR_NEW_IMAGE_MODEL,
				},
			]);
			expect(found.filter(({ name }) => name.includes('(new'))).toHaveLength(NEW_MODELS.length);
			const known = await form.change(BANANA);
			const plain = await new ModelForm(lab).change(BANANA);
			expect(known.fields).toEqual(plain.fields);
		});
	});

	it('has a form of its own', async () => {
		await inLab(async (lab) => {
			const form = formWith(lab, 'newer');
			const { fields } = await form.change(SIMULATOR_NEW_MODEL);
			expect(fields.map(({ id, type, required }) => [id, type, required])).toEqual([
				['prompt', 'string', true],
				['imageUrl', 'string', true],
				['duration', 'options', true],
				['audioUrls', 'string', false],
				['fps', 'options', false],
				['foldStrength', 'number', false],
				['loop', 'boolean', false],
				['ratio', 'options', false],
			]);
			expect(form.values).toEqual({ duration: '5', loop: false });
			// By its endpoint as well.
			expect((await form.change(SIMULATOR_NEW_IMAGE_MODEL, 'endpoint')).fields).toHaveLength(2);
		});
	});

	it('is asked for without a key, once, whatever is typed', async () => {
		await inLab(async (lab) => {
			const form = formWith(lab, 'newer');
			await Promise.all([form.search(''), form.search('p')]);
			for (const text of ['pa', 'pap', 'paper']) await form.search(text);
			await form.change(SIMULATOR_NEW_MODEL);
			const requests = asked(lab);
			expect(requests.map(({ method, query, body }) => [method, query, body])).toEqual([
				['GET', {}, expect.stringMatching(/^<sent \d+ bytes>$/)],
			]);
			expect(Object.keys(requests[0]?.headers ?? {}).sort()).toEqual([
				'accept',
				'accept-encoding',
				'connection',
				'host',
				'user-agent',
			]);
			expect(lab.simulator.leaks()).toEqual([]);
		});
	});

	it('is not asked for where the credential says so, nor without one', async () => {
		await inLab(async (lab) => {
			const modelListUrl = lab.simulator.registryUrl('newer');
			const off = credential({
				baseUrl: lab.simulator.baseUrl,
				newerModels: false,
				modelListUrl,
			});
			for (const more of [{ credentials: off }, { credentials: {} }]) {
				const form = new ModelForm(lab, more);
				expect(await form.search('paperlight')).toEqual([]);
				const { fields, emptyFieldsNotice } = await form.change(SIMULATOR_NEW_MODEL);
				expect(fields).toEqual([]);
				expect(emptyFieldsNotice).toContain('Extra Fields');
			}
			expect(asked(lab)).toEqual([]);
		});
	});

	it('is one of four hundred, and the list is there in time all the same', async () => {
		await inLab(async (lab) => {
			// What this process has worked, whatever else the machine does.
			const before = process.cpuUsage();
			const found = await formWith(lab, 'larger').search('paperlight');
			const { user, system } = process.cpuUsage(before);
			expect((user + system) / 1000).toBeLessThan(1_500);
			expect(found).toHaveLength(400 + NEW_MODELS.length);
		});
	});
});

describe('a registry that is not as it should be', () => {
	const only = (found: Array<{ name: string; value: unknown }>) => {
		expect(found.length).toBeGreaterThan(300);
		expect(found.slice(0, -1).filter(({ value }) => value === '')).toEqual([]);
		return found.at(-1);
	};

	it('is read without its bad entries', async () => {
		await inLab(async (lab) => {
			const found = await formWith(lab, 'broken').search('paperlight');
			expect(found.map(({ value }) => value)).toEqual([
				SIMULATOR_NEW_MODEL,
				SIMULATOR_NEW_IMAGE_MODEL,
			]);
		});
	});

	it.each<[RegistryKind, string]>([
		['unreadable', 'gave no list of models'],
		['other', 'gave no list of models'],
		['html', 'gave no list of models'],
		['unavailable', 'answered with HTTP 503'],
		['redirect', 'redirects, which is not followed'],
		['huge', 'gave more than 4 MB'],
		['packed', 'gave more than 4 MB'],
		['slow', 'did not answer within 5 seconds'],
		['dripping', 'did not answer within 5 seconds'],
	])('%s: leaves the package’s list, with a last line that says why', async (kind, reason) => {
		await inLab(async (lab) => {
			const form = formWith(lab, kind);
			const startedAt = performance.now();
			const found = await form.search('');
			expect(performance.now() - startedAt).toBeLessThan(8_000);
			const { host } = new URL(lab.simulator.filesUrl);
			const name = `Newer models not loaded: ${host} ${reason}`;
			expect(only(found)).toEqual({ name, value: '' });

			// Not again at the next keystroke.
			expect(await form.search('paper')).toEqual([{ name, value: '' }]);
			const { emptyFieldsNotice } = await form.change('maker/next/text-to-video');
			expect(emptyFieldsNotice).toContain(`Newer models were not loaded: ${host} ${reason}.`);
			expect(asked(lab)).toHaveLength(1);
		});
	});

	it('and has 50 MB is broken off after some', async () => {
		await inLab(async (lab) => {
			await formWith(lab, 'huge').search('');
			await until(() => asked(lab)[0]?.status !== undefined);
			const sent = Number(/\d+/.exec(asked(lab)[0]?.body ?? '')?.[0]);
			expect(sent).toBeGreaterThan(4 * 1024 * 1024);
			expect(sent).toBeLessThan(20 * 1024 * 1024);
		});
	});

	it('cannot be reached: the list is there all the same', async () => {
		await inLab(async (lab) => {
			const form = new ModelForm(lab, withRegistry(lab, `${CLOSED}/models.json`));
			expect(only(await form.search(''))?.name).toBe(
				'Newer models not loaded: 127.0.0.1:1 cannot be reached',
			);
		});
	});
});

describe('a workflow with a newer model', () => {
	/** Where nobody has ever read a registry, and nobody can. */
	const elsewhere = (lab: Lab): More => withRegistry(lab, `${CLOSED}/elsewhere.json`);

	it('sends each value in the type that the model wants, and asks no registry', async () => {
		await inLab(async (lab) => {
			const saved = await built(lab);
			const before = asked(lab).length;
			const run = await lab.run(saved, elsewhere(lab));
			expect(shown(run)).toBe('');
			expect(lab.simulator.submits().map(({ json }) => json)).toEqual([BODY]);
			expect(jsonOf(run)).toMatchObject({ source: SIMULATOR_NEW_MODEL });
			await lab.run(
				{ ...saved, operation: 'submitAndWait' },
				withRegistry(lab, lab.simulator.registryUrl('newer')),
			);
			await lab.run(
				{ ...saved, operation: 'estimatePrice' },
				withRegistry(lab, lab.simulator.registryUrl('newer')),
			);
			expect(asked(lab)).toHaveLength(before);
			expect(lab.simulator.submits()).toHaveLength(2);
		});
	});

	it('is opened with the same form where the registry cannot be read, or must not be', async () => {
		await inLab(async (lab) => {
			const saved = await built(lab);
			const off = { credentials: credential({ baseUrl: lab.simulator.baseUrl }) };
			for (const more of [elsewhere(lab), off]) {
				const { fields } = await new ModelForm(lab, more).reopen(saved);
				expect(fields).toEqual(fieldsIn(saved));
			}
		});
	});

	it('takes files of the item, and expressions', async () => {
		await inLab(async (lab) => {
			const form = formWith(lab, 'newer');
			await form.change(SIMULATOR_NEW_MODEL);
			form.fill({ ...FILLED, prompt: '={{ $json.words }}', duration: '={{ $json.seconds }}' });
			const run = await lab.run(
				{ ...form.saved(), operation: 'submit' },
				{ ...elsewhere(lab), items: itemsOf({ words: 'an owl', seconds: 5 }) },
			);
			expect(shown(run)).toBe('');
			expect(lab.simulator.submits()[0]?.json).toEqual({
				...BODY,
				prompt: 'an owl',
				duration: '5',
			});
		});
	});

	it.each([
		[
			{ fps: '={{ 17 }}' },
			'Fps is "17"; Paperlight v1 · Image to Video takes it in steps of 8, counted from 8.',
		],
		[{ duration: '={{ "7" }}' }, 'takes 5, 10.'],
		[{ prompt: 'x'.repeat(501) }, 'takes at most 500.'],
		[{ imageUrl: 'https://pictures.example/fox.gif' }, 'is a .gif file'],
	])('refuses before paying what the model does not take: %j', async (values, sentence) => {
		await inLab(async (lab) => {
			const saved = await built(lab);
			const form = structuredClone(saved) as { parameters: { value: object } };
			form.parameters.value = { ...form.parameters.value, ...values };
			const run = await lab.run(form as never, elsewhere(lab));
			expect(shown(run).toLowerCase()).toContain(sentence.toLowerCase());
			expect(lab.simulator.submits()).toEqual([]);
		});
	});

	it('sends nothing that the model does not have', async () => {
		await inLab(async (lab) => {
			const form = structuredClone(await built(lab)) as { parameters: { value: object } };
			form.parameters.value = {
				...form.parameters.value,
				webhookUrl: 'https://other.example',
				extra: 1,
			};
			await lab.run(form as never, elsewhere(lab));
			expect(lab.simulator.submits()[0]?.json).toEqual(BODY);
		});
	});

	it('goes by what the package knows, once that has learned the model', async () => {
		await inLab(async (lab) => {
			const saved = await built(lab, SIMULATOR_NEW_IMAGE_MODEL);
			// As it was saved when the package did not know this model, with other facts than it has now.
			const facts = edited(saved, (before) => ({ ...before, endpoint: BANANA }));
			const long = 'x'.repeat(501);
			const learned = {
				...facts,
				model: { __rl: true, mode: 'list', value: BANANA },
				parameters: {
					...(facts.parameters as object),
					value: { prompt: long, aspectRatio: '1:1' },
				},
			} as INodeParameters;
			const run = await lab.run(learned, elsewhere(lab));
			expect(shown(run)).toBe('');
			expect(lab.simulator.submits()[0]?.json).toEqual({ prompt: long, aspectRatio: '1:1' });
			const { fields } = await new ModelForm(lab, elsewhere(lab)).reopen(learned);
			expect(fields.some(({ id }) => id === 'model-facts')).toBe(false);
		});
	});

	it.each<[string, (facts: IDataObject) => unknown]>([
		['no JSON', () => 'nonsense'],
		['an empty object', () => ({})],
		[
			'a type that nobody knows',
			(facts) => ({ ...facts, params: [{ key: 'prompt', type: 'hologram', required: true }] }),
		],
		[
			'one parameter twice',
			(facts) => ({ ...facts, params: [facts.params, facts.params].flat(2) }),
		],
		[
			'limits the wrong way round',
			(facts) => ({
				...facts,
				params: [{ key: 'fps', type: 'integer', required: true, min: 9, max: 1 }],
			}),
		],
		['a path to another call', (facts) => ({ ...facts, endpoint: '../../task/openapi/cancel' })],
	])('whose facts were edited into %s is refused in one sentence', async (_what, change) => {
		await inLab(async (lab) => {
			const nonsense = edited(await built(lab), change);
			const run = await lab.run(nonsense, elsewhere(lab));
			expect(shown(run)).toMatch(
				/^The saved form of this model cannot be read.*; choose the model again\. \| Nothing was sent and nothing was paid for\.$/,
			);
			expect(lab.simulator.submits()).toEqual([]);
			// The other items of the run, and the next run with the model chosen again, are not hurt.
			const kept = await lab.run(nonsense, { ...elsewhere(lab), ...CONTINUE });
			expect(kept.items).toHaveLength(1);
			await expect(new ModelForm(lab, elsewhere(lab)).reopen(nonsense)).resolves.toMatchObject({
				fields: [],
			});
		});
	});

	it('whose model is an expression uses no facts of another model', async () => {
		await inLab(async (lab) => {
			const saved = await built(lab);
			const run = await lab.run(
				{ ...saved, model: { __rl: true, mode: 'endpoint', value: '={{ $json.model }}' } },
				{ ...elsewhere(lab), items: itemsOf({ model: SIMULATOR_NEW_IMAGE_MODEL }) },
			);
			expect(shown(run)).toContain(`The fields of ${SIMULATOR_NEW_IMAGE_MODEL} are not known`);
			expect(lab.simulator.submits()).toEqual([]);
		});
	});
});
