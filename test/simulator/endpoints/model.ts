import type { Account } from '../accounts';
import { callerOfV2 } from '../auth';
import { V2_NAMES } from '../codes';
import { ignoredParams } from '../conditions';
import { e1, e3, e3Refusal, type Reply } from '../envelopes';
import { findModel, type Model } from '../facts';
import { isJsonObject } from '../json';
import type { ResultFile } from '../taskScripts';
import { priceOf } from '../pricing';
import { checkModelBody } from '../validation';
import { submitView } from '../views';
import type { ApiCall, SimulatorState } from '../state';

/** Standard Models: submit and price preview (reference 6). */

type Checked = { account: Account; model: Model; body: Record<string, unknown> };

/** `POST /openapi/v2/{endpoint}` (reference 6.1, 6.2). */
export function submitModelTask(state: SimulatorState, call: ApiCall): Reply {
	const checked = checkCall(state, call);
	if ('refusal' in checked) return checked.refusal;
	const { account, model } = checked;
	// Money is looked at before the body is (reference 11.1, 414).
	const price = priceOf(model, isJsonObject(call.json) ? call.json : {}, account.currency) ?? 0;
	if (account.money <= 0 || account.money < price) return refuseForBalance(state);

	const body = checkBody(state, model, call.json);
	if ('refusal' in body) return body.refusal;
	if (state.ledger.active(account.key).length >= account.concurrencyLimit) {
		return refuseForCapacity(state);
	}
	const task = state.ledger.create({
		account,
		kind: 'standardModel',
		endpoint: model.endpoint,
		body: body.body,
		ignored: ignoredParams(model, body.body),
		webhookUrl: typeof body.body.webhookUrl === 'string' ? body.body.webhookUrl : null,
		script: state.taskScripts.take(body.body),
		naturalResult: naturalResultOf(model),
		price,
		held: false,
	});
	return e3(state, submitView(state, task));
}

/** `POST /openapi/v2/price-preview/{endpoint}` (reference 6.3): the same checks, no task, no money. */
export function previewPrice(state: SimulatorState, call: ApiCall): Reply {
	const checked = checkCall(state, call);
	if ('refusal' in checked) return checked.refusal;
	const { account, model } = checked;
	if (state.switches.pricePreview === 'missing') return refuseUnknownEndpoint(state);
	const body = checkBody(state, model, call.json);
	if ('refusal' in body) return body.refusal;

	const price = priceOf(model, body.body, account.currency);
	const sign = account.currency === 'CNY' ? '¥' : '$';
	const asNumber = state.switches.priceNumbers === 'number';
	const priceText = price === undefined ? null : `${sign}${price}`;
	return e3(state, {
		errorCode: '',
		errorMessage: '',
		estimatedPrice: price === undefined ? null : asNumber ? price : String(price),
		currency: account.currency,
		priceText,
		priceTextEn: priceText,
		freeLimit: false,
		freeLimitCount: 0,
		remainingFreeLimitCount: 0,
		isFreeThisCall: false,
	});
}

/** Key, endpoint and key type: what both calls look at first. */
function checkCall(
	state: SimulatorState,
	call: ApiCall,
): Omit<Checked, 'body'> | { refusal: Reply } {
	const caller = callerOfV2(state, call);
	if ('refusal' in caller) return caller;
	const model = findModel(call.rest);
	if (model === undefined) return { refusal: refuseUnknownEndpoint(state) };
	if (caller.account.type !== 'SHARED') {
		const text = 'Standard Model API needs an enterprise-shared key';
		return { refusal: e3Refusal(state, '1014', text) };
	}
	if (state.switches.modelsNotOffered.includes(model.endpoint)) {
		return { refusal: e3Refusal(state, '40310', V2_NAMES['40310'] ?? '') };
	}
	return { account: caller.account, model };
}

function checkBody(
	state: SimulatorState,
	model: Model,
	body: unknown,
): Pick<Checked, 'body'> | { refusal: Reply } {
	const { acceptDataUris, textLength } = state.switches;
	const rules = { acceptDataUris, textLength, files: state.files };
	const problem = checkModelBody(model, body, rules);
	if (problem !== undefined) return { refusal: e3Refusal(state, problem.code, problem.message) };
	return { body: isJsonObject(body) ? body : {} };
}

const refuseUnknownEndpoint = (state: SimulatorState): Reply =>
	e3Refusal(state, '1001', 'invalid URL or endpoint');

function refuseForBalance(state: SimulatorState): Reply {
	switch (state.switches.noBalanceV2) {
		case 'e1-416':
			return e1(state, 416, 'TASK_CREATE_FAILED_BY_NOT_ENOUGH_WALLET');
		case 'e1-414':
			return e1(state, 414, 'TASK_CREATE_FAILED_BY_NOT_ENOUGH_POWER_VALUE');
		case 'e1-812':
			return e1(state, 812, 'CORPAPIKEY_INSUFFICIENT_FUNDS');
		case 'e3-416':
			return e3Refusal(state, '416', 'TASK_CREATE_FAILED_BY_NOT_ENOUGH_WALLET');
		case 'e3-1000':
			return e3Refusal(state, '1000', 'insufficient balance');
	}
}

/** Quirks 13 and 14. No task is made. */
function refuseForCapacity(state: SimulatorState): Reply {
	switch (state.switches.capacityV2) {
		case 'e3-1520':
			return e3Refusal(state, '1520', 'concurrency limit reached');
		case 'e3-1003':
			return e3Refusal(state, '1003', 'rate limit exceeded');
		case 'e1-421':
			return e1(state, 421, 'TASK_QUEUE_MAXED');
	}
}

function naturalResultOf(model: Model): { files: ResultFile[]; texts: string[] } {
	const type = { video: 'mp4', image: 'png', audio: 'mp3', '3d': 'glb', text: undefined };
	const extension = type[model.outputType];
	return extension === undefined
		? { files: [], texts: ['A fox stands on a hill at sunset.'] }
		: { files: [{ type: extension }], texts: [] };
}
