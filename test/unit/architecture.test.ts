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

/** From the lowest up: each imports from itself and from those before it, and from nothing after it. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
	// What runs them · the calls of the API · inputs of workflows and apps · files · requests and their errors · no knowledge of RunningHub.
	runninghub: ['base', 'http', 'files', 'inputs', 'api', 'tasks'],
	// `RunningHub.node.ts` and `router.ts` lie above all of them.
	'nodes/RunningHub': [
		'agent',
		'n8n',
		'form',
		'sample',
		'sleep',
		'comfy',
		'run',
		'actions',
		'methods',
	],
};

/** n8n asks for the class there; the router only hands over. */
const AT_THE_TOP = ['RunningHub.node.ts', 'router.ts'];

describe.each(Object.entries(LAYERS))('the layers of %s/', (folder, layers) => {
	const inFolder = (file: string) => file.slice(folder.length + 1);
	const layerOf = (file: string) => layers.indexOf(inFolder(file).split('/')[0] ?? '');
	const isInFolder = (file: string) => file.startsWith(`${folder}/`);

	it('hold every file', () => {
		const loose = filesBelow(folder)
			.filter((file) => layerOf(file) < 0 && !AT_THE_TOP.includes(inFolder(file)))
			.map((file) => `${file} lies in no layer: put it into one of ${layers.join(', ')}`);
		expect(loose).toEqual([]);
	});

	it('are all there', () => {
		const found = new Set(filesBelow(folder).map(layerOf));
		expect(layers.filter((_, index) => !found.has(index))).toEqual([]);
	});

	it('import downwards only', () => {
		const upwards = imports(folder)
			.filter(([file, name]) => isInFolder(name) && layerOf(file) >= 0)
			.filter(([file, name]) => layerOf(name) < 0 || layerOf(name) > layerOf(file))
			.map(([file, name]) => {
				const [own, other] = [layerOf(file), layerOf(name)].map((at) => layers[at] ?? 'the top');
				return `${file} imports ${name}: ${other} lies above ${own}`;
			});
		expect(upwards).toEqual([]);
	});
});

/** The files in a circle of imports, if there is one. */
function circleIn(graph: ReadonlyMap<string, readonly string[]>): string[] | undefined {
	const done = new Set<string>();
	const visit = (file: string, path: readonly string[]): string[] | undefined => {
		if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
		if (done.has(file)) return undefined;
		for (const next of graph.get(file) ?? []) {
			const circle = visit(next, [...path, file]);
			if (circle !== undefined) return circle;
		}
		done.add(file);
		return undefined;
	};
	for (const file of graph.keys()) {
		const circle = visit(file, []);
		if (circle !== undefined) return circle;
	}
	return undefined;
}

it('a circle is found', () => {
	const graph = new Map([
		['a', ['b', 'c']],
		['b', ['c']],
		['c', ['d']],
		['d', ['b']],
	]);
	expect(circleIn(graph)).toEqual(['b', 'c', 'd', 'b']);
});

it('no files of the product import each other in a circle, not even for their types', () => {
	const folders = ['runninghub', 'catalogue', 'nodes', 'credentials'];
	const files = new Set(folders.flatMap(filesBelow));
	const fileOf = (name: string) =>
		[name, `${name}.ts`, `${name}/index.ts`].find((candidate) => files.has(candidate));
	const graph = new Map([...files].map((file): [string, string[]] => [file, []]));
	for (const [file, name] of folders.flatMap(imports)) {
		const imported = fileOf(name);
		if (imported !== undefined) graph.get(file)?.push(imported);
	}
	expect([...graph.values()].flat().length).toBeGreaterThan(files.size);
	expect(circleIn(graph)).toBeUndefined();
});

it('docs/architecture.md names files that are there', () => {
	const page = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8');
	const named = [...page.matchAll(/`([\w./-]+\.(?:ts|cjs|mjs|json))`/g)].map(
		([, name = '']) => name,
	);
	const folders = ['runninghub', 'catalogue', 'nodes', 'credentials', 'test', 'scripts'];
	const files = [
		...folders.flatMap((folder) =>
			readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map(
				(name) => `/${folder}/${name.split(sep).join('/')}`,
			),
		),
		...readdirSync(ROOT).map((name) => `/${name}`),
	];
	expect(named.length).toBeGreaterThan(30);
	expect(named.filter((name) => !files.some((file) => file.endsWith(`/${name}`)))).toEqual([]);
});

it('the picture of docs/architecture.md has every layer, the highest first', () => {
	const picture = readFileSync(join(ROOT, 'docs/images/architecture.svg'), 'utf8');
	const names = [...picture.matchAll(/class="code">([^<]+)</g)].map(([, name = '']) => name);
	for (const [folder, layers] of Object.entries(LAYERS)) {
		const below = names.slice(names.indexOf(`${folder}/`) + 1);
		const highestFirst = layers.map((layer) => `${layer}/`).reverse();
		expect(below.slice(0, layers.length)).toEqual(highestFirst);
	}
});
