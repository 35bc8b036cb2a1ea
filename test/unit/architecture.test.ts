import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import ts from 'typescript';

const ROOT = resolve(__dirname, '../..');

const filesBelow = (folder: string): string[] =>
	readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile() && /\.[cm]?[jt]s$/.test(entry.name))
		.map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join('/'));

/** What a file imports, in every way that there is; paths from the root for the project's own files. */
const importsOf = (file: string, source: string): string[] => {
	const found: string[] = [];
	const add = (node: ts.Node | undefined) => {
		found.push(node !== undefined && ts.isStringLiteralLike(node) ? node.text : '(computed)');
	};
	const visit = (node: ts.Node): void => {
		if (ts.isImportDeclaration(node)) add(node.moduleSpecifier);
		if (ts.isExportDeclaration(node) && node.moduleSpecifier) add(node.moduleSpecifier);
		if (ts.isExternalModuleReference(node)) add(node.expression);
		if (ts.isImportTypeNode(node)) {
			add(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined);
		}
		if (ts.isCallExpression(node)) {
			const { expression } = node;
			const isImport = expression.kind === ts.SyntaxKind.ImportKeyword;
			const isRequire = /^(?:module\.)?require(?:\.resolve)?$/.test(
				ts.isIdentifier(expression) || ts.isPropertyAccessExpression(expression)
					? expression.getText()
					: '',
			);
			if (isImport || isRequire) add(node.arguments[0]);
		}
		ts.forEachChild(node, visit);
	};
	visit(ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true));
	return found.map((name) =>
		name.startsWith('.')
			? relative(ROOT, resolve(ROOT, dirname(file), name))
					.split(sep)
					.join('/')
			: name,
	);
};

const imports = (folder: string) =>
	filesBelow(folder).flatMap((file) =>
		importsOf(file, readFileSync(join(ROOT, file), 'utf8')).map((name) => [file, name] as const),
	);

const FROM_N8N = /n8n/i;
const OTHER_ROOMS = /^(?:nodes|credentials|test|scripts|dist|\.\.)(?:\/|$)/;

it('this test sees imports of every form', () => {
	const source = `
		import a from 'n8n-workflow'; import type { B } from 'n8n-core'; export * from '../nodes/x';
		import c = require('n8n'); const d = require('@n8n/di'); const e = import('n8n-nodes-base');
		type F = import('n8n-workflow').INode; import './g'; const h = require(name);
	`;
	expect(importsOf('runninghub/x.ts', source).sort()).toEqual(
		[
			'n8n-workflow',
			'n8n-core',
			'nodes/x',
			'n8n',
			'@n8n/di',
			'n8n-nodes-base',
			'n8n-workflow',
			'runninghub/g',
			'(computed)',
		].sort(),
	);
});

describe.each(['runninghub', 'catalogue'])('%s/', (folder) => {
	it('has files', () => {
		expect(filesBelow(folder).length).toBeGreaterThan(3);
	});

	it('imports nothing of n8n', () => {
		expect(imports(folder).filter(([, name]) => FROM_N8N.test(name))).toEqual([]);
	});

	it('imports nothing from the rooms that know n8n, nor from the tests', () => {
		expect(imports(folder).filter(([, name]) => OTHER_ROOMS.test(name))).toEqual([]);
	});

	it('imports nothing whose name is made at run time', () => {
		expect(imports(folder).filter(([, name]) => name === '(computed)')).toEqual([]);
	});

	it('needs no module of Node’s but crypto: n8n’s rule for verified nodes', () => {
		const builtin = new Set([...builtinModules, ...builtinModules.map((name) => `node:${name}`)]);
		const allowed = new Set(['crypto', 'node:crypto']);
		const used = imports(folder).filter(([, name]) => builtin.has(name) && !allowed.has(name));
		expect(used).toEqual([]);
	});
});

it('runninghub/ imports nothing from catalogue/', () => {
	const used = imports('runninghub').filter(([, name]) => name.startsWith('catalogue/'));
	expect(used).toEqual([]);
});
