/** What people call a family, or who makes it, beside its own name; in Chinese too. */
const FAMILY_WORDS: Readonly<Record<string, string[]>> = {
	dreamactor: ['ByteDance'],
	flux: ['Flux', 'Black Forest Labs', 'BFL'],
	'gemini-text': ['Google', 'LLM'],
	'gpt-image': ['OpenAI', 'ChatGPT Image', 'DALL-E'],
	grok: ['xAI', 'Grok Imagine'],
	hailuo: ['Hailuo', 'MiniMax', '海螺'],
	happyhorse: ['Alibaba', '快乐小马'],
	higgsfield: ['Higgsfield'],
	hitem3d: ['Hitem 3D'],
	hunyuan3d: ['Hunyuan 3D', 'Tencent', '混元'],
	hypir: ['Image Enhance', 'Upscaler'],
	kling: ['Kling', 'Kuaishou', '可灵'],
	ltx: ['LTX Video', 'Lightricks'],
	marble: ['World Labs', '3D World'],
	midjourney: ['MJ', 'Midjourney'],
	'minimax-audio': ['Hailuo Audio', '海螺'],
	'nano-banana': ['Google', 'Gemini Image'],
	pixverse: ['PixVerse', '拍我'],
	'qwen-image': ['Alibaba', '千问'],
	'qwen-text': ['Alibaba', '千问', 'LLM'],
	'rh-tools': ['RunningHub'],
	runway: ['RunwayML'],
	seedance: ['ByteDance', 'Jimeng', '即梦'],
	seedream: ['ByteDance', 'Jimeng', '即梦'],
	skyreels: ['Skywork'],
	sora: ['OpenAI'],
	topaz: ['Topaz Labs'],
	veo: ['Google', 'Veo'],
	vidu: ['Shengshu', '生数'],
	wan: ['Alibaba', '万相', 'Tongyi Wanxiang'],
	'z-image': ['Alibaba', 'Tongyi'],
};

/** The words beside a model's own name, family and path by which it is looked for. */
export function aliasesOf(endpoint: string, family: string, pageName: string | null): string[] {
	const words = FAMILY_WORDS[family] ?? [];
	if (pageName === null || isIn(pageName, endpoint)) return words;
	return [...words, pageName];
}

function isIn(pageName: string, endpoint: string): boolean {
	const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9.]+/g, ' ');
	return plain(endpoint).endsWith(plain(pageName));
}
