import { SITES } from '../runninghub/http/site';
import type { Model } from './model';

export type Site = keyof typeof SITES;

/** What the names of a family's models have in common where RunningHub shows them, if that is not the family's own name. */
const WORDS: Readonly<Record<string, Partial<Record<Site, string>>>> = {
	doubao: { china: '豆包' },
	flux: { china: 'f-', international: 'f-' },
	'gemini-text': { china: 'rhart-text-g', international: 'rhart-text-g' },
	'gpt-image': { china: '全能图片G' },
	grok: { china: '全能视频X' },
	hailuo: { china: '海螺' },
	hunyuan3d: { china: '混元' },
	jimeng: { china: '即梦' },
	kling: { china: '可灵' },
	midjourney: { china: '悠船' },
	'nano-banana': { china: '全能图片' },
	'qwen-audio': { international: 'qwen' },
	'qwen-text': { china: 'rhart-text-qwen', international: 'rhart-text-qwen' },
	'rh-tools': { china: 'RH视频', international: 'rh-video' },
	runway: { china: '全能视频R' },
	sora: { china: '全能视频S' },
	veo: { china: '全能视频V' },
	volcengine: { china: '火山', international: 'volc' },
	wan: { china: '万相' },
};

/**
 * Where a site of RunningHub shows a model, with its price and documentation: its list of models, searched for the family.
 * The address of a single model has a number that is not public.
 */
export function modelPage({ family }: Pick<Model, 'family'>, site: Site): string {
	const word = WORDS[family]?.[site] ?? family;
	return `${SITES[site]}/call-api/search-api/standard-model?search=${encodeURIComponent(word)}`;
}
