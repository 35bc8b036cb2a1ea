import { loadCatalogue } from '../../catalogue/catalogue';

/**
 * Every page below "Standard Model API" in RunningHub's documentation, in its order, and the endpoint that it is about
 * where the page is not named like it. Four names are there twice. Of eight pages the endpoint has been renamed or
 * taken down since: with these stands the endpoint that has taken its place.
 */
const PAGES = `
Vidu-image-to-video-q3-pro-fast vidu/image-to-video-q3-pro-fast
Vidu-start-end-to-video-q3-pro-fast vidu/start-end-to-video-q3-pro-fast
Vidu-start-end-to-video-q2-turbo vidu/start-end-to-video-q2-turbo
Vidu-start-end-to-video-q2-pro vidu/start-end-to-video-q2-pro
Vidu-image-to-video-q2-pro vidu/image-to-video-q2-pro
Vidu-image-to-video-q2-turbo vidu/image-to-video-q2-turbo
Vidu-image-to-video-q3-pro vidu/image-to-video-q3-pro
Vidu-image-to-video-q2-pro-fast vidu/image-to-video-q2-pro-fast
Vidu-start-end-to-video-q2-pro-fast vidu/start-end-to-video-q2-pro-fast
Vidu-image-to-video-q3-turbo vidu/image-to-video-q3-turbo
Vidu-start-end-to-video-q3-turbo vidu/start-end-to-video-q3-turbo
Vidu-start-end-to-video-q3-pro vidu/start-end-to-video-q3-pro
kling-v3.0-pro-image-to-video kling-v3.0-pro/image-to-video
kling-video-o3-pro/reference-to-video
kling-video-o1/image-to-video
kling-v3.0-std-image-to-video kling-v3.0-std/image-to-video
kling-video-o3-std/reference-to-video
kling-video-o1/start-to-end
kling-video-o3-pro-image-to-video kling-video-o3-pro/image-to-video
kling-video-o3-std-image-to-video kling-video-o3-std/image-to-video
kling-elements
kling-v2.5-turbo-std/image-to-video
kling-v2.5-turbo-pro/image-to-video
kling-v2.6-pro-image-to-video kling-v2.6-pro/image-to-video
wan-2.7/image-to-video alibaba/wan-2.7/image-to-video
wan-2.2/image-to-video rhart-video/wan-2.2/image-to-video
wan-2.6-reference-to-video alibaba/wan-2.6/reference-to-video
wan-2.6-reference-to-video-flash alibaba/wan-2.6/reference-to-video-flash
wan-2.6-image-to-video-flash alibaba/wan-2.6/image-to-video-flash
wan-2.2-video/start-to-end rhart-video/wan-2.2/start-to-end
alibaba/wan-2.6/image-to-video
seedance-2.0/image-to-video rhart-video/sparkvideo-2.0/image-to-video
seedance-2.0-fast/image-to-video rhart-video/sparkvideo-2.0-fast/image-to-video
seedance-v1.5-pro-image-to-video-fast seedance-v1.5-pro/image-to-video-fast
seedance-v1.5-pro-image-to-video seedance-v1.5-pro/image-to-video
hailuo-02-i2v-standard minimax/hailuo-02/i2v-standard
hailuo-02-standard minimax/hailuo-02/standard
hailuo-2.3/i2v-standard minimax/hailuo-2.3/i2v-standard
hailuo-2.3-fast/image-to-video minimax/hailuo-2.3-fast/image-to-video
hailuo-2.3-fast-pro/image-to-video minimax/hailuo-2.3-fast-pro/image-to-video
hailuo-2.3/i2v-pro minimax/hailuo-2.3/image-to-video-pro
hailuo-02-i2v-pro minimax/hailuo-02/i2v-pro
hailuo-02-fast minimax/hailuo-02/fast
midjourney-image-to-video youchuan/image-to-video
sora-2/image-to-video-channel-low-price rhart-video-s/image-to-video
sora-2/image-to-video-pro-official-stable rhart-video-s-official/image-to-video-pro
sora-2/image-to-video-pro-channel-low-price rhart-video-s/image-to-video-pro-deprecated
sora-2/text-to-video-pro-official-stable rhart-video-s-official/text-to-video-pro
sora-2/image-to-video-realistic-official-stable rhart-video-s-official/image-to-video-realistic
sora-2/image-to-video-official-stable rhart-video-s-official/image-to-video
sora-2/image-to-video-channel-low-price rhart-video-s/image-to-video
sora-2/image-to-video-pro-channel-low-price rhart-video-s/image-to-video-pro-deprecated
xai/grok-imagine/image-to-video-channel-low-price rhart-video-g/image-to-video
xai/grok-imagine/image-to-video-official-stable rhart-video-g-official/image-to-video
google/veo3.1-pro/start-end-to-video-channel-low-price rhart-video-v3.1-pro/start-end-to-video
google/veo3.1-fast/image-to-video-channel-low-price rhart-video-v3.1-fast/image-to-video
google/veo3.1-fast/image-to-video-official-stable rhart-video-v3.1-fast-official/image-to-video
google/veo3.1-pro/image-to-video-official-stable rhart-video-v3.1-pro-official/image-to-video
google/veo3.1-fast/start-end-to-video-channel-low-price rhart-video-v3.1-fast/start-end-to-video
google/veo3.1-pro/reference-to-video-official-stable rhart-video-v3.1-pro-official/reference-to-video
skyreels-v4/image-to-video skyreels-v4/image-to-video-std
ltx-2.3/image-to-video rhart-video/ltx-2.3/image-to-video
ltx-2.3/image-to-video-lora rhart-video/ltx-2.3/image-to-video-lora
pixverse-v6/image-to-video
wan-2.7-reference-to-video alibaba/wan-2.7/reference-to-video
skyreels-v3/reference-to-video
Vidu-reference-to-video-q3 vidu/reference-to-video-q3
seedance-2.0/multimodal-video rhart-video/sparkvideo-2.0/multimodal-video
Vidu-reference-to-video-q2 vidu/reference-to-video-q2
seedance-2.0-fast/multimodal-video rhart-video/sparkvideo-2.0-fast/multimodal-video
kling-video-o1-std/refrence-to-video
seedance-v1-lite-reference-to-video seedance-v1-lite/reference-to-video
skyreels-v4/omni-reference
Vidu-reference-to-video-q3-mix vidu/reference-to-video-q3-mix
Vidu-text-to-video-q3-pro-fast vidu/text-to-video-q3-pro-fast
Vidu-text-to-video-q2 vidu/text-to-video
Vidu-text-to-video-q3-pro vidu/text-to-video-q3-pro
Vidu-text-to-video-q3-turbo vidu/text-to-video-q3-turbo
kling-video-o3-std-text-to-video kling-video-o3-std/text-to-video
kling-video-o1/text-to-video
kling-v3.0-pro-text-to-video kling-v3.0-pro/text-to-video
kling-v3.0-std-text-to-video kling-v3.0-std/text-to-video
kling-video-o3-pro-text-to-video kling-video-o3-pro/text-to-video
kling-v2.5-turbo-pro/text-to-video
kling-v2.6-pro-text-to-video kling-v2.6-pro/text-to-video
alibaba/wan-2.6/text-to-video
seedance-2.0/text-to-video rhart-video/sparkvideo-2.0/text-to-video
seedance-2.0-fast/text-to-video rhart-video/sparkvideo-2.0-fast/text-to-video
seedance-v1.5-pro-text-to-video-fast seedance-v1.5-pro/text-to-video-fast
seedance-v1.5-pro-text-to-video seedance-v1.5-pro/text-to-video
hailuo-02-t2v-standard minimax/hailuo-02/t2v-standard
hailuo-02-pro minimax/hailuo-02/pro
hailuo-2.3-t2v-standard minimax/hailuo-2.3/t2v-standard
hailuo-2.3-t2v-pro minimax/hailuo-2.3/t2v-pro
hailuo-02-t2v-pro minimax/hailuo-02/t2v-pro
sora-2/text-to-video-channel-low-price rhart-video-s/text-to-video
sora-2/text-to-video-pro-channel-low-price rhart-video-s/text-to-video-pro-deprecated
sora-2/text-to-video-official-stable rhart-video-s-official/text-to-video
sora-2/text-to-video-channel-low-price rhart-video-s/text-to-video
sora-2/text-to-video-pro-channel-low-price rhart-video-s/text-to-video-pro-deprecated
xai/grok-imagine/text-to-video-channel-low-price rhart-video-g/text-to-video
xai/grok-imagine/text-to-video-official-stable rhart-video-g-official/text-to-video
google/veo3.1-pro/text-to-video-channel-low-price rhart-video-v3.1-pro/text-to-video
google/veo3.1-pro/text-to-video-official-stable rhart-video-v3.1-pro-official/text-to-video
google/veo3.1-fast/video-extend-official-stable rhart-video-v3.1-fast-official/video-extend
google/veo3.1-pro/video-extend-official-stable rhart-video-v3.1-pro-official/video-extend
google/veo3.1-fast/text-to-video-channel-low-price rhart-video-v3.1-fast/text-to-video
google/veo3.1-fast/text-to-video-official-stable rhart-video-v3.1-fast-official/text-to-video
cinematic-video-generator
wan-2.7/text-to-video alibaba/wan-2.7/text-to-video
wan-2.2/text-to-video rhart-video/wan-2.2/text-to-video
skyreels-v4/text-to-video skyreels-v4/text-to-video-std
ltx-2.3/text-to-video rhart-video/ltx-2.3/text-to-video
ltx-2.3/text-to-video-lora rhart-video/ltx-2.3/text-to-video-lora
pixverse-v6/text-to-video
wan-2.7/video-edit alibaba/wan-2.7/video-edit
kling-video-o3-pro/video-edit
kling-video-o3-std/video-edit
kling-video-o1-std/edit-video
xai/grok-imagine/edit-video-official-stable rhart-video-g-official/edit-video
kling-v3.0-pro-motion-control kling-v3.0-pro/motion-control
kling-v3.0-std-motion-control kling-v3.0-std/motion-control
kling-v2.6-pro-motion-control kling-v2.6-pro/motion-control
bytedance/dreamactor-v2
kling-v2.6-std-motion-control kling-v2.6-std/motion-control
sora-upload-character-official rhart-video-s-official/sora-upload-character
pixverse-v6/extend
pixverse-v6/transition
sora-upload-character-channel-low-price rhart-video-s/sora-upload-character
rh-video-upscaler rhart-video/video-upscaler
rh-video-fps-increaser rhart-video/video-fps-increaser
skyreels-v3/video-restyling
wan-2.7/video-extend alibaba/wan-2.7/video-extend
skyreels-v3/single-shot-video-extension
skyreels-v3/shot-switching-video-extension
kling-lip-sync/identify-face
kling-lip-sync/lip-sync-video
hunyuan3d-v3.1/text-to-3d
hitem3d-v15/image-to-3d
hunyuan3d-v3.1/image-to-3d
hitem3d-v2/image-to-3d
hitem3d-v15/multi-image-to-3d
hitem3d-v2/multi-image-to-3d
hitem3d-portrait-v21/image-to-3d
hitem3d-portrait-v21/multi-image-to-3d
hitem3d-portrait-v20/image-to-3d
hitem3d-portrait-v20/multi-image-to-3d
hitem3d-portrait-v15/image-to-3d
hitem3d-portrait-v15/multi-image-to-3d
minimax/speech-2.8-hd rhart-audio/text-to-audio/speech-2.8-hd
minimax/music-2.5 rhart-audio/text-to-audio/music-2.5
minimax/speech-02-hd rhart-audio/text-to-audio/speech-02-hd
minimax/speech-02-turbo rhart-audio/text-to-audio/speech-02-turbo
minimax/speech-2.6-hd rhart-audio/text-to-audio/speech-2.6-hd
minimax/speech-2.6-turbo rhart-audio/text-to-audio/speech-2.6-turbo
minimax/speech-2.8-turbo rhart-audio/text-to-audio/speech-2.8-turbo
minimax/voice-clone rhart-audio/text-to-audio/voice-clone
kling-lip-sync/tts
Vidu-reference-to-video-q2-pro vidu/reference-to-video-q2-pro
midjourney-text-to-image-niji6 youchuan/text-to-image-niji6
midjourney-text-to-image-v61 youchuan/text-to-image-v61
midjourney-text-to-image-v6 youchuan/text-to-image-v6
midjourney-text-to-image-v7 youchuan/text-to-image-v7
seedream-v4.5/image-to-image
seedream-v4/image-to-image
seedream-v5-lite/image-to-image
nano-banana2-gemini31flash/image-to-image-channel-low-price rhart-image-n-g31-flash/image-to-image
nano-banana-pro/edit-channel-low-price rhart-image-n-pro/edit
nano-banana2-gemini31flash/image-to-image-official-stable rhart-image-n-g31-flash-official/image-to-image
nano-banana/edit-channel-low-price rhart-image-v1/edit
nano-banana/edit-official-stable rhart-image-v1-official/edit
nano-banana-pro/edit-ultra-official-stable rhart-image-n-pro-official/edit-ultra
nano-banana-pro/edit-official-stable rhart-image-n-pro-official/edit
gpt-image-1.5/edit-channel-low-price rhart-image-g-1.5/edit-[Deprecated]
grok-image/image-to-image/channel-low-price rhart-image-g/image-to-image
qwen-image/edit-2511-lora rhart-image/qwen-image/edit-2511-lora
qwen-image/edit-2511 rhart-image/qwen-image/edit-2511
qwen-image-2.0-pro/image-edit alibaba/qwen-image-2.0-pro/image-edit
qwen-image-2.0/image-edit alibaba/qwen-image-2.0/image-edit
z-image-turbo/image-to-image-lora rhart-image/z-image-turbo/image-to-image-lora
z-image-turbo/image-to-image rhart-image/z-image-turbo/image-to-image
wan-2.2/image-to-image rhart-video/wan-2.2/image-to-image
f-kontext-dev-lora rhart-video/f-kontext/dev-lora
f-2-dev/edit-lora rhart-image/f-2-dev/edit-lora
f-2-dev/edit rhart-image/f-2-dev/edit
f-2-klein-9b/edit rhart-image/f-2-klein-9b/edit
f-2-klein-4b/edit rhart-image/f-2-klein-4b/edit
f-2-klein-4b/edit-lora rhart-image/f-2-klein-4b/edit-lora
midjourney-text-to-image-niji7 youchuan/text-to-image-niji7
nano-banana-pro/text-to-image-channel-low-price rhart-image-n-pro/text-to-image
nano-banana2-gemini31flash/text-to-image-official-stable rhart-image-n-g31-flash-official/text-to-image
nano-banana/text-to-image-channel-low-price rhart-image-v1/text-to-image
nano-banana-pro/text-to-image-ultra-official-stable rhart-image-n-pro-official/text-to-image-ultra
nano-banana2-gemini31flash/text-to-image-channel-low-price rhart-image-n-g31-flash/text-to-image
nano-banana-pro/text-to-image-official-stable rhart-image-n-pro-official/text-to-image
nano-banana/text-to-image-official-stable rhart-image-v1-official/text-to-image
gpt-image-1.5/text-to-image-official-stable rhart-image-g-1.5-official/text-to-image
gpt-image-1.5/text-to-image-channel-low-price rhart-image-g-1.5/text-to-image-[Deprecated]
gpt-image-1.5/image-to-image-official-stable rhart-image-g-1.5-official/image-to-image
seedream-v4.5/text-to-image
seedream-v5-lite/text-to-image
seedream-v4/text-to-image
grok-image/text-to-image/channel-low-price rhart-image-g/text-to-image
qwen-image/text-to-image-2512 rhart-image/qwen-image/text-to-image-2512
qwen-image/text-to-image-2512-lora rhart-image/qwen-image/text-to-image-2512-lora
qwen-image-2.0/text-to-image alibaba/qwen-image-2.0/text-to-image
qwen-image-2.0-pro/text-to-image alibaba/qwen-image-2.0-pro/text-to-image
z-image/turbo-lora rhart-image/z-image/turbo-lora
z-image/turbo rhart-image/z-image/turbo
wan-2.2/text-to-image-lora rhart-video/wan-2.2/text-to-image-lora
wan-2.7/text-to-image-pro alibaba/wan-2.7/text-to-image-pro
wan-2.7/text-to-image alibaba/wan-2.7/text-to-image
f-krea-dev-lora rhart-image/f-krea-dev-lora
f-dev-lora rhart-image/f-dev-lora
f-2-dev/text-to-image-lora rhart-image/f-2-dev/text-to-image-lora
f-2-dev/text-to-image rhart-image/f-2-dev/text-to-image
f-2-klein-9b/text-to-image-lora rhart-image/f-2-klein-9b/text-to-image-lora
f-2-klein-9b/text-to-image rhart-image/f-2-klein-9b/text-to-image
f-2-klein-4b/text-to-image rhart-image/f-2-klein-4b/text-to-image
f-2-klein-4b/text-to-image-lora rhart-image/f-2-klein-4b/text-to-image-lora
f-dev rhart-image/f-dev
wan-2.7/image-edit-pro alibaba/wan-2.7/image-edit-pro
wan-2.7/image-edit alibaba/wan-2.7/image-edit
pixverse-v5.6/text-to-video
pixverse-v5.6/image-to-video
`
	.trim()
	.split('\n')
	.map((line) => {
		const [page = '', endpoint = page] = line.split(' ');
		return { page, endpoint };
	});

it('each of the 225 pages of the documentation finds its model, in the first place', async () => {
	const catalogue = await loadCatalogue();
	expect(PAGES).toHaveLength(225);
	const found = PAGES.map(({ page }) => ({ page, endpoint: catalogue.search(page)[0]?.endpoint }));
	expect(found).toEqual(PAGES);
});

it('a page is found as people write it too: in other case, with spaces, or a word less', async () => {
	const catalogue = await loadCatalogue();
	for (const { page, endpoint } of PAGES) {
		const spoken = page
			.replace(/[-/]/g, ' ')
			.replace(/ (?:channel low price|official stable)$/, '');
		const found = catalogue.search(spoken.toUpperCase()).map((model) => model.endpoint);
		expect([page, found]).toEqual([page, expect.arrayContaining([endpoint])]);
	}
});
