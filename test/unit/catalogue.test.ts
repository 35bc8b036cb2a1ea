import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import facts from '../simulator/models.facts.json';
import models from '../../catalogue/models.json';
import { keysOf } from '../../catalogue/conditions';
import { familyName, labelOf, taskName } from '../../catalogue/labels';
import type { Model, Param } from '../../catalogue/model';
import { optionLabel } from '../../catalogue/optionLabel';
import { fieldsOf } from '../../nodes/RunningHub/methods/modelFields';
import { findViduModel, VIDU_MODELS } from '../../catalogue/vidu';

const all = models as Model[];
const offered = facts.filter(({ status }) => status !== 'retired');
const modelOf = (endpoint: string): Model | undefined =>
	all.find((model) => model.endpoint === endpoint);

describe('catalogue/models.json', () => {
	it('has every model of the facts that is not retired, sorted by its endpoint', () => {
		expect(all.map(({ endpoint }) => endpoint)).toEqual(offered.map(({ endpoint }) => endpoint));
	});

	it('has one model a line, so that a refresh can be read as a diff', () => {
		const lines = readFileSync(resolve(__dirname, '../../catalogue/models.json'), 'utf8').split(
			'\n',
		);
		expect(lines).toHaveLength(all.length + 3);
	});

	it('leaves no fact of a parameter out', () => {
		for (const fact of offered) {
			const params = fact.params.map((param: Record<string, unknown>) => {
				// Told elsewhere: as conditions of the model, and by never sending what is not set.
				const { condition: _condition, omitWhenUnset: _omit, ...kept } = param;
				if (param.type === 'array-of-enum') return { ...kept, default: [param.default] };
				// The default of a list of words is a sample.
				const { default: _sample, ...withoutDefault } = kept;
				return param.type === 'array-of-string' ? withoutDefault : kept;
			});
			const objects = (fact.observedObjectArrayParams ?? []).map((key) => ({
				key,
				type: 'object-array',
				required: false,
			}));
			const model = modelOf(fact.endpoint);
			expect([fact.endpoint, model?.params]).toEqual([fact.endpoint, [...params, ...objects]]);
			expect(model?.paramsKnown).toBe(fact.paramsStatus !== 'unknown');
		}
	});

	it('tells what comes out by what the model does, where the registry is mistaken', () => {
		const output = (endpoint: string) => modelOf(endpoint)?.output;
		expect(output('kling-lip-sync/tts')).toBe('audio');
		expect(output('pixverse-v6/extend')).toBe('video');
		expect(output('marble-1.1/video-to-world')).toBe('3d');
		expect(output('topazlabs/image-upscale-cgi')).toBe('image');
		expect(output('topazlabs/video-upscale')).toBe('video');
	});

	it('names the models as people do, no two of them the same', () => {
		expect(modelOf('kling-v3.0-pro/image-to-video')?.name).toBe('Kling v3.0 Pro · Image to Video');
		expect(modelOf('rhart-video-s/text-to-video')?.name).toBe('Sora 2 Low Price · Text to Video');
		expect(modelOf('rhart-image-n-pro-official/edit')?.name).toBe(
			'Nano Banana Pro Official · Edit',
		);
		expect(modelOf('youchuan/text-to-image-v81')?.name).toBe('Midjourney v8.1 · Text to Image');
		expect(modelOf('minimax/hailuo-h3/multimodal-to-video')?.name).toBe(
			'Hailuo H3 · Multimodal to Video',
		);
		expect(modelOf('kling-lip-sync/tts')?.name).toBe('Kling Lip Sync · TTS');
		expect(modelOf('alibaba/qwen3-tts-flash')?.name).toBe('Qwen3 TTS Flash · Text to Audio');
		expect(modelOf('mureka-ai/mureka-v7.6/generate-bgm')?.name).toBe(
			'Mureka v7.6 · Generate Background Music',
		);
		expect(modelOf('topazlabs/video-starlight')?.name).toBe('Topaz Starlight · Video Upscale');
		expect(modelOf('vidu/short-play-q3-ad')?.name).toBe('Vidu Q3 Ad · Short Play');
		const names = all.map(({ name }) => name);
		expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
		for (const name of names) {
			expect(name).not.toMatch(/rhart|sparkvideo|youchuan|volc-|undefined|deprecated|\bv\d\d/i);
			expect(name).not.toMatch(/\bTts\b|\bBgm\b|\bLora\b| · Other$/);
		}
	});

	it('has a group for each kind of work, and no model without one', () => {
		const groups = new Set(all.map(({ task }) => taskName(task)));
		for (const group of [
			...['Short Play', 'Video Translation', 'Subtitle Removal', 'Voice', 'Song Edit'],
			...[
				'Text to Audio',
				'Text to Music',
				'Text to Lyrics',
				'Frame Interpolation',
				'Video Effects',
			],
		]) {
			expect(groups).toContain(group);
		}
		expect(groups).not.toContain('Other');
	});

	it('knows which models www.runninghub.cn refuses, and no others', () => {
		const missing = all.filter(({ notOn }) => notOn !== undefined).map(({ endpoint }) => endpoint);
		const paths = [...new Set(missing.map((endpoint) => endpoint.split('/')[0]))];
		expect(paths).toEqual([
			'rhart-image-g-2',
			'rhart-image-n-g31-flash',
			'rhart-image-n-pro',
			'rhart-video-s',
		]);
		expect(missing).toContain('rhart-video-s/text-to-video');
	});

	it('has no condition on a parameter that is unknown, but for one that only the help tells', () => {
		for (const { params, conditions } of all) {
			for (const condition of conditions) {
				if (condition.kind === 'ignoredWhenSet') continue;
				const unknown = keysOf(condition).filter(
					(key) => !params.some((param) => param.key === key),
				);
				expect([condition, unknown]).toEqual([condition, []]);
			}
		}
	});
});

describe('labels', () => {
	const keys = [...new Set(all.flatMap(({ params }) => params.map(({ key }) => key)))];

	it('every parameter has a label for people, and no two of a model the same', () => {
		expect(keys.length).toBeGreaterThanOrEqual(245);
		for (const { endpoint, params } of all) {
			const labels = params.map(({ key }) => labelOf(key));
			expect([endpoint, labels]).toEqual([endpoint, [...new Set(labels)]]);
			for (const label of labels) expect(label).toMatch(/^[A-Z]/);
		}
	});

	it('a unit stands in the label', () => {
		for (const [key, unit] of [
			['duration', 'Seconds'],
			['width', 'Pixels'],
			['soundStartTime', 'Milliseconds'],
			['sampleRate', 'Hz'],
			['targetFps', 'FPS'],
		] as const) {
			expect(labelOf(key)).toMatch(new RegExp(`\\(${unit}\\)$`));
		}
	});

	it('a key that is not known, or that every object has, speaks for itself', () => {
		for (const key of ['brandNew', 'constructor', '__proto__']) {
			expect(labelOf(key)).toBe(key);
		}
	});

	it('tasks and families have names', () => {
		expect(taskName('image-to-3d')).toBe('Image to 3D');
		expect(taskName('start-end-to-video')).toBe('Start and End to Video');
		expect(familyName('nano-banana')).toBe('Nano Banana');
		expect(familyName('kling')).toBe('Kling');
	});
});

it('an option is written as people read it', () => {
	expect(optionLabel('resolution', '4k')).toBe('4K');
	expect(optionLabel('aspectRatio', 'auto')).toBe('Auto');
	expect(optionLabel('targetLangs', 'pt')).toBe('Portuguese');
	expect(optionLabel('anything', 'id')).toBe('Id');
	const id = 'ca4e2a5b6ba3429aa32f1b6ce8095e49';
	expect(optionLabel('templateId', id)).toBe(id);
	for (const { endpoint, params } of all) {
		for (const { key, options = [] } of params) {
			const labels = options.map((option) => optionLabel(key, option));
			expect([endpoint, key, new Set(labels).size]).toEqual([endpoint, key, options.length]);
		}
	}
});

/** n8n shows so much of a label in a panel of the usual width. */
const CHARACTERS_SHOWN = 29;

it('the label of a field is short enough to be read', () => {
	for (const model of all) {
		for (const { id, displayName } of fieldsOf(model)) {
			const isShort = displayName.length <= CHARACTERS_SHOWN;
			expect([model.endpoint, id, displayName, isShort]).toEqual([
				model.endpoint,
				id,
				displayName,
				true,
			]);
			expect(displayName).not.toMatch(/undefined|NaN|\p{Script=Han}/u);
		}
	}
});

describe('the Vidu models', () => {
	it('are the 24 of the facts, and keep the names that their form has', () => {
		expect(VIDU_MODELS.map(({ endpoint, name }) => [endpoint, name])).toEqual([
			['vidu/image-to-video-q2-pro', 'Vidu Q2 Pro'],
			['vidu/image-to-video-q2-pro-fast', 'Vidu Q2 Pro Fast'],
			['vidu/image-to-video-q2-turbo', 'Vidu Q2 Turbo'],
			['vidu/image-to-video-q3-pro', 'Vidu Q3 Pro'],
			['vidu/image-to-video-q3-pro-fast', 'Vidu Q3 Pro Fast'],
			['vidu/image-to-video-q3-turbo', 'Vidu Q3 Turbo'],
			['vidu/reference-to-video-q2', 'Vidu Q2'],
			['vidu/reference-to-video-q2-pro', 'Vidu Q2 Pro'],
			['vidu/reference-to-video-q3', 'Vidu Q3'],
			['vidu/reference-to-video-q3-ad', 'Vidu Q3 Ad'],
			['vidu/reference-to-video-q3-drama', 'Vidu Q3 Drama'],
			['vidu/reference-to-video-q3-mix', 'Vidu Q3 Mix'],
			['vidu/short-play-q3-ad', 'Vidu Q3 Ad'],
			['vidu/short-play-q3-drama', 'Vidu Q3 Drama'],
			['vidu/start-end-to-video-q2-pro', 'Vidu Q2 Pro'],
			['vidu/start-end-to-video-q2-pro-fast', 'Vidu Q2 Pro Fast'],
			['vidu/start-end-to-video-q2-turbo', 'Vidu Q2 Turbo'],
			['vidu/start-end-to-video-q3-pro', 'Vidu Q3 Pro'],
			['vidu/start-end-to-video-q3-pro-fast', 'Vidu Q3 Pro Fast'],
			['vidu/start-end-to-video-q3-turbo', 'Vidu Q3 Turbo'],
			['vidu/text-to-video', 'Vidu Q2'],
			['vidu/text-to-video-q3-pro', 'Vidu Q3 Pro'],
			['vidu/text-to-video-q3-pro-fast', 'Vidu Q3 Pro Fast'],
			['vidu/text-to-video-q3-turbo', 'Vidu Q3 Turbo'],
		]);
	});

	it('are found by their endpoint, and nothing else is', () => {
		for (const model of VIDU_MODELS) expect(findViduModel(model.endpoint)).toBe(model);
		for (const other of ['', 'vidu/nobody', 'constructor', 'kling-elements']) {
			expect(findViduModel(other)).toBeUndefined();
		}
	});

	it('every enum of theirs has options to choose from, each of them once', () => {
		const enums = VIDU_MODELS.flatMap(({ params }) => params).filter(
			(param): param is Param & { options: string[] } => param.type === 'enum',
		);
		for (const { options } of enums) {
			expect(options.length).toBeGreaterThan(0);
			expect(new Set(options).size).toBe(options.length);
		}
	});
});
