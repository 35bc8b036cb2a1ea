import { createCatalogue, loadCatalogue, type Catalogue } from '../../catalogue/catalogue';
import type { Model } from '../../catalogue/model';

let catalogue: Catalogue;
beforeAll(async () => {
	catalogue = await loadCatalogue();
});

const families = (text: string) => [...new Set(catalogue.search(text).map(({ family }) => family))];

it.each([
	['Sora', 'sora'],
	['Veo', 'veo'],
	['veo3.1', 'veo'],
	['Nano Banana', 'nano-banana'],
	['nanobanana', 'nano-banana'],
	['Kling', 'kling'],
	['可灵', 'kling'],
	['Hailuo', 'hailuo'],
	['Seedance', 'seedance'],
	['WAN 2.7', 'wan'],
	['wan2.7', 'wan'],
	['Midjourney', 'midjourney'],
	['MJ', 'midjourney'],
	['Flux', 'flux'],
	['GPT image', 'gpt-image'],
	['Vidu', 'vidu'],
	['Runway', 'runway'],
	['Suno', 'suno'],
	['Gemini 2.5 pro', 'gemini-text'],
	['grok', 'grok'],
	['topaz', 'topaz'],
	['hunyuan', 'hunyuan3d'],
	['海螺', 'hailuo'],
	['Hailuo H3', 'hailuo'],
	['即梦 文生图', 'jimeng'],
	['悠船', 'midjourney'],
	['豆包', 'doubao'],
	['火山', 'volcengine'],
	['万相', 'wan'],
	['Mureka', 'mureka'],
	['Luma', 'luma'],
	['MiniMax music', 'minimax'],
	['topaz gigapixel', 'topaz'],
	['Qwen TTS', 'qwen-audio'],
	['短剧', 'vidu'],
	['short play', 'vidu'],
	['字幕擦除', 'volcengine'],
	['video translation', 'volcengine'],
])('people who look for %s find %s first', (text, family) => {
	expect(families(text)[0]).toBe(family);
});

it('the words may stand in any order, and be of name, family, task, maker or endpoint', () => {
	const endpoints = (text: string) => catalogue.search(text).map(({ endpoint }) => endpoint);
	const wanted = endpoints('kling v3.0 pro image to video');
	expect(wanted[0]).toBe('kling-v3.0-pro/image-to-video');
	expect(endpoints('image to video pro 3.0 kling')).toEqual(wanted);
	expect(endpoints('google video extend')).toEqual([
		'rhart-video-v3.1-fast-official/video-extend',
		'rhart-video-v3.1-pro-official/video-extend',
	]);
});

it.each([
	['可灵文生视频2.5-turbo-std', 'kling-v2.5-turbo-std/text-to-video'],
	['海螺-2.3-图生视频-标准', 'minimax/hailuo-2.3/i2v-standard'],
	['全能图片PRO-文生图-低价渠道版', 'rhart-image-n-pro/text-to-image'],
	['全能视频V3.1-fast-图生视频-官方稳定版', 'rhart-video-v3.1-fast-official/image-to-video'],
	['悠船文生图-v7', 'youchuan/text-to-image-v7'],
	['Vidu-首尾帧生视频-q2-pro', 'vidu/start-end-to-video-q2-pro'],
])('the name %s of RunningHub’s Chinese site finds its model', (name, endpoint) => {
	expect(catalogue.search(name)[0]?.endpoint).toBe(endpoint);
});

it('every model is found by its endpoint, its name with its task, and the start of its name', () => {
	for (const { endpoint, name, task } of catalogue.models) {
		expect(catalogue.search(endpoint)[0]?.endpoint).toBe(endpoint);
		const named = catalogue.search(`${name} ${task}`).map((model) => model.endpoint);
		expect([endpoint, named]).toEqual([endpoint, expect.arrayContaining([endpoint])]);
		const started = catalogue.search(name.slice(0, 6)).map((model) => model.endpoint);
		expect([endpoint, started]).toEqual([endpoint, expect.arrayContaining([endpoint])]);
	}
});

it('no text finds all models, those of one task together, and in them those of one family', () => {
	const all = catalogue.search(' ');
	expect(all).toHaveLength(catalogue.models.length);
	const groups = all.map(({ task, family }) => `${task}/${family}`);
	const runs = groups.filter((group, index) => group !== groups[index - 1]);
	expect(runs).toHaveLength(new Set(groups).size);
	const tasks = all.map(({ task }) => task).filter((task, index, each) => task !== each[index - 1]);
	expect(tasks).toHaveLength(new Set(tasks).size);
	expect(tasks[0]).toBe('image-to-video');
});

it('what nothing fits finds nothing', () => {
	for (const text of ['no such model', 'kling midjourney', 'zz']) {
		expect(catalogue.search(text)).toEqual([]);
	}
});

it('a deprecated model comes after the others that fit as well', () => {
	const found = catalogue.search('sora 2 pro');
	expect(found.map(({ status }) => status)).toEqual([
		'listed',
		'listed',
		'deprecated',
		'deprecated',
	]);
});

it('a model is found by exactly its endpoint', () => {
	expect(catalogue.find('vidu/text-to-video')?.name).toBe('Vidu Q2 · Text to Video');
	for (const other of ['', 'vidu', 'Vidu/text-to-video', 'constructor', '__proto__']) {
		expect(catalogue.find(other)).toBeUndefined();
	}
});

it('the catalogue is read once', async () => {
	expect(await loadCatalogue()).toBe(catalogue);
});

it('a model of a task and family that nobody has heard of is listed and found', () => {
	const [known] = catalogue.models;
	const fresh: Model = {
		...(known as Model),
		endpoint: 'maker/new-model-v1',
		name: 'New Model v1',
		family: 'maker',
		task: 'video-to-smell',
		aliases: [],
	};
	const more = createCatalogue([fresh, ...catalogue.models]);
	expect(more.search('')).toContain(fresh);
	expect(more.search('video to smell')).toEqual([fresh]);
});
