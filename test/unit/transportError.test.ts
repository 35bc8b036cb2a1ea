import { Agent } from 'node:https';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, TLSSocket } from 'node:tls';
import axios, { AxiosError } from 'axios';
import { NodeApiError } from 'n8n-workflow';
import { asTransportError } from '../../nodes/RunningHub/n8n/transportError';
import { nodeWith } from '../support/nodeInWorkflow';

/** An error of Node's, with its facts where Node has them. */
const systemError = (code: string, syscall?: string, message = `${syscall ?? ''} ${code}`) =>
	Object.assign(new Error(message), { code, errno: -1 }, syscall === undefined ? {} : { syscall });

/** What Node throws when every address of a host has failed. */
const eyeballs = (code: string) =>
	Object.assign(
		new AggregateError([systemError(code, 'connect'), systemError('ENETUNREACH', 'connect')], ''),
		{ code },
	);

const node = nodeWith();

const inAxios = (error: Error) =>
	AxiosError.from(error, 'code' in error ? String(error.code) : undefined);
const inN8n = (error: Error) =>
	new NodeApiError(node, Object.assign(inAxios(error), { toJSON: undefined }));

/** The ways in which an HTTP library hands an error of Node's on. */
const WRAPS: Array<[string, (error: Error) => unknown]> = [
	['as it is', (error) => error],
	['as a cause', (error) => new Error('fetch failed', { cause: error })],
	['in axios', inAxios],
	['in n8n’s error', inN8n],
];

describe.each(WRAPS)('an error of Node’s, %s', (_, wrap) => {
	it.each([
		['connection refused', systemError('ECONNREFUSED', 'connect')],
		['connecting took too long', systemError('ETIMEDOUT', 'connect')],
		['no route', systemError('EHOSTUNREACH', 'connect')],
		['network down', systemError('ENETUNREACH', 'connect')],
		['reset while connecting', systemError('ECONNRESET', 'connect')],
		['unknown host', systemError('ENOTFOUND', 'getaddrinfo')],
		['name server silent', systemError('EAI_AGAIN', 'getaddrinfo')],
		['certificate expired', systemError('CERT_HAS_EXPIRED')],
		['own certificate', systemError('DEPTH_ZERO_SELF_SIGNED_CERT')],
		['own certificate in the chain', systemError('SELF_SIGNED_CERT_IN_CHAIN')],
		['issuer unknown', systemError('UNABLE_TO_VERIFY_LEAF_SIGNATURE')],
		['issuer not on this machine', systemError('UNABLE_TO_GET_ISSUER_CERT_LOCALLY')],
		['certificate not valid yet', systemError('CERT_NOT_YET_VALID')],
		['certificate of another host', systemError('ERR_TLS_CERT_ALTNAME_INVALID')],
		['all addresses refused', eyeballs('ECONNREFUSED')],
		['all addresses silent', eyeballs('ETIMEDOUT')],
		[
			'closed while TLS was being set up',
			systemError(
				'ECONNRESET',
				undefined,
				'Client network socket disconnected before secure TLS connection was established',
			),
		],
		[
			'TLS refused by an alert',
			systemError(
				'EPROTO',
				'write',
				'write EPROTO 805C:error:0A000410:SSL routines:ssl3_read_bytes:sslv3 alert handshake failure:../rec_layer_s3.c:1601:SSL alert number 40',
			),
		],
		[
			'no TLS on the other side',
			systemError(
				'EPROTO',
				'write',
				'write EPROTO 805C:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../ssl3_record.c:350:',
			),
		],
	])('%s: the request never left', (_name, error) => {
		expect(asTransportError(wrap(error)).reached).toBe('no');
	});

	it.each([
		['reset while reading', systemError('ECONNRESET', 'read')],
		['reset, hung up', systemError('ECONNRESET', undefined, 'socket hang up')],
		['broken pipe', systemError('EPIPE', 'write')],
		['reading took too long', systemError('ETIMEDOUT', 'read')],
		['took too long, nobody says where', systemError('ETIMEDOUT')],
		['axios’ time-out', systemError('ECONNABORTED', undefined, 'timeout of 1000ms exceeded')],
		['TLS broken in the midst', systemError('ERR_SSL_WRONG_VERSION_NUMBER')],
		['TLS closed after the request', systemError('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED')],
		['a protocol error while reading', systemError('EPROTO', 'read')],
		['a protocol error, nobody says where', systemError('EPROTO', undefined, 'EPROTO')],
		['an unknown code', systemError('EWHATEVER')],
		['no code', new Error('something')],
	])('%s: the request may have arrived', (_name, error) => {
		expect(asTransportError(wrap(error)).reached).toBe('perhaps');
	});
});

it('n8n 1 keeps Node’s words of a broken TLS handshake in a list of texts, and no cause', () => {
	const broken = 'Client network socket disconnected before secure TLS connection was established';
	const thrown = (httpCode: string, message: string, messages: string[]) =>
		Object.assign(new Error(message), { httpCode, messages });
	const sentence = 'The connection to the server was closed unexpectedly, perhaps it is offline.';
	expect(asTransportError(thrown('ECONNRESET', sentence, [broken])).reached).toBe('no');
	expect(asTransportError(thrown('ECONNRESET', sentence, ['read ECONNRESET'])).reached).toBe(
		'perhaps',
	);
	expect(asTransportError(thrown('EPROTO', 'write EPROTO 805C:error', [])).reached).toBe('no');
	expect(asTransportError(thrown('EPROTO', 'read EPROTO', [])).reached).toBe('perhaps');
});

describe('anything else that is thrown', () => {
	it.each([undefined, null, 'ECONNREFUSED', 7, {}])(
		'%j: the request may have arrived',
		(thrown) => {
			expect(asTransportError(thrown)).toMatchObject({ reached: 'perhaps', code: 'UNKNOWN' });
		},
	);

	it('ends on causes that run in a circle', () => {
		const error = new Error('a');
		error.cause = new Error('b', { cause: error });
		expect(asTransportError(error).reached).toBe('perhaps');
	});
});

describe('a real connection', () => {
	const servers: Server[] = [];
	const lines = new Set<Socket>();

	const listening = async (server: Server, scheme = 'http'): Promise<string> => {
		servers.push(server);
		server.on('connection', (line: Socket) => lines.add(line));
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const address = server.address();
		if (address === null || typeof address === 'string') throw new Error('no port');
		return `${scheme}://127.0.0.1:${address.port}/`;
	};
	const closed = async (server: Server) =>
		await new Promise<void>((resolve) => server.close(() => resolve()));

	afterAll(async () => {
		for (const line of lines) line.destroy();
		await Promise.all(servers.filter(({ listening: open }) => open).map(closed));
	});

	const thrownBy = async (
		url: string,
		timeout = 5_000,
		httpsAgent?: Agent,
		body: object = { a: 1 },
	): Promise<unknown> =>
		await axios.post(url, body, { timeout, proxy: false, httpsAgent }).then(
			() => undefined,
			(error: unknown) => error,
		);

	it('to a port where nobody listens: the request never left', async () => {
		const server = createServer();
		const url = await listening(server);
		await closed(server);
		expect(asTransportError(await thrownBy(url))).toMatchObject({
			reached: 'no',
			code: 'ECONNREFUSED',
		});
	});

	it('that is cut after the request: the request may have arrived', async () => {
		const url = await listening(
			createServer((socket) => socket.once('data', () => socket.destroy())),
		);
		expect(asTransportError(await thrownBy(url)).reached).toBe('perhaps');
	});

	it('on which no answer comes: the request may have arrived', async () => {
		const url = await listening(
			createServer(
				(socket) => void socket.on('error', () => {}).setTimeout(500, () => socket.destroy()),
			),
		);
		expect(asTransportError(await thrownBy(url, 100))).toMatchObject({
			reached: 'perhaps',
			code: 'ECONNABORTED',
		});
	});

	const onBytes = (then: (socket: Socket) => void) =>
		createServer((socket) => void socket.on('error', () => {}).once('data', () => then(socket)));
	const HANDSHAKE_FAILURE = Buffer.from([0x15, 3, 3, 0, 2, 2, 40]);

	it.each<[string, Server]>([
		['closed before a word', createServer((socket) => void socket.on('error', () => {}).end())],
		['closed after the greeting', onBytes((socket) => socket.destroy())],
		['answered in plain HTTP', onBytes((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))],
		['refused by an alert', onBytes((socket) => socket.end(HANDSHAKE_FAILURE))],
	])('whose TLS is %s: the request never left', async (_name, server) => {
		const thrown = await thrownBy(await listening(server, 'https'));
		expect(['ECONNRESET', 'EPROTO']).toContain(asTransportError(thrown).code);
		expect(asTransportError(thrown).reached).toBe('no');
		expect(asTransportError(new NodeApiError(node, Object(thrown))).reached).toBe('no');
	});

	it('reset while TLS is set up: Node does not tell it from a later one, so it may have arrived', async () => {
		const url = await listening(
			onBytes((socket) => socket.resetAndDestroy()),
			'https',
		);
		expect(asTransportError(await thrownBy(url)).reached).toBe('perhaps');
	});

	/** A key that both sides know, in place of a certificate. */
	const psk = Buffer.from('a key that both sides know');
	const ciphers = 'PSK-AES128-GCM-SHA256';
	const agent = new Agent({
		pskCallback: () => ({ psk, identity: 'test' }),
		ciphers,
		maxVersion: 'TLSv1.2',
		checkServerIdentity: () => undefined,
	});
	/** TLS is set up and the request has come in whole; then something happens to the line. */
	const afterTheRequest = (then: (line: Socket) => void, received: (bytes: number) => void) => {
		const tls = createTlsServer({ pskCallback: () => psk, ciphers, maxVersion: 'TLSv1.2' });
		return createServer((line) => {
			line.on('error', () => {});
			tls.once('secureConnection', (socket: TLSSocket) => {
				socket.on('error', () => {});
				socket.once('data', (bytes) => {
					socket.pause();
					received(bytes.length);
					then(line);
				});
			});
			tls.emit('connection', line);
		});
	};

	it.each<[string, (line: Socket) => void]>([
		['closed', (line) => line.end()],
		['cut', (line) => line.destroy()],
		['reset', (line) => line.resetAndDestroy()],
		['answered in plain HTTP', (line) => line.write('HTTP/1.1 502 Bad Gateway\r\n\r\n')],
		['ended by an alert', (line) => line.write(HANDSHAKE_FAILURE)],
	])('over TLS that is %s after the request: it may have arrived', async (_name, then) => {
		let bytes = 0;
		const url = await listening(
			afterTheRequest(then, (received) => (bytes = received)),
			'https',
		);
		// The large one is on its way still when it happens: the server reads no further.
		for (const body of [{ a: 1 }, { a: 'x'.repeat(20_000_000) }]) {
			bytes = 0;
			const thrown = await thrownBy(url, 5_000, agent, body);
			expect(bytes).toBeGreaterThan(0);
			expect(thrown).toBeInstanceOf(Error);
			expect(asTransportError(thrown).reached).toBe('perhaps');
			expect(asTransportError(new NodeApiError(node, Object(thrown))).reached).toBe('perhaps');
		}
	});
});
