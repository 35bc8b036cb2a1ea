import { callerOfV1 } from '../auth';
import { e1, e1Success, type Reply } from '../envelopes';
import { isJsonObject } from '../json';
import type { ApiCall, SimulatorState } from '../state';

/**
 * `POST /api/openapi/getLoraUploadUrl` (reference 9.4): where to put a LoRA. What is there already needs
 * no address.
 */
export function loraUploadUrl(state: SimulatorState, call: ApiCall): Reply {
	const caller = callerOfV1(state, call);
	if ('refusal' in caller) return caller.refusal;
	const { apiKey: _, loraName, md5Hex, ...others } = isJsonObject(call.json) ? call.json : {};
	const unfit = (what: string) => e1(state, 301, `PARAMS_INVALID: ${what}`);
	const [stranger] = Object.keys(others);
	if (stranger !== undefined) return unfit(`${stranger} is not a parameter`);
	if (typeof loraName !== 'string' || loraName.trim() === '') return unfit('loraName is required');
	if (typeof md5Hex !== 'string' || !/^[0-9a-f]{32}$/.test(md5Hex)) {
		return unfit('md5Hex must be an MD5 in lower-case hex digits');
	}
	const { loraUrlLifetimeMs, loraUrlWhenPresent } = state.switches;
	const { fileName, url } = state.loras.ticketFor(loraName, md5Hex, loraUrlLifetimeMs);
	if (!state.loras.has(fileName) || loraUrlWhenPresent === 'given') {
		return e1Success(state, { fileName, url });
	}
	return e1Success(state, loraUrlWhenPresent === 'null' ? { fileName, url: null } : { fileName });
}
