import type { INodeProperties } from 'n8n-workflow';
import { VIDU_MODELS } from '../../../../catalogue/vidu';
import type { Model } from '../../../../catalogue/model';
import { optionName } from './optionName';

export interface Mode {
	value: string;
	name: string;
	description: string;
	/** The `task` of its models in the catalogue. */
	task: string;
	defaultModel: string;
}

export const MODES: readonly Mode[] = [
	{
		value: 'imageToVideo',
		name: 'Image to Video',
		description: 'Bring one picture to life',
		task: 'image-to-video',
		defaultModel: 'vidu/image-to-video-q2-turbo',
	},
	{
		value: 'referenceToVideo',
		name: 'Reference to Video',
		description: 'Keep people and things of reference pictures the same in a new scene',
		task: 'reference-to-video',
		defaultModel: 'vidu/reference-to-video-q2',
	},
	{
		value: 'startEndToVideo',
		name: 'Start and End to Video',
		description: 'Go from a first picture to a last one',
		task: 'start-end-to-video',
		defaultModel: 'vidu/start-end-to-video-q2-turbo',
	},
	{
		value: 'textToVideo',
		name: 'Text to Video',
		description: 'Make a video from words alone',
		task: 'text-to-video',
		defaultModel: 'vidu/text-to-video',
	},
];

export const DEFAULT_MODE = 'imageToVideo';

export const modeProperties: INodeProperties[] = [
	{
		displayName: 'Mode',
		name: 'mode',
		type: 'options',
		noDataExpression: true,
		default: DEFAULT_MODE,
		description: 'What the video is made from',
		options: MODES.map(({ name, value, description }) => ({ name, value, description })),
	},
	...MODES.map(
		({ value, task, defaultModel }): INodeProperties => ({
			displayName: 'Model',
			name: 'model',
			type: 'options',
			default: defaultModel,
			description: 'Q3 is newer than Q2. What each costs is on the model’s page on RunningHub.',
			displayOptions: displayFor(value),
			options: modelsOf(task).map((model) => ({
				name: model.name,
				value: model.endpoint,
				description: summary(model),
			})),
		}),
	),
];

/**
 * That of the default mode by `hide`, so that it holds before the mode is set too: the editor then replaces what another
 * resource has left in `model`.
 */
function displayFor(mode: string): INodeProperties['displayOptions'] {
	if (mode !== DEFAULT_MODE) return { show: { mode: [mode] } };
	const others = MODES.map(({ value }) => value).filter((value) => value !== mode);
	return { hide: { mode: others } };
}

export function modelsOf(task: string): Model[] {
	return VIDU_MODELS.filter((model) => model.task === task).sort((a, b) =>
		a.name.localeCompare(b.name, 'en'),
	);
}

/** What tells the models apart, e.g. `1–16 s, up to 1080p, with sound`. */
function summary({ params }: Model): string {
	const find = (key: string) => params.find((param) => param.key === key);
	const duration = find('duration');
	const first = duration?.options?.[0] ?? duration?.min;
	const last = duration?.options?.at(-1) ?? duration?.max;
	const sound = find('audio') ? ', with sound' : find('bgm') ? ', with background music' : '';
	const largest = optionName(find('resolution')?.options?.at(-1) ?? '');
	return `${first}–${last} s, up to ${largest}${sound}`;
}
