/** How the form of a model has to look by the facts, apart from what the node makes of it. */
interface Param {
	key: string;
	type: string;
	required: boolean;
	mediaHint?: unknown;
	min?: number;
	max?: number;
	step?: number | null;
}

/** The prompt, files that must be given, what else must be given, files, the rest. */
export function inFormOrder<P extends Param>(params: readonly P[]): P[] {
	const prompt = params.filter(({ key }) => key === 'prompt');
	const others = params.filter(({ key }) => key !== 'prompt');
	const isFile = ({ type, mediaHint }: Param) =>
		/^(?:array-of-)?(?:image|video|audio)$/.test(type) || mediaHint !== undefined;
	const part = (required: boolean, file: boolean) =>
		others.filter((param) => param.required === required && isFile(param) === file);
	return [
		...prompt,
		...part(true, true),
		...part(true, false),
		...part(false, true),
		...part(false, false),
	];
}

/** The values of a whole number that is chosen from a list, as it has no more than 32. */
export function listedNumbers({ type, min, max, step }: Param): number[] | undefined {
	if (type !== 'integer' || min === undefined || max === undefined) return undefined;
	const values: number[] = [];
	for (let value = min; value <= max && values.length <= 32; value += step ?? 1) values.push(value);
	return values.length > 32 ? undefined : values;
}
