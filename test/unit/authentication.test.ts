import { withKey, type KeyedRequest } from '../../runninghub/http/authentication';

const KEY = '0123456789abcdef0123456789abcdef';
const INTERNATIONAL = { site: 'international' };

const keyed = (url: string, body?: unknown) =>
	withKey<KeyedRequest>({ url, body }, KEY, INTERNATIONAL);

const at = (path: string) => `https://www.runninghub.ai${path}`;

describe('where the key goes (reference 1.2)', () => {
	it.each([
		'/openapi/v2/query',
		'/openapi/v2/vidu/text-to-video',
		'/openapi/v2/media/upload/binary',
	])('v2 %s: in the Bearer header alone', (path) => {
		expect(keyed(at(path), { taskId: '1' })).toEqual({
			url: at(path),
			headers: { Authorization: `Bearer ${KEY}` },
			body: { taskId: '1' },
		});
	});

	it.each([
		'/task/openapi/create',
		'/task/openapi/outputs',
		'/api/openapi/getJsonApiFormat',
		'/api/fast/creation/model/params',
	])('v1 %s: in the body as apiKey, and in the header (quirk 19)', (path) => {
		expect(keyed(at(path), { taskId: '1' })).toEqual({
			url: at(path),
			headers: { Authorization: `Bearer ${KEY}` },
			body: { taskId: '1', apiKey: KEY },
		});
	});

	it('account: in the body as apikey, all lower case (quirk 16)', () => {
		expect(keyed(at('/uc/openapi/accountStatus')).body).toEqual({ apikey: KEY });
	});

	it('app demo: in the query as apiKey', () => {
		const request = withKey<KeyedRequest>(
			{ url: at('/api/webapp/apiCallDemo'), qs: { webappId: '7' } },
			KEY,
			INTERNATIONAL,
		);
		expect(request.qs).toEqual({ webappId: '7', apiKey: KEY });
		expect(request.body).toBeUndefined();
	});

	it('a call of n8n’s HTTP Request node, by its uri', () => {
		const request = withKey({ uri: at('/task/openapi/cancel'), body: { taskId: '1' } }, KEY, {
			site: 'international',
		});
		expect(request).toEqual({
			uri: at('/task/openapi/cancel'),
			headers: { Authorization: `Bearer ${KEY}` },
			body: { taskId: '1', apiKey: KEY },
		});
	});

	it.each([
		['/proxy/{apiKey}/prompt', `/proxy/${KEY}/prompt`],
		['/proxy-plus/{apiKey}/history/1?x={apiKey}', `/proxy-plus/${KEY}/history/1?x={apiKey}`],
		['/proxy/%7BapiKey%7D/view', `/proxy/${KEY}/view`],
		['/proxy/{apiKey}', `/proxy/${KEY}`],
		['/proxy/somebody-elses-key/prompt', '/proxy/somebody-elses-key/prompt'],
	])('ComfyUI proxy %s: in the path, in place of what stands for it', (path, keyedPath) => {
		const body = { prompt: {} };
		expect(withKey({ uri: at(path), body }, KEY, INTERNATIONAL)).toEqual({
			uri: at(keyedPath),
			body,
		});
		expect(withKey({ url: at(path) }, KEY, INTERNATIONAL)).toEqual({ url: at(keyedPath) });
	});

	it('leaves the other headers, and the request that it was given, as they are', () => {
		const given = {
			url: at('/task/openapi/cancel'),
			headers: { Accept: 'x' },
			body: { taskId: '1' },
		};
		const before = structuredClone(given);
		expect(withKey(given, KEY, INTERNATIONAL).headers).toMatchObject({ Accept: 'x' });
		expect(given).toEqual(before);
	});

	it.each([
		['https://proxy.example/rh', 'https://proxy.example/rh/task/openapi/outputs'],
		['https://proxy.example/rh/', 'https://proxy.example/rh/task/openapi/outputs'],
		['https://proxy.example/rh///', 'https://proxy.example/rh/task/openapi/outputs'],
		['http://127.0.0.1:8188', 'http://127.0.0.1:8188/task/openapi/outputs'],
		[' https://proxy.example ', 'https://proxy.example/task/openapi/outputs'],
	])('finds the family below the base URL %j', (baseUrl, url) => {
		const request = withKey<KeyedRequest>({ url, body: { taskId: '1' } }, KEY, {
			site: 'custom',
			baseUrl,
		});
		expect(request.body).toEqual({ taskId: '1', apiKey: KEY });
	});

	it('understands a base URL that the request itself names', () => {
		const request = withKey<KeyedRequest>(
			{ url: '/uc/openapi/accountStatus', baseURL: 'https://www.runninghub.ai' },
			KEY,
			INTERNATIONAL,
		);
		expect(request.body).toEqual({ apikey: KEY });
	});

	it('takes the China host for the China site only', () => {
		const url = 'https://www.runninghub.cn/openapi/v2/query';
		expect(withKey<KeyedRequest>({ url }, KEY, { site: 'china' }).headers).toEqual({
			Authorization: `Bearer ${KEY}`,
		});
		expect(() => withKey({ url }, KEY, INTERNATIONAL)).toThrow(/www\.runninghub\.cn/);
	});
});

describe('the key goes to no other host', () => {
	it.each([
		'https://www.runninghub.ai.evil.com/openapi/v2/query',
		'https://evil.com/openapi/v2/query',
		'https://evil.com/www.runninghub.ai/openapi/v2/query',
		'https://www.runninghub.ai@evil.com/openapi/v2/query',
		'https://www.runninghub.ai:443@evil.com/openapi/v2/query',
		'https://evil.com\\@www.runninghub.ai/openapi/v2/query',
		'https://evil.com#@www.runninghub.ai/openapi/v2/query',
		'https://runninghub.ai/openapi/v2/query',
		'https://api.www.runninghub.ai/openapi/v2/query',
		'https://www.runninghub.ai:8443/openapi/v2/query',
		'http://www.runninghub.ai/openapi/v2/query',
		'https://www.runninghub.ai:80/openapi/v2/query',
		'ftp://www.runninghub.ai/openapi/v2/query',
		'//evil.com/openapi/v2/query',
		// Relative to a base these two stay on its host; without one, as HTTP clients read them, they are evil.com.
		'https:evil.com/openapi/v2/query',
		'https:/evil.com/openapi/v2/query',
	])('refuses %s', (url) => {
		expect(() => withKey({ url }, KEY, INTERNATIONAL)).toThrow(/key is not sent to/);
	});

	it.each(['https://evil.com/openapi/v2/query', 'https://evil.com/proxy/{apiKey}/prompt'])(
		'refuses %s from n8n’s HTTP Request node, which calls it uri',
		(uri) => {
			expect(() => withKey({ uri }, KEY, INTERNATIONAL)).toThrow(/not sent to evil\.com/);
			const both = { uri: at('/openapi/v2/query'), url: uri };
			expect(() => withKey(both, KEY, INTERNATIONAL)).toThrow(/not sent to evil\.com/);
		},
	);

	it('refuses another host that the request names as its own base', () => {
		const request = { url: '/openapi/v2/query', baseURL: 'https://evil.com' };
		expect(() => withKey(request, KEY, INTERNATIONAL)).toThrow(/key is not sent to evil\.com/);
	});

	it('does not repeat the key when it refuses', () => {
		const refuse = () => withKey({ url: 'https://evil.com/' }, KEY, INTERNATIONAL);
		expect(refuse).toThrow();
		expect(refuse).not.toThrow(new RegExp(KEY));
	});
});
