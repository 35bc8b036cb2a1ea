import { createHash } from 'node:crypto';
import {
	SIMULATOR_KEY,
	SIMULATOR_WORKFLOW_ID,
	startSimulator,
	type Simulator,
} from '../../simulator';
import { answerOf, at, bearer, fileForm, v1 } from './client';

describe('the old upload', () => {
	let simulator: Simulator;
	beforeAll(async () => {
		simulator = await startSimulator();
	});
	afterEach(() => simulator.reset());
	afterAll(() => simulator.stop());

	const send = async (body: FormData, headers: Record<string, string> = {}) => {
		const url = `${simulator.baseUrl}/task/openapi/upload`;
		// A connection of its own: while a large form is made, the server may let go of an idle one.
		const request = { method: 'POST', body, headers: { ...headers, connection: 'close' } };
		return await answerOf(await fetch(url, request));
	};
	const form = (
		bytes: Uint8Array = Buffer.from('x'),
		file: { name?: string; type?: string } = {},
		fields: Record<string, string> = { apiKey: SIMULATOR_KEY },
	) => fileForm(bytes, file, fields);
	const hash = createHash('sha256').update('x').digest('hex');

	it('takes the key as a form field and gives a name, but no address', async () => {
		const { json } = await send(form());
		expect(json).toEqual({
			code: 0,
			msg: 'success',
			data: { fileName: `api/${hash}.png`, fileType: 'input' },
		});
		expect(simulator.uploads[0]).toMatchObject({ originalName: 'a.png', url: null });
		const asImage = { apiKey: SIMULATOR_KEY, fileType: 'image' };
		expect(at((await send(form(undefined, {}, asImage))).json, 'data', 'fileType')).toBe('image');
	});

	it('gives a name that nodes take', async () => {
		const fieldValue = at((await send(form())).json, 'data', 'fileName');
		const nodeInfoList = [{ nodeId: '10', fieldName: 'image', fieldValue }];
		const { json } = await v1(simulator, 'create', {
			workflowId: SIMULATOR_WORKFLOW_ID,
			nodeInfoList,
		});
		expect(json.code).toBe(0);
	});

	it('gives the name of a ZIP without prefix and extension', async () => {
		const { json } = await send(form(undefined, { name: 'a.zip', type: 'application/zip' }));
		expect(at(json, 'data', 'fileName')).toBe(hash);
	});

	it.each<[string, FormData, number]>([
		['no key', form(undefined, {}, {}), 802],
		['a wrong key', form(undefined, {}, { apiKey: 'nobody' }), 802],
		['a type that is not supported', form(undefined, { name: 'a.exe' }), 808],
		['an empty file', form(Buffer.from('')), 808],
		['a kind that is none', form(undefined, {}, { apiKey: SIMULATOR_KEY, fileType: 'x' }), 301],
		['more than 30 MB', form(Buffer.alloc(30 * 1024 * 1024 + 1)), 809],
	])('refuses %s', async (_, body, code) => {
		expect((await send(body)).json.code).toBe(code);
		expect(simulator.uploads).toHaveLength(0);
	});

	it('takes 30 MB, and does not look at a header', async () => {
		const body = form(Buffer.alloc(30 * 1024 * 1024));
		expect((await send(body)).json.code).toBe(0);
		expect((await send(form(undefined, {}, {}), bearer(SIMULATOR_KEY))).json.code).toBe(802);
	});
});
