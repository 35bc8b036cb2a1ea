import { booleanIn, hasLostDigits, numberIn, numberText } from '../../runninghub/base/scalar';

it.each([
	[true, true],
	['true', true],
	[' TRUE ', true],
	[1, true],
	['１', true],
	[false, false],
	['False', false],
	[0, false],
	['yes', undefined],
	['', undefined],
	[2, undefined],
	[null, undefined],
	[[true], undefined],
])('the switch %j is %j', (raw, value) => {
	expect(booleanIn(raw)).toBe(value);
});

it.each([
	[5, 5],
	['5', 5],
	[' 5.0 ', 5],
	['１２', 12],
	['+1.5', 1.5],
	['.5', 0.5],
	['1e3', 1_000],
	['0x10', undefined],
	['1,000', undefined],
	['1e999', undefined],
	['', undefined],
	['five', undefined],
	[Number.NaN, undefined],
	[true, undefined],
	[null, undefined],
])('the number %j is %j', (raw, value) => {
	expect(numberIn(raw)).toBe(value);
});

it('a seed of more digits than a JavaScript number has keeps them all', () => {
	expect(numberText('1234567890123456789')).toBe('1234567890123456789');
	expect(hasLostDigits(Number('1234567890123456789'))).toBe(true);
	expect(hasLostDigits(1.5)).toBe(false);
});
