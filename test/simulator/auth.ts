import type { Account, KeyProblem } from './accounts';
import { e1, e2, e3Refusal, jsonReply, type Reply } from './envelopes';
import { isJsonObject } from './json';
import type { ApiCall, SimulatorState } from './state';

/** Who calls, or the answer to somebody who may not. */
export type Caller = { account: Account } | { refusal: Reply };

/** v2: the Bearer header and nothing else (reference 1.2). */
export function callerOfV2(state: SimulatorState, call: ApiCall): Caller {
	const key = /^Bearer (\S+)$/.exec(call.headers.authorization ?? '')?.[1];
	const found = state.accounts.find(key);
	return typeof found === 'string' ? { refusal: refuseV2(state, found) } : { account: found };
}

/** The v2 upload: the same header, its own envelope (reference 9.1). */
export function callerOfUpload(state: SimulatorState, call: ApiCall): Caller {
	const key = /^Bearer (\S+)$/.exec(call.headers.authorization ?? '')?.[1];
	const found = state.accounts.find(key);
	return typeof found === 'string' ? { refusal: refuseUpload(state, found) } : { account: found };
}

/** v1: a member of the JSON body. A Bearer header is neither needed nor looked at (quirk 19). */
export function callerOfV1(state: SimulatorState, call: ApiCall, members = ['apiKey']): Caller {
	const body = isJsonObject(call.json) ? call.json : {};
	return callerWithKey(
		state,
		members.map((member) => body[member]).find((value) => value !== undefined),
	);
}

/** v1 calls that have the key in the query, or in a form field (reference 1.2). */
export function callerWithKey(state: SimulatorState, key: unknown): Caller {
	const found = state.accounts.find(typeof key === 'string' ? key : undefined);
	return typeof found === 'string' ? { refusal: refuseV1(state, found) } : { account: found };
}

const FREE_USER = 'APIKEY_UNSUPPORTED_FREE_USER';
const unknownKeyText = (problem: KeyProblem): string =>
	problem === 'otherSite' ? 'user not exist' : 'ApiKey verification failed: invalid api key';

function refuseV2(state: SimulatorState, problem: KeyProblem): Reply {
	if (problem === 'freeUser') return refuseFreeUserV2(state);
	const text = unknownKeyText(problem);
	switch (state.switches.badKeyV2) {
		case 'e2-401':
			return e2(state, 401, text);
		case 'http-401':
			return jsonReply({ code: 401, msg: text, data: null }, 401);
		default:
			return e3Refusal(state, state.switches.badKeyV2, text);
	}
}

function refuseFreeUserV2(state: SimulatorState): Reply {
	switch (state.switches.freeUserV2) {
		case 'e1-801':
			return e1(state, 801, FREE_USER);
		case 'e3-801':
			return e3Refusal(state, '801', FREE_USER);
		case 'e3-1014':
			return e3Refusal(state, '1014', 'Standard Model API needs an enterprise-shared key');
	}
}

function refuseUpload(state: SimulatorState, problem: KeyProblem): Reply {
	if (problem === 'freeUser') return e2(state, 801, FREE_USER);
	const text = unknownKeyText(problem);
	switch (state.switches.badKeyUpload) {
		case 'e2-401':
			return e2(state, 401, text);
		case 'http-401':
			return jsonReply({ code: 401, message: text, data: null }, 401);
		default:
			return e3Refusal(state, state.switches.badKeyUpload, text);
	}
}

const V1_TEXTS = {
	802: 'APIKEY_UNAUTHORIZED',
	806: 'APIKEY_USER_NOT_FOUND',
	811: 'CORPAPIKEY_INVALID',
	412: 'TOKEN_INVALID',
};

function refuseV1(state: SimulatorState, problem: KeyProblem): Reply {
	if (problem === 'freeUser') return e1(state, 801, FREE_USER);
	const code = state.switches.badKeyV1;
	if (code === 'http-401') return jsonReply({ code: 401, msg: 'Unauthorized', data: null }, 401);
	if (problem === 'otherSite') return e1(state, 806, 'user not exist');
	return e1(state, code, V1_TEXTS[code]);
}
