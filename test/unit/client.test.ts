import { createClient } from '../../runninghub/api/client';
import { TransportError, type ApiRequest, type ApiResponse } from '../../runninghub/http/transport';
import { answer, errorOf, scripted, TASK_ID, wordsOf } from '../support/unitAnswers';
import { bytesOf, uploadFile } from '../support/uploadFile';

type Respond = (request: ApiRequest) => ApiResponse | Promise<ApiResponse>;

const UNKNOWN_TO_V2: Respond = () => answer({ errorCode: '1004', errorMessage: 'not found' });

const queried = (v2: Respond, v1?: Respond) => {
	const script = scripted({
		'/openapi/v2/query': v2,
		...(v1 ? { '/task/openapi/outputs': v1 } : {}),
	});
	return { work: createClient(script.transport).query(TASK_ID), requests: script.requests };
};

describe('query', () => {
	it('asks v2 once, with the id as text', async () => {
		const { work, requests } = queried(() => answer({ taskId: TASK_ID, status: 'RUNNING' }));
		expect(await work).toMatchObject({ taskId: TASK_ID, status: 'RUNNING' });
		expect(requests.map(({ path, body }) => [path, body])).toEqual([
			['/openapi/v2/query', { type: 'json', json: { taskId: TASK_ID } }],
		]);
	});

	it('asks v1 for an id that v2 does not know', async () => {
		const { work, requests } = queried(UNKNOWN_TO_V2, () =>
			answer({
				code: 0,
				msg: 'success',
				data: [{ fileUrl: 'https://files.example/a.png', fileType: 'png', nodeId: '9' }],
			}),
		);
		expect(await work).toMatchObject({
			taskId: TASK_ID,
			status: 'SUCCESS',
			results: [{ url: 'https://files.example/a.png', mimeType: 'image/png' }],
		});
		expect(requests[1]?.body).toEqual({ type: 'json', json: { taskId: TASK_ID } });
	});

	it.each([
		[{ code: 813, msg: 'APIKEY_TASK_IS_QUEUED', data: null }, 'QUEUED'],
		[{ code: 804, msg: 'APIKEY_TASK_IS_RUNNING', data: null }, 'RUNNING'],
		[{ code: 805, msg: 'APIKEY_TASK_STATUS_ERROR', data: null }, 'FAILED'],
	])('v1 says %j: %s', async (body, status) => {
		expect(await queried(UNKNOWN_TO_V2, () => answer(body)).work).toMatchObject({ status });
	});

	it.each([807, 423])(
		'an id that neither knows (v1: %i) is notFound, with the id',
		async (code) => {
			const error = await errorOf(
				queried(UNKNOWN_TO_V2, () => answer({ code, msg: '', data: null })).work,
			);
			expect(error).toMatchObject({ kind: 'notFound', taskId: TASK_ID });
		},
	);

	it('an id that v2 does not know, while v1 is out of order, may still exist', async () => {
		const error = await errorOf(queried(UNKNOWN_TO_V2, () => answer('', 502)).work);
		expect(error).toMatchObject({ kind: 'transient', taskId: TASK_ID });
	});

	it('an id that v2 does not know, while v1 is asked too often, may still exist', async () => {
		const error = await errorOf(queried(UNKNOWN_TO_V2, () => answer('', 429)).work);
		expect(error.kind).not.toBe('notFound');
	});

	it.each<[string, Respond, string]>([
		['HTTP 500', () => answer('', 500), 'transient'],
		['HTML', () => answer('<html></html>'), 'protocol'],
		['HTTP 429', () => answer('', 429), 'rateLimit'],
		['a wrong key', () => answer({ errorCode: '1002', errorMessage: '' }), 'auth'],
		['a reset', () => Promise.reject(new TransportError('perhaps', 'ECONNRESET')), 'transient'],
		['no connection', () => Promise.reject(new TransportError('no', 'ENOTFOUND')), 'transient'],
	])('%s is an error with the id, without asking v1', async (_name, respond, kind) => {
		const { work, requests } = queried(respond);
		const error = await errorOf(work);
		expect(error).toMatchObject({ kind, taskId: TASK_ID });
		expect(wordsOf(error)).not.toMatch(/ECONNRESET|ENOTFOUND/);
		expect(requests).toHaveLength(1);
	});
});

describe('account', () => {
	it('is asked with an empty body, to which the credential adds the key', async () => {
		const { transport, requests } = scripted({
			'/uc/openapi/accountStatus': () =>
				answer({ code: 0, msg: 'success', data: { remainCoins: '5', apiType: 'SHARED' } }),
		});
		expect(await createClient(transport).account()).toMatchObject({ coins: 5, keyType: 'SHARED' });
		expect(requests).toEqual([
			expect.objectContaining({ method: 'POST', body: { type: 'json', json: {} } }),
		]);
	});

	it.each([null, [], 'x', undefined])('data %j describes no account', async (data) => {
		const { transport } = scripted({
			'/uc/openapi/accountStatus': () => answer({ code: 0, msg: '', data }),
		});
		expect((await errorOf(createClient(transport).account())).kind).toBe('protocol');
	});
});

describe('the price preview', () => {
	it('asks with the body of the submit, and makes no task', async () => {
		const { transport, requests } = scripted({
			'/openapi/v2/price-preview/vidu/text-to-video-q2': () =>
				answer({ errorCode: '', estimatedPrice: '0.77', currency: 'CNY', isFreeThisCall: false }),
		});
		const body = { prompt: 'a fox', duration: '5' };
		const price = await createClient(transport).previewPrice('vidu/text-to-video-q2', body);
		expect(price).toMatchObject({ amount: 0.77, currency: 'CNY', isFree: false });
		expect(requests.map((request) => [request.body, request.unstoppable])).toEqual([
			[{ type: 'json', json: body }, undefined],
		]);
	});
});

describe('cancel', () => {
	it('is done when RunningHub says so', async () => {
		const { transport, requests } = scripted({
			'/task/openapi/cancel': () => answer({ code: 0, msg: 'success', data: null }),
		});
		await expect(createClient(transport).cancel(TASK_ID)).resolves.toBeUndefined();
		expect(requests[0]?.body).toEqual({ type: 'json', json: { taskId: TASK_ID } });
	});

	it('carries the id in its error', async () => {
		const { transport } = scripted({
			'/task/openapi/cancel': () => answer('', 502),
		});
		expect(await errorOf(createClient(transport).cancel(TASK_ID))).toMatchObject({
			kind: 'transient',
			taskId: TASK_ID,
		});
	});
});

describe('upload', () => {
	const upload = async (name: string, bytes: Buffer, respond: Respond) => {
		const { transport, requests } = scripted({ '/openapi/v2/media/upload/binary': respond });
		const uploaded = await createClient(transport).upload(uploadFile(bytes, name));
		const body = requests[0]?.body;
		if (body?.type !== 'form') throw new Error('no form was sent');
		return { uploaded, parts: body.parts };
	};
	const accepted: Respond = () =>
		answer({ code: 0, message: 'success', data: { download_url: 'https://f.example/x.png' } });

	it('sends one part named file, byte by byte as it was', async () => {
		const bytes = Buffer.from([0, 255, 13, 10, 45, 45, 128]);
		const { parts } = await upload('a.png', bytes, accepted);
		expect(parts.map(([name]) => name)).toEqual(['file']);
		const file = parts[0]?.[1];
		if (typeof file !== 'object') throw new Error('no file');
		expect([file.fileName, file.mimeType, file.sizeBytes]).toEqual([
			'a.png',
			'image/png',
			bytes.length,
		]);
		expect(await bytesOf(await file.open())).toEqual(bytes);
	});

	it('a file whose name says nothing of its type gets an ending', async () => {
		for (const [given, sent] of [
			['fox', 'fox.png'],
			['fox v1.5 final', 'fox v1.5 final.png'],
			['fox.webp', 'fox.webp'],
		] as const) {
			const { parts } = await upload(given, Buffer.from('x'), accepted);
			expect(parts.map(([, file]) => typeof file === 'object' && file.fileName)).toEqual([sent]);
		}
	});

	it('what RunningHub says of a file is given on', async () => {
		const data = {
			download_url: 'https://f.example/x.png',
			filename: 'openapi/x.png',
			type: 'image',
			size: '3490',
		};
		const { uploaded } = await upload('a.png', Buffer.from('x'), () =>
			answer({ code: 200, message: 'success', data }),
		);
		expect(uploaded).toEqual({
			url: 'https://f.example/x.png',
			fileName: 'openapi/x.png',
			type: 'image',
			sizeBytes: 3490,
		});
	});

	it('a name cannot break out of its header', async () => {
		const name = 'a"; name="apiKey"\r\n\r\nx.png';
		const { parts } = await upload(name, Buffer.from('x'), accepted);
		expect(parts.map(([, file]) => typeof file === 'object' && file.fileName)).toEqual([
			'a_; name=_apiKey_____x.png',
		]);
	});

	it.each([null, {}, { fileName: 'openapi/a.png' }, { download_url: 'no url' }])(
		'data %j gives no address, and says so',
		async (data) => {
			const work = upload('a.png', Buffer.from('x'), () => answer({ code: 0, message: '', data }));
			expect((await errorOf(work)).kind).toBe('protocol');
		},
	);

	it.each([
		[808, 'transient'],
		[809, 'validation'],
		[401, 'auth'],
	])('code %i is of kind %s', async (code, kind) => {
		const work = upload('a.png', Buffer.from('x'), () => answer({ code, message: '', data: null }));
		expect((await errorOf(work)).kind).toBe(kind);
	});
});
