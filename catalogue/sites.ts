import type { Model } from './model';

/** Refused at www.runninghub.cn with code 40310: the first was seen, the others are reported (reference section 11.2). */
const NOT_IN_CHINA = [
	'rhart-video-s/',
	'rhart-image-n-pro/',
	'rhart-image-n-g31-flash/',
	'rhart-image-g-2/',
];

/** Where RunningHub no longer offers a model, as a fact of the catalogue. */
export function sitesWithout(endpoint: string): Pick<Model, 'notOn'> {
	return NOT_IN_CHINA.some((path) => endpoint.startsWith(path)) ? { notOn: ['china'] } : {};
}
