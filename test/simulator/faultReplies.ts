import { V1_NAMES, V2_NAMES } from './codes';
import { e1, e2, e3Refusal, e3RefusalSaying, jsonReply, type Reply } from './envelopes';
import type { Fault } from './faults';
import { SOME_NODE_ERRORS, validationFailure } from './promptTips';
import type { SimulatorState } from './state';

/** The answers that stand in for the real one, with nothing done behind them. */
export function replaced(state: SimulatorState, fault: Fault | undefined): Reply | undefined {
	switch (fault?.kind) {
		case 'http': {
			const contentType = fault.contentType ?? 'application/json;charset=UTF-8';
			const headers: Record<string, string> = { 'Content-Type': contentType };
			if (fault.retryAfter !== undefined) headers['Retry-After'] = String(fault.retryAfter);
			return { status: fault.status, headers, body: fault.body ?? '' };
		}
		case 'e1':
			return e1(state, fault.code, fault.msg ?? wordsOf(fault.code), fault.data);
		case 'e2':
			return e2(state, fault.code, fault.message ?? wordsOf(fault.code));
		case 'e3':
			if (fault.errorMessage !== undefined) {
				return e3RefusalSaying(state, fault.errorCode, fault.errorMessage);
			}
			return e3Refusal(
				state,
				fault.errorCode,
				V2_NAMES[fault.errorCode] ?? wordsOf(Number(fault.errorCode)),
			);
		case 'html':
			return html(fault.status ?? 200);
		case 'emptyBody':
			return { ...jsonReply(null, fault.status ?? 200), body: '' };
		case 'malformedJson':
			return { ...jsonReply(null), body: '{"taskId":"19000000' };
		case 'redirect':
			return { status: fault.status ?? 302, headers: { Location: fault.url }, body: '' };
		default:
			return undefined;
	}
}

export const html = (status: number): Reply => ({
	status,
	headers: { 'Content-Type': 'text/html;charset=UTF-8' },
	body: '<!DOCTYPE html><html><head><title>Bad Gateway</title></head><body>nginx</body></html>',
});

/** 433 has no words but ComfyUI's (reference 11.1). */
const wordsOf = (code: number): string =>
	code === 433 ? validationFailure(SOME_NODE_ERRORS) : (V1_NAMES[code] ?? `error ${code}`);
