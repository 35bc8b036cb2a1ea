import { PARAM_LABELS } from './paramLabels';

/** The name of a parameter in the form and in messages. A key that is not known speaks for itself. */
export function labelOf(key: string): string {
	return Object.hasOwn(PARAM_LABELS, key) ? (PARAM_LABELS[key] ?? key) : key;
}

const SPELLINGS: Readonly<Record<string, string>> = { and: 'and', to: 'to', '3d': '3D' };

/** `image-to-3d` → `Image to 3D`. */
export function taskName(task: string): string {
	return task
		.replace('start-end', 'start-and-end')
		.split('-')
		.map((word) => SPELLINGS[word] ?? word.charAt(0).toUpperCase() + word.slice(1))
		.join(' ');
}

const FAMILY_NAMES: Readonly<Record<string, string>> = {
	dreamactor: 'DreamActor',
	flux: 'FLUX',
	'gemini-text': 'Gemini',
	'gpt-image': 'GPT Image',
	happyhorse: 'HappyHorse',
	hitem3d: 'Hitem3D',
	hunyuan3d: 'Hunyuan3D',
	hypir: 'HYPIR',
	ltx: 'LTX',
	'minimax-audio': 'MiniMax Audio',
	'nano-banana': 'Nano Banana',
	pixverse: 'PixVerse',
	'qwen-image': 'Qwen Image',
	'qwen-text': 'Qwen',
	'rh-tools': 'RunningHub Tools',
	skyreels: 'SkyReels',
	'z-image': 'Z-Image',
};

/** A line of models as its maker writes it: `nano-banana` → `Nano Banana`. */
export function familyName(family: string): string {
	return FAMILY_NAMES[family] ?? taskName(family);
}
