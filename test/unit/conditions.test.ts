import models from '../../catalogue/models.json';
import facts from '../simulator/models.facts.json';
import type { Condition, Model } from '../../catalogue/model';
import { InvalidInput } from '../../runninghub/base/invalidInput';
import { readInput } from '../../catalogue/wireFormat';

const all = models as Model[];

const modelOf = (endpoint: string): Model => {
	const found = all.find((model) => model.endpoint === endpoint);
	if (found === undefined) throw new Error(`no model ${endpoint}`);
	return found;
};

/** The sentences about these values alone: what else is required is not filled. */
const told = (endpoint: string, given: Record<string, unknown>): string[] => {
	try {
		readInput(modelOf(endpoint), given);
		return [];
	} catch (error) {
		if (!(error instanceof InvalidInput)) throw error;
		return [error.message, ...error.description.split(/(?<=\.) (?=[A-Z])/)].filter(
			(sentence) =>
				!/ is empty, but .* needs it(?:\.|: give)/.test(sentence) &&
				!/^(?:Allowed: |Nothing was )/.test(sentence),
		);
	}
};

const URL_OF = { image: 'https://f.example/a.jpg', video: 'https://f.example/a.mp4' };
const MP3 = 'https://f.example/a.mp3';
const images = (count: number) => Array<string>(count).fill(URL_OF.image);
const videos = (count: number) => Array<string>(count).fill(URL_OF.video);

it('none of the conditions that the facts know is lost', () => {
	const known = facts.flatMap(({ status, params }) =>
		status === 'retired' ? [] : params.filter((param) => 'condition' in param),
	);
	expect(known).toHaveLength(22);
	const kinds = (kind: Condition['kind']) =>
		all.flatMap(({ endpoint, conditions }) =>
			conditions.some((condition) => condition.kind === kind) ? [endpoint] : [],
		);
	expect(kinds('maxItemsTogether')).toHaveLength(2);
	expect(kinds('pixelRange')).toEqual(['alibaba/wan-2.7/text-to-image-pro']);
	expect(kinds('ratioRange')).toEqual(['alibaba/wan-2.7/text-to-image-pro']);
	expect(kinds('secondsRange')).toHaveLength(4);
	expect(kinds('exactlyOneOf')).toHaveLength(3);
	expect(kinds('ignoredWhenSet')).toHaveLength(2);
	expect(kinds('requiredWhen')).toHaveLength(2);
	expect(kinds('optionNotWith')).toEqual(['pixverse-v5.5/text-to-video']);
	expect(kinds('wording')).toEqual(['rhart-audio/text-to-audio/voice-clone']);
	expect(kinds('needsAnyOf')).toHaveLength(2);
	expect(kinds('anyOf')).toEqual(['vidu/reference-to-video-q2-pro']);
});

describe.each(['alibaba/wan-2.6/reference-to-video', 'alibaba/wan-2.6/reference-to-video-flash'])(
	'%s',
	(endpoint) => {
		it('takes five files in all', () => {
			expect(told(endpoint, { imageUrls: images(3), videoUrls: videos(2) })).toEqual([]);
			expect(told(endpoint, { imageUrls: images(3), videoUrls: videos(3) })).toEqual([
				`Reference Images and Reference Videos have 6 entries together; ${modelOf(endpoint).name} takes at most 5.`,
			]);
		});
	},
);

describe('alibaba/wan-2.7/text-to-image-pro', () => {
	const endpoint = 'alibaba/wan-2.7/text-to-image-pro';

	it.each([
		[{}],
		[{ width: 1024 }],
		[{ width: 4096, height: 4096 }],
		[{ width: 4096, height: 512 }],
	])('takes %j', (size) => {
		expect(told(endpoint, size)).toEqual([]);
	});

	it('does not take too few or too many pixels', () => {
		expect(told(endpoint, { width: 600, height: 600 })).toEqual([
			'Width (Pixels) and Height (Pixels) are 600 and 600, 360,000 pixels in all; Wan 2.7 Pro · Text to Image takes from 589,824 to 16,777,216.',
		]);
		expect(told(endpoint, { width: '8000', height: '8000' })[0]).toContain(
			'64,000,000 pixels in all',
		);
	});

	it('counts the side that is left empty with its default', () => {
		expect(told(endpoint, { height: 512 })[0]).toContain('are 1024 and 512, 524,288 pixels');
	});

	it('does not take a strip', () => {
		expect(told(endpoint, { width: 512, height: 8192 })).toEqual([
			'Width (Pixels) and Height (Pixels) are 512 and 8192; Wan 2.7 Pro · Text to Image supports aspect ratios from 1:8 to 8:1.',
		]);
		expect(told(endpoint, { width: 8192, height: 512 })[0]).toContain('are 8192 and 512; ');
	});
});

describe.each([
	[
		'kling-lip-sync/identify-face',
		{ videoUrl: URL_OF.video },
		{ videoId: '77' },
		'Video and Video ID',
	],
	['kling-lip-sync/lip-sync-video', { audioId: '77' }, { audioUrl: MP3 }, 'Audio ID and Audio'],
	[
		'kling-v3-4k/image-to-video',
		{ prompt: 'a fox' },
		{ multiPrompt: [{ prompt: 'a' }] },
		'Prompt and Shots',
	],
] as Array<[string, object, object, string]>)('%s', (endpoint, one, other, both) => {
	it('takes one of two', () => {
		const { name } = modelOf(endpoint);
		expect(told(endpoint, { ...one })).toEqual([]);
		expect(told(endpoint, { ...other })).toEqual([]);
		expect(told(endpoint, {})).toEqual([`${both} are empty; ${name} needs one of them.`]);
		expect(told(endpoint, { ...one, ...other })).toEqual([
			`${both} are set; ${name} takes only one of them.`,
		]);
	});
});

describe.each(['kling-video-o3-4k/reference-to-video', 'kling-video-o3-4k/text-to-video'])(
	'%s',
	(endpoint) => {
		it.each([true, 'true', 1])(
			'needs the kind of shots when there are several (%j)',
			(multiShot) => {
				expect(told(endpoint, { multiShot })).toEqual([
					`Kind of Shots is empty, but ${modelOf(endpoint).name} needs it when Several Shots is on.`,
				]);
				expect(told(endpoint, { multiShot, shotType: 'customize' })).toEqual([]);
			},
		);

		it('does not need it for one shot', () => {
			expect(told(endpoint, { multiShot: false })).toEqual([]);
			expect(told(endpoint, {})).toEqual([]);
		});
	},
);

it('a video of 10 seconds is not made in 1080p', () => {
	const endpoint = 'pixverse-v5.5/text-to-video';
	expect(told(endpoint, { duration: 10, resolution: '1080p' })).toEqual([
		'Duration (Seconds) is 10, which PixVerse v5.5 · Text to Video does not take when Resolution is 1080p.',
	]);
	expect(told(endpoint, { duration: 8, resolution: '1080p' })).toEqual([]);
	expect(told(endpoint, { duration: '10', resolution: '720p' })).toEqual([]);
});

describe('the id of a new voice', () => {
	const read = (custom_voice_id: string) =>
		told('rhart-audio/text-to-audio/voice-clone', { custom_voice_id });

	it.each(['RH-20250717', 'voice001'])('%s is one', (id) => {
		expect(read(id)).toEqual([]);
	});

	it.each(['abc1234', '1abcdefg', 'abcdefgh', '12345678'])('%s is none', (id) => {
		expect(read(id)).toEqual([
			`New Voice ID is "${id}"; MiniMax · Voice Clone takes at least 8 characters, the first a letter, with a letter and a digit.`,
		]);
	});
});

describe.each([
	'rhart-video/sparkvideo-2.0/multimodal-video',
	'rhart-video/sparkvideo-2.0-fast/multimodal-video',
])('%s', (endpoint) => {
	it('takes sound only with pictures or videos', () => {
		expect(told(endpoint, { audioUrls: MP3 })).toEqual([
			`Reference Audio is set without Reference Images or Reference Videos; ${modelOf(endpoint).name} needs at least one of them with it.`,
		]);
		expect(told(endpoint, { audioUrls: MP3, imageUrls: images(1) })).toEqual([]);
		expect(told(endpoint, { audioUrls: MP3, videoUrls: videos(1) })).toEqual([]);
		expect(told(endpoint, {})).toEqual([]);
	});
});

it('what has no effect, and how long a file is, is not refused', () => {
	expect(told('skyreels-v4/omni-reference', { aspectRatio: '16:9', refVideos: [{}] })).toEqual([]);
	expect(told('alibaba/wan-2.7/video-edit', { videoUrl: URL_OF.video })).toEqual([]);
});

it('a field that is refused for itself is not told a second time for its condition', () => {
	expect(told('kling-lip-sync/identify-face', { videoUrl: '/tmp/a.mp4' })).toHaveLength(1);
	expect(told('vidu/reference-to-video-q2-pro', { imageUrls: '/tmp/a.png' })).toHaveLength(1);
});
