import { z } from 'zod';

/** What one API key stands for (reference 1.3, 10, 13). */
export const accountSettingsSchema = z
	.object({
		type: z.enum(['NORMAL', 'SHARED', 'EXCLUSIVE']),
		/** Tasks that may be queued or running at one time. */
		concurrencyLimit: z.number().int().nonnegative(),
		/** RH coins: what a consumer key pays with. */
		coins: z.number(),
		/** Wallet: what an enterprise key pays with. */
		money: z.number(),
		currency: z.enum(['CNY', 'USD']),
		/** An unpaid user: every call is refused with 801. */
		free: z.boolean(),
		/** A key of the other host (reference 1.1): unknown here. */
		otherSite: z.boolean(),
		/** The classes of machines (`instanceType`) that an exclusive key has rented: any other is a 435. */
		machines: z.array(z.string()),
		/** An exclusive key whose subscription has run out: 436. */
		subscriptionExpired: z.boolean(),
		/** Tasks that may wait in the personal queue of an exclusive key. */
		personalQueueLimit: z.number().int().nonnegative(),
	})
	.strict();

export type AccountSettings = z.infer<typeof accountSettingsSchema>;

export interface Account extends AccountSettings {
	key: string;
}

const keyNamed = (name: string): string => `simulator-${name}-`.padEnd(32, '0');

/** An enterprise-shared key with plenty of money: everything works. */
export const SIMULATOR_KEY = keyNamed('shared');
/** A consumer key: no Standard Models (1014). */
export const SIMULATOR_KEY_CONSUMER = keyNamed('consumer');
/** An enterprise-exclusive key with two machines: no Standard Models (1014). */
export const SIMULATOR_KEY_EXCLUSIVE = keyNamed('exclusive');
/** A key of the other site: an unknown user here. */
export const SIMULATOR_KEY_OTHER_SITE = keyNamed('other-site');
/** An enterprise-shared key with an empty wallet. */
export const SIMULATOR_KEY_NO_BALANCE = keyNamed('no-balance');
/** An unpaid user: no API at all (801). */
export const SIMULATOR_KEY_FREE = keyNamed('free');

const DEFAULTS: AccountSettings = {
	type: 'SHARED',
	concurrencyLimit: 50,
	coins: 0,
	money: 100_000,
	currency: 'CNY',
	free: false,
	otherSite: false,
	machines: ['default'],
	subscriptionExpired: false,
	personalQueueLimit: 1000,
};

const CONSUMER = { type: 'NORMAL', concurrencyLimit: 2, coins: 100_000, money: 0 } as const;

const BUILT_IN: Record<string, Partial<AccountSettings>> = {
	[SIMULATOR_KEY]: {},
	[SIMULATOR_KEY_CONSUMER]: CONSUMER,
	[SIMULATOR_KEY_EXCLUSIVE]: { type: 'EXCLUSIVE', concurrencyLimit: 2 },
	[SIMULATOR_KEY_OTHER_SITE]: { otherSite: true },
	[SIMULATOR_KEY_NO_BALANCE]: { money: 0 },
	[SIMULATOR_KEY_FREE]: { ...CONSUMER, coins: 0, free: true },
};

/** Why a key may not call, before anything else is looked at. */
export type KeyProblem = 'unknownKey' | 'otherSite' | 'freeUser';

export class AccountBook {
	private accounts = new Map<string, Account>();

	constructor() {
		this.reset();
	}

	/** Adds an account, or changes the named settings of one that exists. */
	add(key: string, settings: Partial<AccountSettings>): void {
		this.accounts.set(key, { ...DEFAULTS, ...this.accounts.get(key), ...settings, key });
	}

	find(key: string | undefined): Account | KeyProblem {
		const account = key === undefined ? undefined : this.accounts.get(key);
		if (account === undefined) return 'unknownKey';
		if (account.otherSite) return 'otherSite';
		return account.free ? 'freeUser' : account;
	}

	/** Does a text hold one of the keys that this server knows? */
	isKeyIn(text: string): boolean {
		return [...this.accounts.keys()].some((key) => text.includes(key));
	}

	get(key: string): Account | undefined {
		return this.accounts.get(key);
	}

	reset(): void {
		this.accounts.clear();
		for (const [key, settings] of Object.entries(BUILT_IN)) this.add(key, settings);
	}
}
