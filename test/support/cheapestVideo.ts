import type { JsonObject } from '../../runninghub/base/json';

/** The cheapest task that is known: one second, the smallest size. */
export const CHEAPEST_VIDEO: { endpoint: string; body: JsonObject; words: string } = {
	endpoint: 'vidu/text-to-video',
	body: {
		prompt: 'a paper boat on a pond',
		style: 'general',
		aspectRatio: '16:9',
		resolution: '540p',
		movementAmplitude: 'auto',
		duration: '1',
	},
	words: 'Vidu Q2 from words, 1 second, 540p',
};
