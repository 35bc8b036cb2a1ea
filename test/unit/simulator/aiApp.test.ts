import {
	SIMULATOR_APP_ENCRYPTED_ID,
	SIMULATOR_APP_EVERY_FIELD_ID,
	SIMULATOR_APP_ID,
	SIMULATOR_APP_NEVER_RUN_ID,
	SIMULATOR_KEY,
	SIMULATOR_PASSWORD,
	startSimulator,
	type Simulator,
} from '../../simulator';
import { FIELD_TYPES } from '../../simulator/apps';
import { at, bearer, get, isRecord, post, query, uploadSample, v1 } from './client';

describe('AI Apps', () => {
	let simulator: Simulator;
	beforeAll(async () => {
		simulator = await startSimulator();
	});
	afterEach(() => simulator.reset());
	afterAll(() => simulator.stop());

	const demo = (webappId: string, key = SIMULATOR_KEY) =>
		get(`${simulator.baseUrl}/api/webapp/apiCallDemo?apiKey=${key}&webappId=${webappId}`);
	const start = (changes: Record<string, unknown> = {}, key?: string) =>
		v1(simulator, 'ai-app/run', { webappId: SIMULATOR_APP_ID, nodeInfoList: [], ...changes }, key);
	const run = (body: Record<string, unknown>, id = SIMULATOR_APP_ID) =>
		post(`${simulator.baseUrl}/openapi/v2/run/ai-app/${id}`, body, bearer(SIMULATOR_KEY));
	const field = (nodeId: string, fieldName: string, fieldValue: unknown) =>
		start({
			webappId: SIMULATOR_APP_EVERY_FIELD_ID,
			nodeInfoList: [{ nodeId, fieldName, fieldValue }],
		});
	const fieldsIn = (json: unknown): unknown[] => {
		const list = at(json, 'data', 'nodeInfoList');
		return Array.isArray(list) ? list : [];
	};

	describe('the call example', () => {
		it('lists fields of every kind, with options in every form', async () => {
			const { json } = await demo(SIMULATOR_APP_EVERY_FIELD_ID);
			expect(json).toMatchObject({ code: 0, data: { webappName: 'Everything at once' } });
			const fields = fieldsIn(json);
			expect(new Set(fields.map((one) => at(one, 'fieldType')))).toEqual(new Set(FIELD_TYPES));
			const forms = fields.map((one) => formOf(at(one, 'fieldData')));
			expect(forms).toEqual(
				expect.arrayContaining(['objects', 'values', 'type first', 'unreadable', 'none']),
			);
			expect(at(json, 'data', 'statisticsInfo', 'useCount')).toBe('7');
			expect(at(json, 'data', 'tags', 1, 'nameEn')).toBe('video');
			const cover = await fetch(String(at(json, 'data', 'covers', 0, 'url')));
			expect(cover.headers.get('content-type')).toBe('image/png');
		});

		function formOf(fieldData: unknown): string {
			if (fieldData === null) return 'none';
			try {
				const value: unknown = JSON.parse(String(fieldData));
				if (isRecord(at(value, 0))) return 'objects';
				return Array.isArray(at(value, 0)) ? 'values' : 'type first';
			} catch {
				return 'unreadable';
			}
		}

		it('has the caller’s key in its command, and nowhere else', async () => {
			const { json, text } = await demo(SIMULATOR_APP_ID);
			expect(String(at(json, 'data', 'curl'))).toContain(SIMULATOR_KEY);
			expect(text.split(SIMULATOR_KEY)).toHaveLength(2);
		});

		it('has no fields for an app that was never run', async () => {
			const { json } = await demo(SIMULATOR_APP_NEVER_RUN_ID);
			expect(json.code).toBe(0);
			expect(fieldsIn(json)).toEqual([]);
		});

		it('says of an encrypted app that it is one, as the switches have it', async () => {
			const { json } = await demo(SIMULATOR_APP_ENCRYPTED_ID);
			expect(at(json, 'data', 'accessEncrypted')).toBe(true);
			expect(fieldsIn(json)).toHaveLength(1);
			expect((await demo(SIMULATOR_APP_ID)).json.data).not.toHaveProperty('accessEncrypted');
			simulator.switches.accessEncryptedMember = 'always';
			expect(at((await demo(SIMULATOR_APP_ID)).json, 'data', 'accessEncrypted')).toBe(false);
			simulator.switches.encryptedAppFields = 'hidden';
			expect(fieldsIn((await demo(SIMULATOR_APP_ENCRYPTED_ID)).json)).toEqual([]);
		});

		it('is refused without key, id or app, and by POST', async () => {
			expect((await demo(SIMULATOR_APP_ID, 'nobody')).json.code).toBe(802);
			expect((await demo('')).json.code).toBe(301);
			expect((await demo('1900000000000200999')).json.code).toBe(901);
			const posted = await post(`${simulator.baseUrl}/api/webapp/apiCallDemo`, {});
			expect(posted.json.code).toBe(412);
		});
	});

	it('start as a v1 task, which both generations tell of', async () => {
		const { fileName } = await uploadSample(simulator);
		const { json } = await start({
			nodeInfoList: [
				{ nodeId: '39', fieldName: 'image', fieldValue: fileName, fieldType: 'IMAGE' },
				{ nodeId: '52', fieldName: 'prompt', fieldValue: 'a cat' },
			],
		});
		expect(json).toMatchObject({ code: 0, data: { taskStatus: 'QUEUED', netWssUrl: null } });
		const taskId = at(json, 'data', 'taskId');
		expect((await v1(simulator, 'status', { taskId })).json.data).toBe('QUEUED');
		await query(simulator, taskId);
		expect((await query(simulator, taskId)).json.status).toBe('SUCCESS');
		expect(simulator.tasks[0]).toMatchObject({
			kind: 'aiApp',
			endpoint: '/task/openapi/ai-app/run',
		});
		expect(simulator.tasks[0]?.body).not.toHaveProperty('apiKey');
	});

	it('start on the v2 path in the flat form, and make what they make', async () => {
		simulator.nextTaskScripts({ end: { kind: 'success' } });
		const { json } = await run({ nodeInfoList: [] }, SIMULATOR_APP_EVERY_FIELD_ID);
		expect(json).toMatchObject({ errorCode: '', results: null });
		const done = await query(simulator, json.taskId);
		expect(at(done.json, 'results', 0)).toMatchObject({ outputType: 'mp4', nodeId: '12' });
	});

	it.each([
		['an unknown app', { webappId: '1900000000000200999' }, 901],
		['an id that is a number', { webappId: Number(SIMULATOR_APP_ID) }, 301],
		['no list', { nodeInfoList: undefined }, 301],
		['a member of another call', { workflow: '{}' }, 301],
		['an app that was never run', { webappId: SIMULATOR_APP_NEVER_RUN_ID }, 810],
		['an encrypted app without its password', { webappId: SIMULATOR_APP_ENCRYPTED_ID }, 1],
	])('are refused: %s', async (_, changes, code) => {
		expect((await start(changes)).json.code).toBe(code);
		expect(simulator.tasks).toHaveLength(0);
	});

	it('are refused on the v2 path in E1, or in E3 by a switch', async () => {
		const unknown = () => run({ nodeInfoList: [] }, '1900000000000200999');
		expect((await unknown()).json).toMatchObject({ code: 901, msg: 'WEBAPP_NOT_EXISTS' });
		simulator.switches.runRefusalV2 = 'e3';
		expect((await unknown()).json).toMatchObject({ errorCode: '901', taskId: '' });
	});

	it('open with their password', async () => {
		const webappId = SIMULATOR_APP_ENCRYPTED_ID;
		const right = { accessPassword: SIMULATOR_PASSWORD };
		expect((await start({ webappId, ...right })).json.code).toBe(0);
		expect((await start({ webappId, accessPassword: 'guess' })).json.code).toBe(1);
		expect((await run({ nodeInfoList: [], ...right }, webappId)).json.code).toBe(1);
		simulator.switches.accessPasswordV2 = 'honoured';
		expect((await run({ nodeInfoList: [], ...right }, webappId)).json.errorCode).toBe('');
	});

	it.each([
		['39', 'image', 'https://a.example/a.png', 803],
		['40', 'video', 'openapi/none.mp4', 803],
		['41', 'audio', 'openapi/none.mp3', 803],
		['142', 'batch_size', '2', 0],
		['142', 'batch_size', '2.5', 803],
		['142', 'strength', '0.5', 0],
		['143', 'enabled', 'false', 0],
		['143', 'enabled', '0', 803],
		['37', 'aspect_ratio', '16:9', 0],
		['37', 'aspect_ratio', '4:3', 433],
		['6', 'language', 'Klingon', 433],
		['115', 'megapixels', '2', 0],
		['115', 'style', 'paper', 0],
		['159', 'select', '2', 0],
		['159', 'select', 'good', 433],
		['52', 'nope', 'x', 803],
		['99', 'prompt', 'x', 803],
	])('check a field by its kind: %s %s %s', async (nodeId, name, value, code) => {
		expect((await field(nodeId, name, value)).json.code).toBe(code);
	});

	it('take the address of an upload by a switch', async () => {
		const { downloadUrl } = await uploadSample(simulator);
		expect((await field('39', 'image', downloadUrl)).json.code).toBe(803);
		simulator.switches.appMediaUrls = true;
		expect((await field('39', 'image', downloadUrl)).json.code).toBe(0);
		expect((await field('39', 'image', 'https://a.example/a.png')).json.code).toBe(803);
	});

	describe('the list', () => {
		const list = (body: Record<string, unknown>, headers = bearer(SIMULATOR_KEY)) =>
			post(
				`${simulator.baseUrl}/openapi/v2/aiapp/list`,
				{ current: 1, size: 10, sort: 'RECOMMEND', ...body },
				headers,
			);
		const titles = (json: unknown): unknown[] => {
			const records = at(json, 'data', 'records');
			return Array.isArray(records) ? records.map((record) => at(record, 'title')) : [];
		};

		it('goes page by page, with its numbers as strings or as numbers', async () => {
			const first = (await list({ size: 3 })).json;
			expect(first).toMatchObject({
				code: 0,
				data: { current: '1', size: '3', total: '4', pages: '2', hasNext: true },
			});
			simulator.switches.listNumbers = 'number';
			const second = (await list({ size: 3, current: 2 })).json;
			expect(second.data).toMatchObject({ current: 2, size: 3, total: 4, hasNext: false });
			expect([titles(first).length, titles(second).length]).toEqual([3, 1]);
			const beyond = (await list({ size: 3, current: 3 })).json;
			expect(beyond.data).toMatchObject({ records: [], hasNext: false });
		});

		it('has an app’s id in the address of its example only', async () => {
			const { json } = await list({});
			const record = at(json, 'data', 'records', 0);
			expect(Object.keys(isRecord(record) ? record : {})).toEqual([
				'title',
				'description',
				'cover',
				'invokeExample',
			]);
			expect(String(at(record, 'invokeExample'))).toContain(`/run/ai-app/${SIMULATOR_APP_ID}`);
		});

		it('is sorted as asked', async () => {
			simulator.addApp('1900000000000209999', {
				name: 'Latest hit',
				description: '',
				fields: [],
				useCount: 99,
			});
			expect(titles((await list({ sort: 'HOTTEST', days: 7 })).json)[0]).toBe('Latest hit');
			expect(titles((await list({ sort: 'NEWEST' })).json)[0]).toBe('Latest hit');
			expect(titles((await list({})).json)[0]).toBe('Poster maker');
		});

		it.each([
			['a page 0', { current: 0 }],
			['no page', { current: undefined }],
			['a page that is too large', { size: 51 }],
			['an unknown order', { sort: 'BEST' }],
			['days that are none', { days: 0 }],
		])('refuses %s', async (_, body) => {
			expect((await list(body)).json.code).toBe(301);
		});

		it('wants the word Bearer before the key, but for a switch', async () => {
			const bare = { Authorization: SIMULATOR_KEY };
			expect((await list({}, bare)).json.errorCode).toBe('1002');
			simulator.switches.appListTakesBareKey = true;
			expect((await list({}, bare)).json.code).toBe(0);
		});
	});
});
