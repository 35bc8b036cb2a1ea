import type { OutputKind } from '../runninghub/api/outputKind';

/** The first pattern that an endpoint's path matches says what the model does. */
const TASKS: Array<[path: RegExp, task: string]> = [
	[/lip-sync\/identify|(?:describe|recognize)-song/, 'analysis'],
	[/elements(?:-advanced)?$|upload/, 'asset'],
	[/short-play/, 'short-play'],
	[/video-translate/, 'video-translation'],
	[/subtitle-erase/, 'subtitle-removal'],
	[/lip-sync-video|image-audio-to-video/, 'audio-to-video'],
	[/motion-control|dreamactor/, 'motion-control'],
	[/lyrics$/, 'text-to-lyrics'],
	[/(?:extend|stem)-song|music-cover/, 'song-edit'],
	[/suno|\/music-|generate-(?:song|bgm)|instrumental-generate/, 'text-to-music'],
	[/(?:voice|vocal)-(?:clone|design)/, 'voice'],
	[/text-to-audio|seed-audio|(?:^|[/-])tts(?:-|$)/, 'text-to-audio'],
	[/video-denoise/, 'video-denoise'],
	[/frame-interpolation|fps-increaser/, 'frame-interpolation'],
	[/upscale|hypir|gigapixel|topazlabs\/video-/, 'upscale'],
	[/text-to-(?:3d|world)/, 'text-to-3d'],
	[/to-(?:3d|world)/, 'image-to-3d'],
	[/(?:image|video)-to-text/, 'vision-to-text'],
	[/text-to-text|\/chat$/, 'text-to-text'],
	[/effects$/, 'video-effects'],
	[/refe?rence|multimodal/, 'reference-to-video'],
	[/start-end|start-to-end|transition/, 'start-end-to-video'],
	[/video-ext|\/extend|extension/, 'video-extend'],
	[/video-edit|edit-video|restyling|video-to-video/, 'video-edit'],
	[/image-to-video|i2v|hailuo-02\/fast$/, 'image-to-video'],
	[/text-to-video|t2v|video-generator|hailuo-02\/(?:pro|standard)$/, 'text-to-video'],
	[/text-to-image|\/f-(?:krea-)?dev(?:-lora)?$|z-image\/turbo/, 'text-to-image'],
	[/image|edit|kontext/, 'image-to-image'],
];

/** What a model does, told from its path; `other` where that does not say it. */
export function taskOf(endpoint: string): string {
	return TASKS.find(([path]) => path.test(endpoint))?.[1] ?? 'other';
}

const OUTPUTS: Readonly<Record<string, OutputKind>> = {
	'frame-interpolation': 'video',
	'motion-control': 'video',
	'short-play': 'video',
	'song-edit': 'audio',
	'subtitle-removal': 'video',
	'text-to-lyrics': 'text',
	'text-to-music': 'audio',
	'video-denoise': 'video',
	'video-edit': 'video',
	'video-effects': 'video',
	'video-extend': 'video',
	'video-translation': 'video',
	analysis: 'text',
	asset: 'text',
	voice: 'audio',
};

/** What comes out. The task knows better than the registry, which calls some worlds images, and some videos and songs text. */
export function outputOf(task: string, registryOutput: string): OutputKind {
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
