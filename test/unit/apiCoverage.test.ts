import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { INodeProperties } from 'n8n-workflow';
import ts from 'typescript';
import { properties } from '../../nodes/RunningHub/actions';

const ROOT = resolve(__dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

const page = read('docs/api-coverage.md');
const tests = page.split('\n').flatMap((line) => {
	const [, file, name] = /`(test\/[^`]+)`: (.+?)\s*\|$/.exec(line) ?? [];
	return file === undefined || name === undefined ? [] : [{ file, name }];
});

/** The names of all tests in a file, as they are written there. */
function testsIn(file: string): string[] {
	const names: string[] = [];
	const visit = (node: ts.Node): void => {
		if (ts.isCallExpression(node) && /^(?:test|it)\b/.test(node.expression.getText())) {
			const [name] = node.arguments;
			if (name !== undefined && ts.isStringLiteralLike(name)) names.push(name.text);
		}
		ts.forEachChild(node, visit);
	};
	visit(ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true));
	return names;
}

describe('docs/api-coverage.md', () => {
	it('has a test in each of its rows', () => {
		const rows = page.split('\n').filter((line) => /^\|(?! ?-)/.test(line));
		const heads = rows.filter((row) => /\| Test\s*\|$/.test(row));
		expect(heads.length).toBeGreaterThan(5);
		expect(tests).toHaveLength(rows.length - heads.length);
	});

	it.each(tests)('names a test that exists: $file, $name', ({ file, name }) => {
		expect(testsIn(file)).toContain(name);
	});

	it('has every operation of the node', () => {
		const resources = new Map(
			optionsOf(properties.find(({ name }) => name === 'resource')).map(({ name, value }) => [
				value,
				name,
			]),
		);
		const operations = properties
			.filter(({ name }) => name === 'operation')
			.flatMap((selector) => {
				const [resource] = selector.displayOptions?.show?.resource ?? [];
				return optionsOf(selector).map(({ name }) => `${resources.get(resource)} > ${name}`);
			});
		expect(operations.length).toBeGreaterThan(15);
		// "Submit" must not count as there where it is only the beginning of "Submit and Wait".
		const named = page
			.split('\n')
			.flatMap((line) => line.split(/[|,:]/))
			.map((cell) => cell.trim());
		expect(operations.filter((operation) => !named.includes(operation))).toEqual([]);
	});

	it('has every call that the code makes', () => {
		const sources = readdirSync(join(ROOT, 'runninghub'), { recursive: true, encoding: 'utf8' })
			.filter((name) => name.endsWith('.ts'))
			.map((name) => read(join('runninghub', name)));
		const paths = sources.flatMap((source) =>
			[...source.matchAll(/['`](\/(?:openapi\/v2|task\/openapi|api|uc)\/[\w/-]*[\w-])['`]/g)].map(
				([, path = '']) => path,
			),
		);
		expect(paths.length).toBeGreaterThan(12);
		expect(paths.filter((path) => !page.includes(path))).toEqual([]);
	});
});

function optionsOf(property: INodeProperties | undefined): Array<{ name: string; value: unknown }> {
	return (property?.options ?? []).flatMap((option) =>
		'value' in option ? [{ name: option.name, value: option.value }] : [],
	);
}
