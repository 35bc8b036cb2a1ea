import { tryParseJson } from '../../../runninghub/base/json';
import type { ApiResponse } from '../../../runninghub/http/transport';

/**
 * What an answer is made of, without what it says: `data.remainCoins` → `string`. Only the HTTP status and RunningHub's
 * own code stand there as they are.
 */
export type Shape = ReadonlyMap<string, string>;

export interface Difference {
	path: string;
	live: string;
	simulator: string;
}

const STATUS = 'HTTP status';
const WHOLE = 'the whole';
const CODES: ReadonlySet<string> = new Set(['code', 'errorCode']);
const NULL = 'null';
const MISSING = '—';

export function shapeOf({ status, text }: Pick<ApiResponse, 'status' | 'text'>): Shape {
	const shape = new Map([[STATUS, String(status)]]);
	const value = tryParseJson(text);
	if (value === undefined) return shape.set(WHOLE, text === '' ? 'nothing' : 'no JSON');
	note(value, '', shape);
	return shape;
}

function note(value: unknown, path: string, shape: Map<string, string>): void {
	if (Array.isArray(value)) {
		shape.set(path || WHOLE, 'list');
		for (const one of value) note(one, `${path}[]`, shape);
	} else if (typeof value === 'object' && value !== null) {
		shape.set(path || WHOLE, 'object');
		for (const [name, member] of Object.entries(value)) {
			note(member, path === '' ? name : `${path}.${name}`, shape);
		}
	} else if (CODES.has(path) && value !== null) {
		shape.set(path, JSON.stringify(value));
	} else {
		shape.set(path || WHOLE, value === null ? NULL : typeof value);
	}
}

/** Null is no difference: most of what RunningHub gives is null at times. Neither is a list that is empty. */
export function differences(live: Shape, simulator: Shape): Difference[] {
	const paths = [...new Set([...live.keys(), ...simulator.keys()])];
	return paths
		.filter((path) => !isInEmptyList(path, live) && !isInEmptyList(path, simulator))
		.map((path) => ({
			path,
			live: live.get(path) ?? MISSING,
			simulator: simulator.get(path) ?? MISSING,
		}))
		.filter((one) => one.live !== one.simulator && one.live !== NULL && one.simulator !== NULL);
}

/** `data.list[].url` where `data.list` is there and has no `data.list[]`. */
function isInEmptyList(path: string, shape: Shape): boolean {
	const lists = [...path.matchAll(/\[\]/g)].map(({ index }) => path.slice(0, index));
	return lists.some((list) => shape.has(list || WHOLE) && !shape.has(`${list}[]`));
}
