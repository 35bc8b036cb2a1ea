import { V1_NAMES } from './codes';
import { e1, e3Refusal, type Reply } from './envelopes';
import type { JsonValue } from './json';
import type { SimulatorState } from './state';

/** Why no task is made: a code of reference 11.1 and its words. The call decides on the envelope. */
export interface Refusal {
	code: number;
	msg: string;
	data?: JsonValue;
}

/** The code's own name, and what exactly is wrong behind it. */
export function refuse(code: number, detail?: string): Refusal {
	const name = V1_NAMES[code] ?? '';
	return { code, msg: detail === undefined ? name : `${name}: ${detail}` };
}

export const v1Refusal = (state: SimulatorState, { code, msg, data }: Refusal): Reply =>
	e1(state, code, msg, data);

/** v1 codes for which reference 11.2 has a code of its own with the same meaning. */
const V2_TWINS: Record<number, string> = { 301: '1007', 803: '1101', 421: '1520' };

/** A refusal of a v2 run path: E1 or E3 (quirk 14). */
export function v2RunRefusal(state: SimulatorState, refusal: Refusal): Reply {
	const { code, msg } = refusal;
	switch (state.switches.runRefusalV2) {
		case 'e1':
			return v1Refusal(state, refusal);
		case 'e3':
			return e3Refusal(state, String(code), msg);
		case 'e3-v2Codes':
			return e3Refusal(state, V2_TWINS[code] ?? String(code), msg);
	}
}

/**
 * Somebody else's private work, or a wrong or missing password. No source knows the code; one text is
 * known (reference 4.3, 11.2).
 */
export const refuseAccess = ({ switches }: SimulatorState): Refusal => ({
	code: switches.accessRefusal,
	msg: 'no permission for this content, contact the publisher',
});
