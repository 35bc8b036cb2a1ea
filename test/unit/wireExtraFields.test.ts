import { InvalidInput } from '../../runninghub/base/invalidInput';
import { readExtraFields } from '../../catalogue/wireFormat';

const problem = (json: unknown): string => {
	try {
		return `accepted as ${JSON.stringify(readExtraFields(json))}`;
	} catch (error) {
		if (error instanceof InvalidInput) return `${error.message} ${error.description}`;
		throw error;
	}
};

const nested = (depth: number): unknown => (depth === 0 ? 1 : { inner: nested(depth - 1) });

it.each([
	['{"seed": 42, "size": {"w": 1.5}, "tags": ["a", null, true]}'],
	[{ seed: 42, size: { w: 1.5 }, tags: ['a', null, true] }],
])('%j is sent as it is', (json) => {
	expect(readExtraFields(json)).toEqual({ seed: 42, size: { w: 1.5 }, tags: ['a', null, true] });
});

it.each([undefined, null, '', '  ', '{}', {}])('%j is no fields', (json) => {
	expect(readExtraFields(json)).toEqual({});
});

it.each(['seed: 42', '{"seed": 42', '[1]', '"text"', '7', 'null', [], [{}], 7, true])(
	'%j is no object, and told so',
	(json) => {
		expect(problem(json)).toMatch(
			/^Extra Fields is ".+"; it must be a JSON object, such as \{"seed": 42\}\. Nothing was sent/,
		);
	},
);

it.each([
	['{"id": 9007199254740993}', 'id'],
	['{"a": [{"id": -1900000000000000201}]}', 'a[0].id'],
	[{ a: { id: 2 ** 60 } }, 'a.id'],
])('%j holds a number that would arrive rounded', (json, where) => {
	expect(problem(json)).toContain(
		`Extra Fields holds a number of more digits than can be kept at ${where}: put it in quotes.`,
	);
});

it('the largest numbers that are kept, and long ones in quotes, are sent', () => {
	const fields = { most: Number.MAX_SAFE_INTEGER, id: '1900000000000000201', tiny: 1e-9 };
	expect(readExtraFields(fields)).toEqual(fields);
});

it.each([
	'{"__proto__": {"polluted": true}}',
	'{"a": {"constructor": 1}}',
	'{"a": [{"prototype": 1}]}',
])('%j is refused: it would change the object that it is copied into', (json) => {
	expect(problem(json)).toMatch(/^Extra Fields holds the name (__proto__|constructor|prototype),/);
	expect(Object.prototype).not.toHaveProperty('polluted');
});

it('what JSON cannot hold is refused instead of being lost', () => {
	const circle: Record<string, unknown> = {};
	circle.self = circle;
	for (const json of [
		{ at: new Date(0) },
		// Such as the dates of n8n's expressions.
		{ at: Object.create({ toJSON: () => '2026-01-01' }) },
		{ at: () => 1 },
		{ at: undefined },
		{ at: NaN },
		{ at: 1n },
		{ at: new Map() },
		circle,
		nested(60),
	]) {
		expect(problem(json)).toMatch(/^Extra Fields (?:holds|is nested) .+\. Nothing was sent/);
	}
	const list: unknown[] = [];
	list.push(list);
	expect(problem(list)).toMatch(/^Extra Fields is ".+"; it must be a JSON object/);
});

it('objects nested as deep as anybody needs are sent', () => {
	expect(problem(nested(40))).toMatch(/^accepted/);
});
