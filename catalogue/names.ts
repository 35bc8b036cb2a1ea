import { taskName } from './labels';

interface Line {
	/** Where its endpoints start, up to where the version or the variant begins. */
	path: RegExp;
	brand: string;
	family: string;
	/** Its endpoints with `-official` go to the maker, those without to a cheaper reseller. */
	hasChannels?: true;
}

/** RunningHub's paths hide most makers' names, so they are looked up; the first match counts. */
const LINES: Line[] = [
	{ path: /^alibaba\/happyhorse-/, brand: 'HappyHorse', family: 'happyhorse' },
	{ path: /^alibaba\/qwen-image-/, brand: 'Qwen Image', family: 'qwen-image' },
	{ path: /^alibaba\/qwen3-tts/, brand: 'Qwen3 TTS', family: 'qwen-audio' },
	{ path: /^(?:alibaba|rhart-video)\/wan-/, brand: 'Wan', family: 'wan' },
	{ path: /^bytedance\/doubao-/, brand: 'Doubao', family: 'doubao' },
	{ path: /^bytedance\/dreamactor-/, brand: 'DreamActor', family: 'dreamactor' },
	{ path: /^bytedance\/jimeng-/, brand: 'Jimeng', family: 'jimeng' },
	{ path: /^(?:bytedance\/)?seedance-/, brand: 'Seedance', family: 'seedance' },
	{ path: /^rhart-video\/sparkvideo-/, brand: 'Seedance', family: 'seedance' },
	{ path: /^cinematic-video/, brand: 'Cinematic Video', family: 'seedance' },
	{ path: /^dola-seedream-/i, brand: 'Dola Seedream', family: 'seedream' },
	{ path: /^gemini-omni/, brand: 'Gemini Omni', family: 'gemini' },
	{ path: /^higgsfield\//, brand: 'Higgsfield', family: 'higgsfield' },
	{ path: /^hitem3d-/, brand: 'Hitem3D', family: 'hitem3d' },
	{ path: /^hunyuan3d-/, brand: 'Hunyuan3D', family: 'hunyuan3d' },
	{ path: /^image-enhance\/hypir-/, brand: 'HYPIR', family: 'hypir' },
	{ path: /^kling-/, brand: 'Kling', family: 'kling' },
	{ path: /^luma\/uni-1/, brand: 'Luma Uni-1', family: 'luma' },
	{ path: /^luma\//, brand: 'Luma', family: 'luma' },
	{ path: /^marble[-/]/, brand: 'Marble', family: 'marble' },
	{ path: /^meshy(?=\d)/, brand: 'Meshy', family: 'meshy' },
	{ path: /^minimax\/hailuo-/, brand: 'Hailuo', family: 'hailuo' },
	{ path: /^(?:minimax|rhart-audio\/text-to-audio)\//, brand: 'MiniMax', family: 'minimax' },
	{ path: /^mureka-(?:ai\/(?:mureka-)?)?/, brand: 'Mureka', family: 'mureka' },
	{ path: /^pixverse-/, brand: 'PixVerse', family: 'pixverse' },
	{ path: /^rhart-audio\/suno/, brand: 'Suno', family: 'suno' },
	{
		path: /^rhart-image-g-(?=1\.5|2)/,
		brand: 'GPT Image',
		family: 'gpt-image',
		hasChannels: true,
	},
	{ path: /^rhart-image-g-(?=\d)/, brand: 'Grok Image', family: 'grok' },
	{ path: /^rhart-image-g/, brand: 'Grok Image', family: 'grok', hasChannels: true },
	{ path: /^rhart-image-x/, brand: 'Grok Imagine Image', family: 'grok', hasChannels: true },
	{
		path: /^rhart-image-n-g31-flash/,
		brand: 'Nano Banana 2',
		family: 'nano-banana',
		hasChannels: true,
	},
	{
		path: /^rhart-image-(?:n-(?=pro)|v1)/,
		brand: 'Nano Banana',
		family: 'nano-banana',
		hasChannels: true,
	},
	{
		path: /^rhart-imagine-image-quality/,
		brand: 'Grok Imagine Image Quality',
		family: 'grok',
	},
	{ path: /^rhart-image\/f-2-/, brand: 'FLUX.2', family: 'flux' },
	{ path: /^rhart-(?:image|video)\/f-/, brand: 'FLUX.1', family: 'flux' },
	{ path: /^rhart-image\/qwen-image\//, brand: 'Qwen Image', family: 'qwen-image' },
	{ path: /^rhart-image\/z-image/, brand: 'Z-Image', family: 'z-image' },
	{ path: /^rhart-text-g-25-/, brand: 'Gemini 2.5', family: 'gemini-text' },
	{ path: /^rhart-text-g-/, brand: 'Gemini', family: 'gemini-text' },
	{ path: /^rhart-text-qwen-/, brand: 'Qwen', family: 'qwen-text' },
	{ path: /^rhart-video-g/, brand: 'Grok Imagine', family: 'grok', hasChannels: true },
	{ path: /^rhart-video-r\/gen4/, brand: 'Runway Gen-4', family: 'runway', hasChannels: true },
	{ path: /^rhart-video-s/, brand: 'Sora 2', family: 'sora', hasChannels: true },
	{ path: /^rhart-video-v/, brand: 'Veo', family: 'veo', hasChannels: true },
	{ path: /^rhart-video\/ltx-/, brand: 'LTX', family: 'ltx' },
	{ path: /^rhart-video\/video-/, brand: 'RunningHub Video', family: 'rh-tools' },
	{ path: /^seedream-/, brand: 'Seedream', family: 'seedream' },
	{ path: /^skyreels-/, brand: 'SkyReels', family: 'skyreels' },
	{ path: /^topazlabs\/image-gigapixel-/, brand: 'Topaz Gigapixel', family: 'topaz' },
	{ path: /^topazlabs\/(?:image-upscale\/)?/, brand: 'Topaz', family: 'topaz' },
	{ path: /^vidu\//, brand: 'Vidu', family: 'vidu' },
	{ path: /^volc-/, brand: 'Volcengine', family: 'volcengine' },
	{ path: /^youchuan\//, brand: 'Midjourney', family: 'midjourney' },
];

/** Names for endpoints for which the rules below find no good one. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
	'cinematic-video-generator': 'Cinematic Video Generator',
	'kling-elements': 'Kling · Elements',
	'kling-elements-advanced': 'Kling · Advanced Elements',
	'minimax/music-cover': 'MiniMax · Music Cover',
	'minimax/music-cover-preprocess': 'MiniMax · Music Cover Preparation',
	'mureka-ai/files-upload': 'Mureka · Upload File',
	'mureka-ai/stem-song': 'Mureka · Split Song Into Stems',
	'mureka-o2/instrumental-generate': 'Mureka O2 · Generate Instrumental',
	'pixverse-v5.5-effects': 'PixVerse v5.5 · Effects',
	'rhart-video-s-official/sora-upload-character': 'Sora 2 Official · Upload Character',
	'rhart-video-s/sora-upload-character': 'Sora 2 Low Price · Upload Character',
	'rhart-video/video-fps-increaser': 'RunningHub · Video FPS Increaser',
	'rhart-video/video-upscaler': 'RunningHub · Video Upscaler',
	'topazlabs/video-astra': 'Topaz Astra · Video Upscale',
	'topazlabs/video-proteus': 'Topaz Proteus · Video Upscale',
	'topazlabs/video-starlight': 'Topaz Starlight · Video Upscale',
	'volc-drama/serial-video-translate': 'Volcengine · Series Translation',
	'volc-drama/video-translate': 'Volcengine · Video Translation',
	'volc-subtitle-erase-pro/video': 'Volcengine Pro · Subtitle Removal',
	'volc-subtitle-erase/video': 'Volcengine · Subtitle Removal',
};

const FROM = 'multi-image|multimodal|image-audio|image|text|video|refe?rence|start-end|start';
const ACTIONS = [
	`(?:${FROM})-to-(?:video|image|3d|world|text|audio|end)`,
	'(?:generate|extend|describe|recognize)-song|(?:generate|extend)-lyrics|generate-bgm',
	'(?:image|video)-(?:edit|extend|upscale|restyling)|edit-video|edit|extend',
	'(?:shot-switching|single-shot)-video-extension',
	'motion-control|multimodal-video|omni-reference|transition|effects|chat|lyrics',
	'identify-face|lip-sync-video|tts|upload-media-asset|(?:voice|vocal)-(?:clone|design)',
	'video-denoise|video-frame-interpolation',
];

/** What the path says of what the model does, at the start of its last segment. */
const ACTION = new RegExp(`^(?:${ACTIONS.join('|')})(?=-|$)`);

const SPELLINGS: Readonly<Record<string, string>> = {
	'3d': '3D',
	ai: 'AI',
	and: 'and',
	asyn: 'Async',
	cgi: 'CGI',
	cv: 'CV',
	dop: 'DoP',
	fps: 'FPS',
	hd: 'HD',
	h3: 'H3',
	i2v: 'I2V',
	lora: 'LoRA',
	niji6: 'Niji 6',
	niji7: 'Niji 7',
	o1: 'O1',
	o2: 'O2',
	o3: 'O3',
	t2v: 'T2V',
	to: 'to',
	tts: 'TTS',
};

/** The maker's line that an endpoint belongs to, e.g. `kling`; the first word of its path for a new one. */
export function familyOf(endpoint: string): string {
	return lineOf(endpoint)?.family ?? endpoint.split(/[/-]/)[0] ?? endpoint;
}

/**
 * A name for people, made of the path: `kling-v3.0-pro/image-to-video` → `Kling v3.0 Pro · Image to Video`. It does not say
 * that a model is deprecated: its status does.
 */
export function nameOf(endpoint: string, task: string): string {
	if (endpoint.startsWith('vidu/')) return viduName(endpoint, task);
	const exception = EXCEPTIONS[endpoint];
	if (exception !== undefined) return exception;

	const line = lineOf(endpoint);
	const path = endpoint.replace(/-?\[?deprecated]?$/i, '');
	const segments = (line === undefined ? path : path.replace(line.path, '')).split('/');
	const last = segments.at(-1) ?? '';
	const action = ACTION.exec(last)?.[0];
	const variant =
		action === undefined ? segments : [...segments.slice(0, -1), last.slice(action.length)];
	const words = variant
		.join('-')
		.split(/[-_]/)
		.filter((word) => word !== '' && word !== 'official');
	const isOfficial = /-official(?:\/|$)/.test(path);
	const channel = line?.hasChannels ? [isOfficial ? 'Official' : 'Low Price'] : [];
	const model = [line?.brand ?? '', ...words.map(spelled), ...channel].join(' ').trim();
	const does = taskName((action ?? task).replace('refrence', 'reference'));
	return `${model} · ${does}`;
}

/** The version stands last in Vidu's paths; the one path without a version is that of Q2. */
function viduName(endpoint: string, task: string): string {
	const version = /-(q\d.*)$/.exec(endpoint)?.[1] ?? 'q2';
	return `${['Vidu', ...version.split('-').map(spelled)].join(' ')} · ${taskName(task)}`;
}

function lineOf(endpoint: string): Line | undefined {
	return LINES.find(({ path }) => path.test(endpoint));
}

/** Two digits are a version with its point left out: `v61` → `v6.1`. */
function spelled(word: string): string {
	if (/^v\d/.test(word)) return word.replace(/^v(\d)(\d)$/, 'v$1.$2');
	if (/^\d+[a-z]$/.test(word)) return word.toUpperCase();
	return SPELLINGS[word] ?? word.charAt(0).toUpperCase() + word.slice(1);
}
