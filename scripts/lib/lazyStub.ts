/**
 * The source of a class that has the same members as the given instance: data as it is, and functions that load the
 * code behind them when the first one is called. n8n makes one of each node and credential at start, of which it
 * only reads the data.
 * @param name of the class
 * @param codeFile the module that exports the real class, relative to the file that this is written to
 * @param instance of the real class
 */
export function lazyStub(name: string, codeFile: string, instance: object): string {
	const own = Object.entries(instance).map(
		([member, value]) => `\t\tthis.${member} = ${expression(value, `.${member}`)};`,
	);
	const inherited = Object.getOwnPropertyNames(Object.getPrototypeOf(instance))
		.filter((member) => member !== 'constructor')
		.map((member) => `\t${member}(...args) {\n\t\treturn code().${member}.apply(this, args);\n\t}`);
	return [
		"'use strict';",
		'let instance;',
		'function code() {',
		`\tinstance ??= new (require(${JSON.stringify(codeFile)}).${name})();`,
		'\treturn instance;',
		'}',
		`class ${name} {`,
		'\tconstructor() {',
		...own,
		'\t}',
		...inherited,
		'}',
		`exports.${name} = ${name};`,
		'',
	].join('\n');
}

/** @param path from the instance to the value */
function expression(value: unknown, path: string): string {
	if (typeof value === 'function')
		return `function (...args) { return code()${path}.apply(this, args); }`;
	if (!holdsFunction(value)) return `JSON.parse(${JSON.stringify(JSON.stringify(value))})`;
	const members = Object.entries(Object(value)).map(
		([member, inner]) => `${JSON.stringify(member)}: ${expression(inner, `${path}.${member}`)}`,
	);
	return `{ ${members.join(', ')} }`;
}

function holdsFunction(value: unknown): boolean {
	if (typeof value === 'function') return true;
	return typeof value === 'object' && value !== null && Object.values(value).some(holdsFunction);
}
