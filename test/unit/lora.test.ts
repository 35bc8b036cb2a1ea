import { createHash } from 'node:crypto';
import { createClient } from '../../runninghub/api/client';
import { RunningHubError } from '../../runninghub/base/errors';
import { uploadLora, type LoraUploadUrl, type SizedFile } from '../../runninghub/files/lora';
import { TransportError } from '../../runninghub/http/transport';
import { FakeClock } from '../support/fakeClock';
import { answer, errorOf, scripted } from '../support/unitAnswers';
import { bytesOf, uploadFile } from '../support/uploadFile';

const BYTES = Buffer.from('weights');
const MD5 = createHash('md5').update(BYTES).digest('hex');
const FILE_NAME = `api-lora-cn/${MD5}.safetensors`;
const ADDRESS = 'https://storage.example/put?sig=private';

interface Script {
	places?: Array<LoraUploadUrl | RunningHubError>;
	/** HTTP statuses, or what breaks the connection. */
	puts?: Array<number | TransportError>;
	allowPrivateHosts?: boolean;
}

function lab({ places = [], puts = [], allowPrivateHosts = false }: Script = {}) {
	const asked: Array<[string, string]> = [];
	const received: Array<{ url: string; bytes: Buffer; size: number }> = [];
	const clock = new FakeClock();
	const tools = {
		clock,
		random: () => 0.5,
		allowPrivateHosts,
		client: {
			loraUploadUrl: async (name: string, md5: string) => {
				asked.push([name, md5]);
				const place = places.shift() ?? { fileName: FILE_NAME, url: ADDRESS };
				if (place instanceof RunningHubError) throw place;
				return place;
			},
		},
		put: async (url: string, file: SizedFile) => {
			const answered = puts.shift() ?? 200;
			if (answered instanceof TransportError) throw answered;
			received.push({ url, bytes: await bytesOf(await file.open()), size: file.sizeBytes });
			return answered;
		},
	};
	const upload = (file = uploadFile(BYTES)) => {
		const work = uploadLora('paper cut', file, tools);
		return clock.run(work);
	};
	return { asked, received, upload };
}

describe('a LoRA', () => {
	it('is asked for by its MD5 and then sent', async () => {
		const { asked, received, upload } = lab();
		expect(await upload()).toEqual({
			fileName: FILE_NAME,
			md5: MD5,
			sizeBytes: BYTES.length,
			alreadyThere: false,
		});
		expect(asked).toEqual([['paper cut', MD5]]);
		expect(received).toEqual([{ url: ADDRESS, bytes: BYTES, size: BYTES.length }]);
	});

	it('that RunningHub has already is not sent', async () => {
		const { received, upload } = lab({ places: [{ fileName: FILE_NAME, url: undefined }] });
		expect(await upload()).toMatchObject({ fileName: FILE_NAME, alreadyThere: true });
		expect(received).toEqual([]);
	});

	it('is read in two passes, piece by piece, and never as a whole', async () => {
		let opened = 0;
		let held = 0;
		let most = 0;
		const file = {
			...uploadFile(Buffer.alloc(0), 'large.safetensors'),
			sizeBytes: undefined,
			open: async () => {
				opened += 1;
				return (async function* () {
					for (let piece = 0; piece < 50; piece++) {
						held += 1;
						most = Math.max(most, held);
						yield Buffer.alloc(10, piece);
						held -= 1;
					}
				})();
			},
		};
		const { received, upload } = lab();
		expect(await upload(file)).toMatchObject({ sizeBytes: 500 });
		expect(received).toMatchObject([{ size: 500 }]);
		expect([opened, most]).toEqual([2, 1]);
	});

	it('without a byte is refused before RunningHub is asked', async () => {
		const { asked, upload } = lab();
		const error = await errorOf(upload(uploadFile(Buffer.alloc(0))));
		expect(error).toMatchObject({
			kind: 'validation',
			message: 'The LoRA paper cut could not be uploaded: It is empty.',
		});
		expect(asked).toEqual([]);
	});

	it.each<[string, Script]>([
		['a reset', { puts: [new TransportError('perhaps', 'ECONNRESET')] }],
		['an address that has expired', { puts: [403] }],
		['a storage out of order', { puts: [503, 500] }],
		[
			'RunningHub out of order',
			{ places: [new RunningHubError({ kind: 'transient', message: 'No.' })] },
		],
	])('is tried again after %s, from the question on', async (_, script) => {
		const failures = [...(script.puts ?? []), ...(script.places ?? [])].length;
		const { asked, upload } = lab(script);
		expect(await upload()).toMatchObject({ alreadyThere: false });
		expect(asked).toHaveLength(failures + 1);
	});

	it('that the storage goes on refusing is an error without its address', async () => {
		const { asked, upload } = lab({ puts: [403, 403, 403] });
		const { message, description } = await errorOf(upload());
		expect(message).toBe(
			'The LoRA paper cut could not be uploaded: RunningHub’s file storage answered with HTTP 403.',
		);
		expect(`${message} ${description}`).not.toMatch(/private|storage\.example/);
		expect(asked).toHaveLength(3);
	});

	it('that RunningHub refuses for good is not tried again', async () => {
		const refusal = new RunningHubError({ kind: 'auth', message: 'Bad key.' });
		const { asked, upload } = lab({ places: [refusal] });
		expect((await errorOf(upload())).kind).toBe('auth');
		expect(asked).toHaveLength(1);
	});

	it.each(['http://127.0.0.1/put', 'http://10.0.0.7/put', 'file:///etc/passwd', 'not an address'])(
		'is not sent to %s',
		async (url) => {
			const place = { fileName: FILE_NAME, url };
			const { received, upload } = lab({ places: [place, place, place] });
			expect((await errorOf(upload())).kind).toBe('protocol');
			expect(received).toEqual([]);
		},
	);

	it('goes to a private address where RunningHub itself has one', async () => {
		const place = { fileName: FILE_NAME, url: 'http://127.0.0.1/put' };
		const { received, upload } = lab({ places: [place], allowPrivateHosts: true });
		await upload();
		expect(received).toHaveLength(1);
	});
});

describe('the place of a LoRA', () => {
	const placeFrom = async (data: unknown) =>
		await createClient(
			scripted({ '/api/openapi/getLoraUploadUrl': () => answer({ code: 0, msg: '', data }) })
				.transport,
		).loraUploadUrl('paper cut', MD5);

	it.each([
		[{ fileName: FILE_NAME, url: ADDRESS }, ADDRESS],
		[{ fileName: FILE_NAME }, undefined],
		[{ fileName: FILE_NAME, url: null }, undefined],
		[{ fileName: FILE_NAME, url: '' }, undefined],
	])('in %j', async (data, url) => {
		expect(await placeFrom(data)).toEqual({ fileName: FILE_NAME, url });
	});

	it.each([null, {}, { url: ADDRESS }, { fileName: '' }, 'x'])('is not in %j', async (data) => {
		expect((await errorOf(placeFrom(data))).kind).toBe('protocol');
	});
});
