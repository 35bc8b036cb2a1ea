import type { Output } from '../../../catalogue/model';

/** The first pattern that an endpoint's path matches says what the model does. */
const TASKS: Array<[path: RegExp, task: string]> = [
	[/lip-sync\/identify/, 'analysis'],
	[/elements$|upload/, 'asset'],
	[/lip-sync-video|image-audio-to-video/, 'audio-to-video'],
	[/motion-control|dreamactor/, 'motion-control'],
	[/lyrics$/, 'text-to-lyrics'],
	[/suno|\/music-/, 'text-to-music'],
	[/text-to-audio|tts$|voice/, 'text-to-audio'],
	[/upscale|hypir|fps-increaser/, 'upscale'],
	[/text-to-(?:3d|world)/, 'text-to-3d'],
	[/to-(?:3d|world)/, 'image-to-3d'],
	[/(?:image|video)-to-text/, 'vision-to-text'],
	[/text-to-text|\/chat$/, 'text-to-text'],
	[/refe?rence|multimodal/, 'reference-to-video'],
	[/start-end|start-to-end|transition/, 'start-end-to-video'],
	[/video-ext|\/extend|extension/, 'video-extend'],
	[/video-edit|edit-video|restyling|video-to-video/, 'video-edit'],
	[/image-to-video|i2v|effects/, 'image-to-video'],
	[/text-to-video|t2v|video-generator/, 'text-to-video'],
	[/text-to-image/, 'text-to-image'],
	[/image|edit/, 'image-to-image'],
];

/** What a model does, told from its path; `other` where that does not say it. */
export function taskOf(endpoint: string): string {
	return TASKS.find(([path]) => path.test(endpoint))?.[1] ?? 'other';
}

const OUTPUTS: Readonly<Record<string, Output>> = {
	'motion-control': 'video',
	'text-to-lyrics': 'text',
	'text-to-music': 'audio',
	'video-edit': 'video',
	'video-extend': 'video',
	analysis: 'text',
	asset: 'text',
};

/** What comes out. The task knows better than the registry, which calls some worlds images and some videos text. */
export function outputOf(task: string, registryOutput: string): Output {
	const named = /-to-(video|image|audio|3d|text)$/.exec(task)?.[1];
	const output = OUTPUTS[task] ?? named ?? registryOutput;
	switch (output) {
		case 'video':
		case 'image':
		case 'audio':
		case '3d':
			return output;
		default:
			return 'text';
	}
}
