import { InvalidInput } from '../../runninghub/base/invalidInput';
import { unknownOutcome } from '../../runninghub/api/submitOutcome';
import { noResponse } from '../../runninghub/http/call';
import { CODE_MEANINGS, type CodeMeaning } from '../../runninghub/http/errorCodes';
import { TransportError } from '../../runninghub/http/transport';

/** What the node says, quoted from the code, for tests in which the words themselves are not in question. */

/** What a code of RunningHub means. */
export function meaningOf(code: string): CodeMeaning {
	const meaning = CODE_MEANINGS[code];
	if (meaning === undefined) throw new Error(`The code ${code} has no meaning.`);
	return meaning;
}

/** Of a submit after which nobody knows whether there is a task. */
export const UNKNOWN_OUTCOME = unknownOutcome('').message;

/** What to do then. */
export const afterUnknownOutcome = (why: string): string => unknownOutcome(why).description;

/** Below the sentence about input that is refused. */
export const NOTHING_PAID = new InvalidInput(['']).description;

/** Of a host to which no connection could be made. */
export function notReached(code: string): { message: string; description: string } {
	const { message, description } = noResponse(new TransportError('no', code));
	return { message, description };
}
