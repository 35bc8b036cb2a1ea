import type { INodeProperties } from 'n8n-workflow';
import { priceOf } from '../../../../catalogue/listEntry';
import type { Model } from '../../../../catalogue/model';
import { modelPage } from '../../../../catalogue/modelPage';
import { optionLabel } from '../../../../catalogue/optionLabel';
import { VIDU_MODELS } from '../../../../catalogue/vidu';

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
		description: 'Animate an image',
		task: 'image-to-video',
		defaultModel: 'vidu/image-to-video-q2-turbo',
	},
	{
		value: 'referenceToVideo',
		name: 'Reference to Video',
		description: 'Keep people and objects from reference images consistent in a new scene',
		task: 'reference-to-video',
		defaultModel: 'vidu/reference-to-video-q2-pro',
	},
	{
		value: 'startEndToVideo',
		name: 'Start and End to Video',
		description: 'Generate the video between a first and a last image',
		task: 'start-end-to-video',
		defaultModel: 'vidu/start-end-to-video-q2-turbo',
	},
	{
		value: 'textToVideo',
		name: 'Text to Video',
		description: 'Generate a video from text only',
		task: 'text-to-video',
		defaultModel: 'vidu/text-to-video',
	},
	{
		value: 'shortPlay',
		name: 'Short Play',
		description: 'Generate a short play or an ad from a script',
		task: 'short-play',
		defaultModel: 'vidu/short-play-q3-drama',
	},
];

export const DEFAULT_MODE = 'imageToVideo';

const PAGE = modelPage({ family: 'vidu' }, 'international');
const MODEL_HELP = `Q3 is newer than Q2. Prices are from April 2026; see <a href="${PAGE}">RunningHub’s list</a> for current ones.`;

export const modeProperties: INodeProperties[] = [
	{
		displayName: 'Mode',
		name: 'mode',
		type: 'options',
		noDataExpression: true,
		default: DEFAULT_MODE,
		description: 'What to generate the video from',
		options: MODES.map(({ name, value, description }) => ({ name, value, description })),
	},
	...MODES.map(
		({ value, task, defaultModel }): INodeProperties => ({
			displayName: 'Model',
			name: 'model',
			type: 'options',
			default: defaultModel,
			description: MODEL_HELP,
			displayOptions: inModes([value]),
			options: modelsOf(task).map((model) => ({
				name: model.name,
				value: model.endpoint,
				description: summary(model),
			})),
		}),
	),
];

/**
 * With the default mode among them by `hide`, so that it holds before the mode is set too: n8n's editor looks at fields
 * without a mode that is at its default, and resets what is not shown then, such as what another resource left in `model`.
 */
export function inModes(modes: readonly string[]): NonNullable<INodeProperties['displayOptions']> {
	if (!modes.includes(DEFAULT_MODE)) return { show: { mode: [...modes] } };
	const others = MODES.map(({ value }) => value).filter((value) => !modes.includes(value));
	return { hide: { mode: others } };
}

export function modelsOf(task: string): Model[] {
	return VIDU_MODELS.filter((model) => model.task === task).sort((a, b) =>
		a.name.localeCompare(b.name, 'en'),
	);
}

/** What tells the models apart, e.g. `1–16 s, up to 1080p, with sound, from 0.31 CNY`; what is not known is left out. */
function summary(model: Model): string {
	const find = (key: string) => model.params.find((param) => param.key === key);
	const { options = [], min, max } = find('duration') ?? {};
	// A duration of 0 lets the model choose.
	const [first = min] = options.filter((option) => option !== '0');
	const last = options.at(-1) ?? max;
	const largest = find('resolution')?.options?.at(-1);
	return [
		first === undefined ? '' : `${first}–${last} s`,
		largest === undefined ? '' : `up to ${optionLabel('resolution', largest)}`,
		find('audio') ? 'with sound' : find('bgm') ? 'with background music' : '',
		priceOf(model),
	]
		.filter((part) => part !== '')
		.join(', ');
}
