import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SIMULATOR_KEY, startSimulator, type Simulator } from '../../simulator';
import { callableModels } from '../../simulator/facts';
import { bodyFor } from './bodies';
import { answerOf, at, bearer, submit } from './client';

const IMAGE = 'https://a.example/a.png';
const VIDEO = 'https://a.example/a.mp4';
const AUDIO = 'https://a.example/a.mp3';
const times = (count: number, value: string) => Array.from({ length: count }, () => value);

describe('conditions between parameters', () => {
	let simulator: Simulator;
	beforeAll(async () => {
		simulator = await startSimulator();
	});
	afterEach(() => simulator.reset());
	afterAll(() => simulator.stop());

	async function messageFor(endpoint: string, changes: Record<string, unknown>) {
		const model = callableModels().find((candidate) => candidate.endpoint === endpoint);
		if (model === undefined) throw new Error(`no model ${endpoint}`);
		const { json } = await submit(simulator, { ...bodyFor(model), ...changes }, { endpoint });
		return json.errorCode === '' ? 'accepted' : String(json.errorMessage);
	}

	const reference = (name: string) => `alibaba/wan-2.6/reference-to-video${name}`;
	const pixels = 'alibaba/wan-2.7/text-to-image-pro';
	const face = 'kling-lip-sync/identify-face';
	const lips = 'kling-lip-sync/lip-sync-video';
	const clone = 'rhart-audio/text-to-audio/voice-clone';
	const many = (name: string) => `rhart-video/sparkvideo-2.0${name}/multimodal-video`;

	it.each<[string, Record<string, unknown>, Record<string, unknown>, RegExp]>([
		...['', '-flash'].map(
			(name): [string, Record<string, unknown>, Record<string, unknown>, RegExp] => [
				reference(name),
				{ imageUrls: times(2, IMAGE), videoUrls: times(3, VIDEO) },
				{ imageUrls: times(3, IMAGE), videoUrls: times(3, VIDEO) },
				/take 5 items together/,
			],
		),
		[pixels, { width: 1024, height: 1024 }, { width: 600, height: 600 }, /width × height/],
		[pixels, { width: 768 }, { width: 512 }, /width × height/],
		[pixels, { width: 512, height: 4096 }, { width: 512, height: 4097 }, /width : height/],
		[face, { videoUrl: VIDEO }, { videoUrl: VIDEO, videoId: 'v1' }, /exactly one/],
		[face, { videoId: 'v1', videoUrl: undefined }, { videoUrl: undefined }, /exactly one/],
		[
			lips,
			{ audioId: 'a1', audioUrl: undefined },
			{ audioId: 'a', audioUrl: AUDIO },
			/exactly one/,
		],
		[
			'kling-v3-4k/image-to-video',
			{ prompt: undefined, multiPrompt: [{ prompt: 'a' }] },
			{ prompt: 'a', multiPrompt: [{ prompt: 'a' }] },
			/exactly one/,
		],
		...['reference-to-video', 'text-to-video'].map(
			(name): [string, Record<string, unknown>, Record<string, unknown>, RegExp] => [
				`kling-video-o3-4k/${name}`,
				{ multiShot: false, shotType: undefined },
				{ multiShot: true, shotType: undefined },
				/shotType is required/,
			],
		),
		[
			'pixverse-v5.5/text-to-video',
			{ duration: '10', resolution: '720p' },
			{ duration: '10', resolution: '1080p' },
			/cannot be 10/,
		],
		[clone, { custom_voice_id: 'voice001' }, { custom_voice_id: 'voice01' }, /8 characters/],
		[
			clone,
			{ custom_voice_id: 'voice001' },
			{ custom_voice_id: '1voice00' },
			/start with a letter/,
		],
		[clone, { custom_voice_id: 'voice001' }, { custom_voice_id: 'voicevoice' }, /contain a digit/],
		...['', '-fast'].map(
			(name): [string, Record<string, unknown>, Record<string, unknown>, RegExp] => [
				many(name),
				{ audioUrls: [AUDIO], imageUrls: [IMAGE] },
				{ audioUrls: [AUDIO], imageUrls: undefined, videoUrls: undefined },
				/audioUrls needs one of/,
			],
		),
	])('of %s: takes %j, refuses %j', async (endpoint, good, bad, message) => {
		expect(await messageFor(endpoint, good)).toBe('accepted');
		expect(await messageFor(endpoint, bad)).toMatch(message);
		expect(simulator.tasks).toHaveLength(1);
	});

	it.each([
		['alibaba/wan-2.7/video-edit', [2, 10]],
		[face, [2, 60]],
		['kling-v3.0-pro/motion-control', [3, 30]],
		['kling-v3.0-std/motion-control', [3, 30]],
	] as const)('%s looks at how long an uploaded film lasts', async (endpoint, [least, most]) => {
		const lasting = async (seconds: number) =>
			await messageFor(endpoint, { videoUrl: await uploadFilm(seconds) });
		expect(await lasting(least)).toBe('accepted');
		expect(await lasting(most)).toBe('accepted');
		expect(await lasting(least - 0.5)).toMatch(/videoUrl must last between/);
		expect(await lasting(most + 0.5)).toMatch(/videoUrl must last between/);
	});

	it('cannot look into a film that lies elsewhere, or that is broken', async () => {
		expect(await messageFor(face, { videoUrl: VIDEO })).toBe('accepted');
		const broken = await upload(Buffer.from('no film'));
		expect(await messageFor(face, { videoUrl: broken })).toBe('accepted');
	});

	it('note what is sent in vain, and take it', async () => {
		const endpoint = 'skyreels-v4/omni-reference';
		const films = [{ url: VIDEO }];
		expect(await messageFor(endpoint, { aspectRatio: '16:9', refVideos: films })).toBe('accepted');
		expect(await messageFor(endpoint, { aspectRatio: '16:9' })).toBe('accepted');
		expect(simulator.tasks.map(({ ignored }) => ignored)).toEqual([['aspectRatio'], []]);
	});

	/** The sample film, said to last so long: `mvhd` has 12 bytes before its scale and its length. */
	async function uploadFilm(seconds: number): Promise<string> {
		const film = readFileSync(join(__dirname, '../../simulator/fixtures/sample.mp4'));
		const header = film.indexOf('mvhd') + 4;
		film.writeUInt32BE(1000, header + 12);
		film.writeUInt32BE(seconds * 1000, header + 16);
		return await upload(film);
	}

	async function upload(bytes: Uint8Array): Promise<string> {
		const body = new FormData();
		body.append('file', new Blob([bytes], { type: 'video/mp4' }), 'a.mp4');
		const url = `${simulator.baseUrl}/openapi/v2/media/upload/binary`;
		const headers = bearer(SIMULATOR_KEY);
		const { json } = await answerOf(await fetch(url, { method: 'POST', headers, body }));
		return String(at(json, 'data', 'download_url'));
	}
});
