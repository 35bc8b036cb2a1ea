/** What people call a family, or who makes it, beside its own name; in Chinese too. */
const FAMILY_WORDS: Readonly<Record<string, string[]>> = {
	doubao: ['ByteDance', '豆包', '字节'],
	dreamactor: ['ByteDance', '即梦', '动作模仿'],
	flux: ['Flux', 'Black Forest Labs', 'BFL', '基础算法F'],
	gemini: ['Google', '谷歌'],
	'gemini-text': ['Google', 'LLM', '谷歌', '大语言模型'],
	'gpt-image': ['OpenAI', 'ChatGPT Image', 'DALL-E', '全能图片G'],
	grok: ['xAI', 'Grok Imagine', '全能视频X', '全能图片X'],
	hailuo: ['Hailuo', 'MiniMax', '海螺'],
	happyhorse: ['Alibaba', '快乐小马', '阿里'],
	higgsfield: ['Higgsfield'],
	hitem3d: ['Hitem 3D'],
	hunyuan3d: ['Hunyuan 3D', 'Tencent', '混元', '腾讯'],
	hypir: ['Image Enhance', 'Upscaler'],
	jimeng: ['ByteDance', 'Dreamina', '即梦', '字节'],
	kling: ['Kling', 'Kuaishou', '可灵', '快手'],
	ltx: ['LTX Video', 'Lightricks'],
	luma: ['Luma AI', 'Luma Labs', 'Uni 1'],
	marble: ['World Labs', '3D World', '世界模型'],
	midjourney: ['MJ', 'Midjourney', '悠船'],
	minimax: ['Hailuo Audio', '海螺', '稀宇'],
	mureka: ['Kunlun', '昆仑'],
	'nano-banana': ['Google', 'Gemini Image', '香蕉', '谷歌', '全能图片'],
	pixverse: ['PixVerse', '拍我'],
	'qwen-audio': ['Alibaba', '千问', '阿里'],
	'qwen-image': ['Alibaba', '千问', '阿里'],
	'qwen-text': ['Alibaba', '千问', '阿里', 'LLM', '大语言模型'],
	'rh-tools': ['RunningHub'],
	runway: ['RunwayML', '全能视频R'],
	seedance: ['ByteDance', 'Jimeng', '即梦', '字节'],
	seedream: ['ByteDance', 'Jimeng', '即梦', '字节'],
	skyreels: ['Skywork', '昆仑', '天工'],
	sora: ['OpenAI', '全能视频S'],
	topaz: ['Topaz Labs'],
	veo: ['Google', 'Veo', '谷歌', '全能视频V'],
	vidu: ['Shengshu', '生数'],
	volcengine: ['Volcano Engine', 'ByteDance', '火山', '火山引擎', '字节'],
	wan: ['Alibaba', '万相', 'Tongyi Wanxiang', '通义', '阿里'],
	'z-image': ['Alibaba', 'Tongyi', '通义', '阿里'],
};

/** Names that some models of a family have on RunningHub's Chinese site. */
const MORE_WORDS: Array<[path: RegExp, word: string]> = [
	[/^rhart-image-g-2(?:-official)?\//, '全能图片G-2.0'],
	[/^rhart-image-n-g31-flash/, '全能图片V2'],
	[/^rhart-image-v1/, '全能图片V1'],
	[/-star(?:-fast)?$/, '周星驰'],
];

/** The words beside a model's own name, family and path by which it is looked for. */
export function aliasesOf(endpoint: string, family: string, pageName: string | null): string[] {
	const more = MORE_WORDS.filter(([path]) => path.test(endpoint)).map(([, word]) => word);
	const words = [...(FAMILY_WORDS[family] ?? []), ...more];
	if (pageName === null || isIn(pageName, endpoint)) return words;
	return [...words, pageName];
}

function isIn(pageName: string, endpoint: string): boolean {
	const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9.]+/g, ' ');
	return plain(endpoint).endsWith(plain(pageName));
}
