import type { IDataObject, ILoadOptionsFunctions } from 'n8n-workflow';
import { connectApi } from '../../nodes/RunningHub/n8n/connection';

/** n8n with a credential whose key somebody changes while a run waits. */
function n8nWith(credential: { site: string; apiKey: string }) {
	const keys: unknown[] = [];
	const reads = { count: 0, failing: false };
	const context = {
		getCredentials: async () => {
			reads.count += 1;
			if (reads.failing) throw new Error('the database is away');
			return { ...credential };
		},
		helpers: {
			httpRequestWithAuthentication: async (
				_type: string,
				_options: unknown,
				more: { credentialsDecrypted: { data: IDataObject } },
			) => {
				keys.push(more.credentialsDecrypted.data.apiKey);
				const body = { taskId: '19', status: 'RUNNING', errorCode: '' };
				return { statusCode: 200, headers: {}, body: JSON.stringify(body) };
			},
		},
	};
	return { context: Object(context) as ILoadOptionsFunctions, keys, reads };
}

let now = 0;
beforeEach(() => {
	now = 1_000_000;
	jest.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => jest.restoreAllMocks());

it('a key that is changed while a run waits is used from ten seconds later on', async () => {
	const credential = { site: 'international', apiKey: 'old' };
	const { context, keys } = n8nWith(credential);
	const { client } = await connectApi(context);
	await client.query('19');
	credential.apiKey = 'new';
	now += 10_001;
	await client.query('19');
	expect(keys).toEqual(['old', 'new']);
});

it('a credential is read once for the many calls of a moment', async () => {
	const { context, reads } = n8nWith({ site: 'international', apiKey: 'old' });
	const { client } = await connectApi(context);
	for (let calls = 0; calls < 20; calls++) {
		now += 400;
		await client.query('19');
	}
	expect(reads.count).toBe(1);
});

it('a credential that could not be read is read again at the next call', async () => {
	const { context, keys, reads } = n8nWith({ site: 'international', apiKey: 'a' });
	const { client } = await connectApi(context);
	now += 10_001;
	reads.failing = true;
	await expect(client.query('19')).rejects.toMatchObject({ kind: 'transient', resendable: true });
	reads.failing = false;
	await client.query('19');
	expect(keys).toEqual(['a']);
});
