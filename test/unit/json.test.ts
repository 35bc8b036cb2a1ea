import { parseJson, tryParseJson } from '../../runninghub/base/json';

describe('JSON of RunningHub', () => {
	it('keeps every digit of a 19-digit id that came as a number', () => {
		expect(parseJson('{"taskId":1907035719658053637}')).toEqual({ taskId: '1907035719658053637' });
	});

	it('keeps every digit of a 19-digit id that came as a string', () => {
		expect(parseJson('{"taskId":"1907035719658053637"}')).toEqual({
			taskId: '1907035719658053637',
		});
	});

	it('keeps ids deep inside objects and arrays', () => {
		const text =
			'{"a":[{"b":{"ids":[1907035719658053637,-1907035719658053639]}}],"taskUsageList":[{"taskId":9223372036854775807}]}';
		expect(parseJson(text)).toEqual({
			a: [{ b: { ids: ['1907035719658053637', '-1907035719658053639'] } }],
			taskUsageList: [{ taskId: '9223372036854775807' }],
		});
	});

	it('leaves ordinary numbers numbers', () => {
		expect(parseJson('[0,-1,805,3.5,1e3,123456789012345,0.25]')).toEqual([
			0, -1, 805, 3.5, 1000, 123456789012345, 0.25,
		]);
	});

	it('leaves everything else as it is', () => {
		expect(parseJson('{"a":null,"b":true,"c":"排队","d":"\\u00e9\\n","e":[],"f":{}}')).toEqual({
			a: null,
			b: true,
			c: '排队',
			d: 'é\n',
			e: [],
			f: {},
		});
	});

	it.each(['', ' ', '{', '{"a":', '[1,', '<html></html>', 'undefined', '{"a":1}x'])(
		'calls %j no JSON',
		(text) => {
			expect(() => parseJson(text)).toThrow(SyntaxError);
			expect(tryParseJson(text)).toBeUndefined();
		},
	);

	it('does no harm with a key named __proto__', () => {
		const parsed = parseJson('{"__proto__":{"taskId":"1907035719658053637","polluted":true}}');
		expect(Reflect.get({}, 'polluted')).toBeUndefined();
		expect(Reflect.get(Object(parsed), 'taskId')).toBeUndefined();
	});

	it('reads a body that names a member twice, as every other JSON reader does', () => {
		expect(tryParseJson('{"taskId":"1907035719658053637","msg":"a","msg":"b"}')).toMatchObject({
			taskId: '1907035719658053637',
		});
	});
});
