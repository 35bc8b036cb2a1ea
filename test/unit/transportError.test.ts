import { createServer, type Server } from 'node:net';
import axios, { AxiosError } from 'axios';
import { NodeApiError, type INode } from 'n8n-workflow';
import { asTransportError } from '../../runninghub/transport';

/** An error of Node's, with its facts where Node has them. */
const systemError = (code: string, syscall?: string, message = `${syscall ?? ''} ${code}`) =>
	Object.assign(new Error(message), { code, errno: -1 }, syscall === undefined ? {} : { syscall });

/** What Node throws when every address of a host has failed. */
const eyeballs = (code: string) =>
	Object.assign(
		new AggregateError([systemError(code, 'connect'), systemError('ENETUNREACH', 'connect')], ''),
		{ code },
	);

const node: INode = {
	id: '1',
	name: 'RunningHub',
	type: 'n8n-nodes-runninghub.runningHub',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

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
		['an unknown code', systemError('EWHATEVER')],
		['no code', new Error('something')],
	])('%s: the request may have arrived', (_name, error) => {
		expect(asTransportError(wrap(error)).reached).toBe('perhaps');
	});
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

	const listening = async (server: Server): Promise<string> => {
		servers.push(server);
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const address = server.address();
		if (address === null || typeof address === 'string') throw new Error('no port');
		return `http://127.0.0.1:${address.port}/`;
	};
	const closed = async (server: Server) =>
		await new Promise<void>((resolve) => server.close(() => resolve()));

	afterAll(async () => {
		await Promise.all(servers.filter(({ listening: open }) => open).map(closed));
	});

	const thrownBy = async (url: string, timeout = 5_000): Promise<unknown> =>
		await axios.post(url, { a: 1 }, { timeout, proxy: false }).then(
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
});
