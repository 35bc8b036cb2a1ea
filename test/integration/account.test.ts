import type { INodeParameters } from 'n8n-workflow';
import { CONTINUE, errorOf, inLab, itemsOf, jsonOf, KEY, NEVER, shown, submit } from './support';

jest.setTimeout(30_000);

const account: INodeParameters = { resource: 'account', operation: 'get' };

describe('Account > Get', () => {
	test.concurrent('of an enterprise key: the wallet, what runs and what may run', async () => {
		await inLab(
			async ({ simulator, run }) => {
				simulator.addAccount(KEY, { money: 12.5, currency: 'USD', concurrencyLimit: 7 });
				await run(submit());
				const result = await run(account);
				expect(shown(result)).toBe('');
				expect(result.items).toHaveLength(1);
				expect(jsonOf(result)).toEqual({
					coins: 0,
					money: expect.any(Number),
					currency: 'USD',
					keyType: 'SHARED',
					runningTasks: 1,
					concurrencyLimit: 7,
				});
			},
			{ defaultTaskScript: NEVER },
		);
	});

	test.concurrent('of a consumer key: coins and no wallet', async () => {
		await inLab(async ({ simulator, run }) => {
			simulator.addAccount(KEY, { type: 'NORMAL', coins: 1250, concurrencyLimit: 3 });
			expect(jsonOf(await run(account))).toEqual({
				coins: 1250,
				money: null,
				currency: null,
				keyType: 'NORMAL',
				runningTasks: 0,
				concurrencyLimit: 3,
			});
		});
	});

	test.concurrent.each(['string', 'number'] as const)(
		'gives numbers, where RunningHub writes each as a %s',
		async (accountNumbers) => {
			await inLab(async ({ simulator, run }) => {
				simulator.switches.accountNumbers = accountNumbers;
				simulator.addAccount(KEY, { coins: 12, money: 0.5 });
				expect(jsonOf(await run(account))).toMatchObject({ coins: 12, money: 0.5 });
			});
		},
	);

	test.concurrent.each([
		['an unknown call', { kind: 'e3', errorCode: '1009', errorMessage: 'method not allowed' }],
		['a server out of order', { kind: 'http', status: 502 }],
		['something that is no JSON', { kind: 'html' }],
		['a broken connection', { kind: 'dropBefore' }],
		['an answer without the number', { kind: 'e1', code: 0, msg: 'success' }],
	] as const)('is not kept from its answer by %s at the queue’s state', async (_, fault) => {
		await inLab(async ({ simulator, run }) => {
			simulator.addFault({ ...fault, match: { path: '/openapi/v2/queue/status' } });
			const result = await run(account);
			expect(shown(result)).toBe('');
			expect(jsonOf(result)).toMatchObject({ keyType: 'SHARED', concurrencyLimit: null });
		});
	});

	test.concurrent('asks once for many items, and gives one for each', async () => {
		await inLab(async ({ simulator, run }) => {
			const result = await run(account, { items: itemsOf({}, {}, {}) });
			expect(result.items.map(({ pairedItem }) => pairedItem)).toEqual(
				[0, 1, 2].map((index) => ({ item: index })),
			);
			expect(simulator.requests.map(({ path }) => path).sort()).toEqual([
				'/openapi/v2/queue/status',
				'/uc/openapi/accountStatus',
			]);
		});
	});

	test.concurrent('a key that is not accepted is an error that says so', async () => {
		await inLab(async ({ simulator, run }) => {
			simulator.addAccount(KEY, { otherSite: true });
			const stopped = await run(account);
			expect(shown(stopped)).toMatch(/^RunningHub has no account for this API key\. \| Check/);
			const kept = await run(account, CONTINUE);
			expect(errorOf(jsonOf(kept))).toMatchObject({ kind: 'auth' });
		});
	});
});
