import type { OutputKind } from '../runninghub/api/outputKind';
import type { Model } from './model';
import { PARAM_LABELS } from './paramLabels';

/** The name of a parameter in the form and in messages. A key that is not known speaks for itself. */
export function labelOf(key: string): string {
	return Object.hasOwn(PARAM_LABELS, key) ? (PARAM_LABELS[key] ?? key) : key;
}

const SPELLINGS: Readonly<Record<string, string>> = {
	'3d': '3D',
	and: 'and',
	bgm: 'Background Music',
	to: 'to',
	tts: 'TTS',
};

/** `image-to-3d` → `Image to 3D`. */
export function taskName(task: string): string {
	return task
		.replace('start-end', 'start-and-end')
		.replace('image-audio', 'image-and-audio')
		.split('-')
		.map((word) => SPELLINGS[word] ?? word.charAt(0).toUpperCase() + word.slice(1))
		.join(' ');
}

/** What people call a kind of work beside its name, in Chinese too. */
const TASK_WORDS: Readonly<Record<string, string[]>> = {
	'audio-to-video': ['Lip Sync', 'Talking Head', '对口型', '数字人', '口播', '视频生成'],
	'frame-interpolation': ['FPS', '帧率', '增强', '补帧', '插帧'],
	'image-to-3d': ['图生', '单图生', '多图生', '视频生', '3D模型', '3D世界'],
	'image-to-image': ['图生图', '图片编辑', '图像编辑', '修图'],
	'image-to-video': ['图生视频'],
	'motion-control': ['动作控制', '动作迁移'],
	'reference-to-video': ['参考生视频', '参考图生视频', '参考视频', '多模态视频', '全能参考'],
	'short-play': ['Short Drama', '短剧'],
	'song-edit': ['Cover', '翻唱', '歌曲', '延长'],
	'start-end-to-video': ['首尾帧', '首尾帧生视频', '转场'],
	'subtitle-removal': ['Remove Subtitles', '字幕', '字幕擦除', '去字幕'],
	'text-to-3d': ['文生', '3D模型', '3D世界'],
	'text-to-audio': ['Text to Speech', 'TTS', 'Voice Over', '语音合成', '配音'],
	'text-to-image': ['文生图', '文生图片'],
	'text-to-lyrics': ['歌词', '歌词生成'],
	'text-to-music': ['Song', '音乐', '歌曲', '伴奏'],
	'text-to-text': ['Chat', '对话'],
	'text-to-video': ['文生视频'],
	'video-denoise': ['降噪'],
	'video-edit': ['视频编辑', '编辑视频'],
	'video-effects': ['特效'],
	'video-extend': ['视频续写', '视频扩展'],
	'video-translation': ['Dubbing', 'Translate', '翻译', '视频翻译', '译制'],
	'vision-to-text': ['Caption', '图片理解', '视频理解'],
	analysis: ['识别', '人脸识别'],
	asset: ['上传', '角色', '主体', '创建主体', '媒体资源'],
	upscale: ['Enhance', '放大', '超分', '高清', '图像放大', '视频放大'],
	voice: ['声音克隆', '人声克隆', '音色', '音色设计'],
};

/** Words of a model's name, as RunningHub's Chinese site has them. */
const NAME_WORDS: Array<[name: RegExp, word: string]> = [
	[/\bLow Price\b/, '低价渠道版'],
	[/\bOfficial\b/, '官方稳定版'],
	[/\bSt(?:d|andard)\b/, '标准'],
];

const OUTPUT_WORDS: Readonly<Record<OutputKind, string>> = {
	'3d': '3D',
	audio: '音频',
	image: '图片',
	text: '文本',
	video: '视频',
};

/** The words beside its name and family by which a model is looked for. */
export function searchWords({ task, name, output }: SearchedModel): string[] {
	const ofName = NAME_WORDS.filter(([pattern]) => pattern.test(name)).map(([, word]) => word);
	return [...(TASK_WORDS[task] ?? []), ...ofName, OUTPUT_WORDS[output]];
}

type SearchedModel = Pick<Model, 'task' | 'name' | 'output'>;

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
	minimax: 'MiniMax',
	'nano-banana': 'Nano Banana',
	pixverse: 'PixVerse',
	'qwen-audio': 'Qwen',
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
