import type { Account, KeyProblem } from './accounts';
import { e1, e2, e3Refusal, jsonReply, type Reply } from './envelopes';
import { isJsonObject } from './json';
import type { ApiCall, World } from './world';

/** Who calls, or the answer to somebody who may not. */
export type Caller = { account: Account } | { refusal: Reply };

/** v2: the Bearer header and nothing else (reference 1.2). */
export function callerOfV2(world: World, call: ApiCall): Caller {
	const key = /^Bearer (\S+)$/.exec(call.headers.authorization ?? '')?.[1];
	const found = world.accounts.find(key);
	return typeof found === 'string' ? { refusal: refuseV2(world, found) } : { account: found };
}

/** The v2 upload: the same header, its own envelope (reference 9.1). */
export function callerOfUpload(world: World, call: ApiCall): Caller {
	const key = /^Bearer (\S+)$/.exec(call.headers.authorization ?? '')?.[1];
	const found = world.accounts.find(key);
	return typeof found === 'string' ? { refusal: refuseUpload(world, found) } : { account: found };
}

/** v1: a member of the JSON body. A Bearer header is neither needed nor looked at (quirk 19). */
export function callerOfV1(world: World, call: ApiCall, members = ['apiKey']): Caller {
	const body = isJsonObject(call.json) ? call.json : {};
	return callerWithKey(
		world,
		members.map((member) => body[member]).find((value) => value !== undefined),
	);
}

/** v1 calls that have the key in the query, or in a form field (reference 1.2). */
export function callerWithKey(world: World, key: unknown): Caller {
	const found = world.accounts.find(typeof key === 'string' ? key : undefined);
	return typeof found === 'string' ? { refusal: refuseV1(world, found) } : { account: found };
}

const FREE_USER = 'APIKEY_UNSUPPORTED_FREE_USER';
const unknownKeyText = (problem: KeyProblem): string =>
	problem === 'otherSite' ? 'user not exist' : 'ApiKey verification failed: invalid api key';

function refuseV2(world: World, problem: KeyProblem): Reply {
	if (problem === 'freeUser') return refuseFreeUserV2(world);
	const text = unknownKeyText(problem);
	switch (world.switches.badKeyV2) {
		case 'e2-401':
			return e2(world, 401, text);
		case 'http-401':
			return jsonReply({ code: 401, msg: text, data: null }, 401);
		default:
			return e3Refusal(world, world.switches.badKeyV2, text);
	}
}

function refuseFreeUserV2(world: World): Reply {
	switch (world.switches.freeUserV2) {
		case 'e1-801':
			return e1(world, 801, FREE_USER);
		case 'e3-801':
			return e3Refusal(world, '801', FREE_USER);
		case 'e3-1014':
			return e3Refusal(world, '1014', 'Standard Model API needs an enterprise-shared key');
	}
}

function refuseUpload(world: World, problem: KeyProblem): Reply {
	if (problem === 'freeUser') return e2(world, 801, FREE_USER);
	const text = unknownKeyText(problem);
	switch (world.switches.badKeyUpload) {
		case 'e2-401':
			return e2(world, 401, text);
		case 'http-401':
			return jsonReply({ code: 401, message: text, data: null }, 401);
		default:
			return e3Refusal(world, world.switches.badKeyUpload, text);
	}
}

const V1_TEXTS = {
	802: 'APIKEY_UNAUTHORIZED',
	806: 'APIKEY_USER_NOT_FOUND',
	811: 'CORPAPIKEY_INVALID',
	412: 'TOKEN_INVALID',
};

function refuseV1(world: World, problem: KeyProblem): Reply {
	if (problem === 'freeUser') return e1(world, 801, FREE_USER);
	const code = world.switches.badKeyV1;
	if (code === 'http-401') return jsonReply({ code: 401, msg: 'Unauthorized', data: null }, 401);
	if (problem === 'otherSite') return e1(world, 806, 'user not exist');
	return e1(world, code, V1_TEXTS[code]);
}
