import type { Model, Param } from '../../simulator/facts';

/** The least body that the facts allow: each required field, and one of each group of which one is needed. */
export function bodyFor(model: Model): Record<string, unknown> {
	const wanted = model.params.filter(
		({ key, required, condition }) => required || condition?.exactlyOneOf?.[0] === key,
	);
	return Object.fromEntries(wanted.map((param) => [param.key, valueFor(param)]));
}

function valueFor(param: Param): unknown {
	if (param.default !== undefined) return param.default;
	const { type, options = [], min = 1 } = param;
	const isList = type.startsWith('array-of-');
	const plain = type.replace('array-of-', '');
	const value = {
		boolean: true,
		integer: min,
		number: min,
		enum: options[0],
		image: 'https://a.example/a.png',
		video: 'https://a.example/a.mp4',
		audio: 'https://a.example/a.mp3',
	}[plain];
	const text = value ?? 'voice0001';
	return isList ? [text] : text;
}
