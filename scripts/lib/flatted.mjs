/**
 * n8n stores an execution's data "flatted": a JSON array of values in which every string inside an
 * object or an array is the index of the value meant, so that shared and circular parts fit.
 *
 * @param {string} text
 * @returns {any}
 */
export function parseFlatted(text) {
	/** @type {unknown[]} */
	const values = JSON.parse(text);
	/** @type {Map<number, object>} */
	const known = new Map();

	const resolve = (/** @type {unknown} */ reference) => {
		if (typeof reference !== 'string') return reference;
		const index = Number(reference);
		const value = values[index];
		if (typeof value !== 'object' || value === null) return value;

		const done = known.get(index);
		if (done) return done;
		/** @type {any} */
		const copy = Array.isArray(value) ? [] : {};
		known.set(index, copy);
		for (const [key, child] of Object.entries(value)) copy[key] = resolve(child);
		return copy;
	};
	return resolve('0');
}
