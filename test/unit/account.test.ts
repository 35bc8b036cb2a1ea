import { createClient } from '../../runninghub/api/client';
import { TransportError, type ApiRequest, type ApiResponse } from '../../runninghub/http/transport';
import { answer, errorOf, scripted } from '../support/unitAnswers';

const accountWith = async (data: Record<string, unknown>) =>
	await createClient(
		scripted({ '/uc/openapi/accountStatus': () => answer({ code: 0, msg: '', data }) }).transport,
	).account();

describe('the account', () => {
	it.each([
		['1250', 1250],
		[1250, 1250],
		['0.5', 0.5],
		['0', 0],
		['', null],
		[null, null],
		[undefined, null],
		['plenty', null],
		[{ amount: 1 }, null],
	])('a balance of %j is %j', async (remainMoney, money) => {
		const account = await accountWith({ remainMoney, remainCoins: remainMoney });
		expect(account).toMatchObject({ money, coins: money });
	});

	it('of which nothing is known has no numbers, and is no error', async () => {
		expect(await accountWith({})).toEqual({
			coins: null,
			money: null,
			currency: null,
			keyType: null,
			runningTasks: null,
		});
	});

	it('of a type that nobody has seen keeps its name', async () => {
		expect(await accountWith({ apiType: 'PLATINUM' })).toMatchObject({ keyType: 'PLATINUM' });
	});
});

describe('the concurrency limit', () => {
	const limitFrom = (respond: (request: ApiRequest) => ApiResponse | Promise<ApiResponse>) => {
		const { transport, requests } = scripted({ '/openapi/v2/queue/status': respond });
		return { limit: createClient(transport).concurrencyLimit(), requests };
	};

	it.each([
		[5, 5],
		['50', 50],
		[0, 0],
		[null, null],
		['many', null],
	])('%j is %j', async (concurrentLimit, limit) => {
		const asked = limitFrom(() => answer({ code: 0, msg: 'success', data: { concurrentLimit } }));
		expect(await asked.limit).toBe(limit);
		expect(asked.requests).toEqual([
			expect.objectContaining({ method: 'GET', body: { type: 'none' } }),
		]);
	});

	it.each<[string, () => ApiResponse | Promise<ApiResponse>]>([
		['a call that is not there', () => answer('', 404)],
		['a method that is not allowed', () => answer({ errorCode: '1009', errorMessage: '' })],
		['a refused key', () => answer({ code: 401, msg: 'no', data: null })],
		['a flat success', () => answer({ taskId: null, status: null, errorCode: '' })],
		['nothing in it', () => answer({ code: 0, msg: 'success', data: null })],
		['a broken connection', () => Promise.reject(new TransportError('perhaps', 'ECONNRESET'))],
	])('is not known after %s', async (_, respond) => {
		expect(await limitFrom(respond).limit).toBeNull();
	});

	it('does not hide that the run was stopped', async () => {
		const stopped = new Error('stopped');
		await expect(limitFrom(() => Promise.reject(stopped)).limit).rejects.toBe(stopped);
	});
});

it('a key that RunningHub refuses is an error of the account', async () => {
	const { transport } = scripted({
		'/uc/openapi/accountStatus': () => answer({ code: 802, msg: 'APIKEY_UNAUTHORIZED' }),
	});
	expect((await errorOf(createClient(transport).account())).kind).toBe('auth');
});
