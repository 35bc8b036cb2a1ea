import { download } from '../../runninghub/files/download';
import type { FileResponse } from '../../runninghub/files/findFile';
import { TransportError } from '../../runninghub/http/transport';
import { FakeClock } from '../support/fakeClock';
import { errorOf } from '../support/unitAnswers';

const URL_OF_RESULT = 'https://files.example/out/fox_00001_.mp4?sig=secret';

type Step = FileResponse<string> | TransportError | Error;

const found = (body = 'bytes', headers: Record<string, string> = {}): Step => ({
	status: 200,
	headers,
	body,
});
const status = (code: number, headers: Record<string, string> = {}): Step => ({
	status: code,
	headers,
	body: 'page',
});
const movedTo = (location: string) => status(302, { location });
const broken = () => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });

/** Answers the GETs one by one; a body that is an Error breaks off while it is saved. */
function fetching(
	steps: Step[],
	{ url = URL_OF_RESULT, type = 'mp4', allowPrivateHosts = false } = {},
) {
	const asked: string[] = [];
	const saved: Array<{ fileName: string; mimeType: string }> = [];
	const discarded: string[] = [];
	const clock = new FakeClock();
	const run = clock.run(
		download<string | Error, string>(url, type, {
			get: async (address) => {
				asked.push(address);
				const step = steps.shift();
				if (step === undefined) throw new Error(`Not expected: ${address}`);
				if (step instanceof TransportError) throw step;
				if (step instanceof Error) return { status: 200, headers: {}, body: step };
				return step;
			},
			discard: (body) => void discarded.push(String(body)),
			peek: async (body) => {
				if (body instanceof Error) throw body;
				return Buffer.from(body);
			},
			save: async (body, facts) => {
				if (body instanceof Error) throw body;
				saved.push(facts);
				return body;
			},
			clock,
			random: () => 0.5,
			allowPrivateHosts,
		}),
	);
	return { run, asked, saved, discarded };
}

describe('a download', () => {
	it('is what the host gives', async () => {
		const { run, saved } = fetching([found('bytes', { 'content-type': 'video/mp4' })]);
		expect(await run).toBe('bytes');
		expect(saved).toEqual([{ fileName: 'fox_00001_.mp4', mimeType: 'video/mp4' }]);
	});

	it.each<[string, Step]>([
		['no answer', new TransportError('perhaps', 'ECONNRESET')],
		['HTTP 500', status(500)],
		['HTTP 429', status(429)],
		['a body that breaks off', broken()],
	])('that fails with %s starts anew from the address', async (_, failure) => {
		const { run, asked } = fetching([failure, failure, found()]);
		expect(await run).toBe('bytes');
		expect(asked).toEqual([URL_OF_RESULT, URL_OF_RESULT, URL_OF_RESULT]);
	});

	it('that goes on failing becomes an error that costs nothing and shows no signature', async () => {
		const failure = fetching(Array.from({ length: 4 }, broken));
		await expect(failure.run).rejects.toMatchObject({
			kind: 'transient',
			message:
				'The task is done, but its result could not be downloaded: the connection broke off each time.',
			description: expect.stringContaining('You do not have to pay again'),
		});
		expect(failure.asked).toHaveLength(4);
	});

	it('of what is gone for good (HTTP 410) is not tried again', async () => {
		const { run, asked, discarded } = fetching([status(410)]);
		await expect(run).rejects.toThrow('no longer exists (HTTP 410)');
		expect(asked).toHaveLength(1);
		expect(discarded).toEqual(['page']);
	});

	it.each([403, 404])('of what may not be there yet (HTTP %d) is tried again', async (code) => {
		const { run, asked } = fetching(Array(4).fill(status(code)));
		await expect(run).rejects.toThrow(`no longer exists (HTTP ${code})`);
		expect(asked).toHaveLength(4);
	});

	it.each([403, 404, 410])(
		'of what is gone (HTTP %d) says so, and what is free until when',
		async (code) => {
			const error = await errorOf(fetching(Array(4).fill(status(code))).run);
			expect(error.kind).toBe('notFound');
			expect(error.message).toContain('RunningHub deletes results after 24 hours');
			expect(error.description).toMatch(/less than 24 hours ago, retry.*free/);
			expect(error.description).toMatch(/charged again/);
		},
	);

	it('that cannot be stored is not tried again', async () => {
		const full = Object.assign(new Error('no space left'), { code: 'ENOSPC' });
		await expect(fetching([full]).run).rejects.toThrow('could not be stored (no space left)');
	});
});

describe('what a host sends in place of a file, with status 200', () => {
	const HTML = '<html><body>Service Unavailable</body></html>';
	const XML = '<?xml version="1.0"?>\n<Error><Code>NoSuchKey</Code></Error>';
	const as = (body: string, contentType?: string): Step =>
		found(body, contentType === undefined ? {} : { 'content-type': contentType });

	it.each<[string, string, Step]>([
		['a page', 'mp4', as(HTML, 'text/html')],
		['a page that is said to be a video', 'mp4', as(HTML, 'video/mp4')],
		['a page after blank lines', 'png', as(`\ufeff\n  ${HTML}`)],
		['a doctype', 'glb', as('<!DOCTYPE html>', 'application/octet-stream')],
		['an XML error', 'mp4', as(XML, 'application/xml')],
		['an XML error for a text', 'txt', as(XML, 'application/xml')],
		['an XML error for what nobody named', '', as(XML, 'text/xml')],
		['a JSON error', 'zip', as('{"code":403,"msg":"expired"}', 'application/json')],
		['nothing', 'mp4', as('', 'video/mp4')],
		['nothing, for a text', 'txt', as('', 'text/plain')],
		['HTTP 204', 'mp4', { status: 204, headers: {}, body: '' }],
	])('%s (%s) is no file, and is not kept', async (_name, type, step) => {
		const url = `https://files.example/out${type === '' ? '' : `.${type}`}`;
		const { run, asked, saved, discarded } = fetching(Array(4).fill(step), {
			url,
			type: type || 'file',
		});
		const error = await errorOf(run);
		expect(error).toMatchObject({ kind: 'transient', resendable: false });
		expect(error.message).toMatch(/its host sent (an error page instead|nothing)/);
		// It costs nothing to look whether this passes.
		expect(asked).toHaveLength(4);
		expect(saved).toEqual([]);
		expect(discarded).toHaveLength(4);
	});

	it.each([
		['html', HTML, 'text/html'],
		['svg', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'image/svg+xml'],
		['svg', '<?xml version="1.0"?><svg/>', 'application/xml'],
		['xml', XML, 'application/xml'],
		['json', '{"a":1}', 'application/json'],
		['txt', '<b>a caption</b>', 'text/plain'],
		['txt', 'A fox.', 'text/html'],
		['gltf', '{"asset":{}}', 'model/gltf+json'],
		['mp4', '\0\0\0 ftypisom', 'text/html'],
		['png', '\x89PNG', 'application/xml'],
		['mp3', '<\0', 'audio/mpeg'],
	])('a real .%s file is one: %j as %s', async (type, body, contentType) => {
		const url = `https://files.example/a.${type}`;
		expect(await fetching([as(body, contentType)], { url, type }).run).toBe(body);
	});

	it('that passes is forgotten', async () => {
		const { run, asked } = fetching([as(HTML, 'text/html'), as(''), found('\0\0\0 ftyp')]);
		expect(await run).toBe('\0\0\0 ftyp');
		expect(asked).toHaveLength(3);
	});
});

it('what was asked for counts, not what the address ends with after a redirect', async () => {
	const page = found('<html>', { 'content-type': 'video/mp4' });
	const { run, saved } = fetching(
		[0, 1, 2, 3].flatMap(() => [movedTo('https://cdn.example/get.php'), page]),
	);
	await expect(run).rejects.toThrow('an error page instead');
	expect(saved).toEqual([]);
});

describe('a redirect', () => {
	it('is followed to another host, and relative to its own', async () => {
		const { run, asked } = fetching([
			movedTo('https://cdn.example/a.mp4'),
			movedTo('/b.mp4'),
			found(),
		]);
		await run;
		expect(asked).toEqual([
			URL_OF_RESULT,
			'https://cdn.example/a.mp4',
			'https://cdn.example/b.mp4',
		]);
	});

	it.each([
		'http://localhost:5678/rest/settings',
		'http://127.0.0.1/',
		'http://169.254.169.254/latest/meta-data',
		'http://10.0.0.8/a.mp4',
		'http://[::1]/a.mp4',
		'http://redis:6379/',
	])('into this network is not followed: %s', async (location) => {
		const { run, asked } = fetching([movedTo(location)]);
		await expect(run).rejects.toThrow('inside n8n’s own network');
		expect(asked).toHaveLength(1);
	});

	it.each(['file:///etc/passwd', 'ftp://files.example/a', 'https://user:word@files.example/a'])(
		'to another kind of address is not followed: %s',
		async (location) => {
			await expect(fetching([movedTo(location)]).run).rejects.toThrow(
				'is not a plain http or https URL',
			);
		},
	);

	it('without end is given up', async () => {
		const { run, asked } = fetching(Array(9).fill(movedTo('https://files.example/again')));
		await expect(run).rejects.toThrow('too many redirects');
		expect(asked.length).toBeLessThan(9);
	});
});

it('a private address is taken where the API itself is at one', async () => {
	const local = { url: 'http://127.0.0.1:9/a.mp4' };
	await expect(fetching([found()], local).run).rejects.toThrow('127.0.0.1');
	await expect(fetching([found()], { ...local, allowPrivateHosts: true }).run).resolves.toBe(
		'bytes',
	);
});

describe('name and type', () => {
	const factsOf = async (url: string, type: string, contentType?: string) => {
		const headers: Record<string, string> =
			contentType === undefined ? {} : { 'content-type': contentType };
		const { run, saved } = fetching([found('x', headers)], { url, type });
		await run;
		return [saved[0]?.fileName, saved[0]?.mimeType];
	};

	it.each([
		['https://f.example/a.png', 'png', undefined, 'a.png', 'image/png'],
		['https://f.example/a.png', 'png', 'binary/octet-stream', 'a.png', 'image/png'],
		['https://f.example/a.png', 'png', 'image/webp; q=1', 'a.png', 'image/webp'],
		['https://f.example/out', 'mp4', 'application/octet-stream', 'out.mp4', 'video/mp4'],
		['https://f.example/', 'glb', undefined, 'result.glb', 'model/gltf-binary'],
		['https://f.example/%E7%8B%90.mp4', 'mp4', undefined, '狐.mp4', 'video/mp4'],
		[
			'https://f.example/..%2F..%2Fetc%2Fpasswd',
			'txt',
			undefined,
			'.._.._etc_passwd.txt',
			'text/plain',
		],
	])('%s (%s, %s) is %s, %s', async (url, type, contentType, name, mimeType) => {
		expect(await factsOf(url, type, contentType)).toEqual([name, mimeType]);
	});
});
