import { InvalidInput } from '../runninghub/base/invalidInput';
import { tryStandardJson, type JsonObject } from '../runninghub/base/json';
import { quote } from '../runninghub/base/text';
import { isJsonObject, unwireableIn } from './userJson';
import { isUnset } from './readValue';

const LABEL = 'Extra Fields';

/**
 * Reads fields that the catalogue does not know, which are sent as they are.
 * @param json a JSON object, or the text of one; nothing for no fields
 * @throws InvalidInput for anything else, and for what would not arrive as it was written
 */
export function readExtraFields(json: unknown): JsonObject {
	if (isUnset(json)) return {};
	const given = typeof json === 'string' ? tryStandardJson(json) : json;
	if (!isJsonObject(given)) {
		throw new InvalidInput([
			`${LABEL} is ${quote(json)}; it must be a JSON object, such as {"seed": 42}.`,
		]);
	}
	const problem = unwireableIn(given);
	if (problem !== undefined) throw new InvalidInput([`${LABEL} ${problem}.`]);
	return given;
}
