import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { INodeProperties } from 'n8n-workflow';
import ts from 'typescript';
import { properties } from '../../nodes/RunningHub/actions';

/*
 * The sentences of runninghub/ and catalogue/ tell people which field of the form to change. They are written out, so that
 * they can be searched for, and know nothing of the form: this table holds them against it.
 */

/** What the sentences call a parameter of the form, by its name. */
const PARAMETERS = {
	accessPassword: 'Access Password',
	budget: 'Budget',
	extraFields: 'Extra Fields',
	instanceType: 'Machine Size',
	nodeInfoList: 'Node Info List',
	nodeInputs: 'Node Inputs',
	quickCreateCode: 'Quick Create Code',
	olderUpload: 'Use Older Upload',
	usePersonalQueue: 'Use Personal Queue',
};

/** What they call an operation. */
const OPERATIONS = ['Task > Cancel', 'Task > Wait for Result'];

const ROOT = resolve(__dirname, '../..');

/** All texts of the code below a folder, without its imports. */
const textsBelow = (folder: string): string[] =>
	readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('.ts'))
		.flatMap((file) => {
			const texts: string[] = [];
			const visit = (node: ts.Node): void => {
				if (ts.isImportDeclaration(node)) return;
				if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node)) texts.push(node.text);
				if (ts.isTemplateMiddle(node) || ts.isTemplateTail(node)) texts.push(node.text);
				ts.forEachChild(node, visit);
			};
			const source = readFileSync(join(ROOT, folder, file), 'utf8');
			visit(ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true));
			return texts;
		});

const texts = ['runninghub', 'catalogue'].flatMap(textsBelow);

type Part = Partial<INodeProperties> & { values?: unknown };

/** Every field of the form, and every option in one. */
const fields: Part[] = (function all(parts: readonly Part[]): Part[] {
	return parts.flatMap((part) => [part, ...all((part.options ?? []) as Part[])]);
})(properties);

it.each(Object.entries(PARAMETERS))('%s is called %s in the form, too', (name, label) => {
	expect(texts.some((text) => text.includes(label))).toBe(true);
	const named = fields.filter((field) => field.name === name);
	// Without what stands in brackets: a unit, or a format.
	const labels = named.map(({ displayName = '' }) => displayName.replace(/ \(.*\)$/, ''));
	expect(labels).toContain(label);
});

it.each(OPERATIONS)('%s is an operation of the form', (label) => {
	expect(texts.some((text) => text.includes(label))).toBe(true);
	const [resource = '', operation = ''] = label.split(' > ');
	const resources = fields.find((field) => field.name === 'resource')?.options ?? [];
	const named = resources.find(({ name }) => name === resource);
	const value = named !== undefined && 'value' in named ? named.value : undefined;
	const selector = fields.find(
		(field) =>
			field.name === 'operation' && field.displayOptions?.show?.resource?.includes(String(value)),
	);
	expect(selector?.options?.map(({ name }) => name)).toContain(operation);
});

it('no sentence names another operation or option', () => {
	const named = texts.flatMap((text) => [
		...(text.match(/\b[A-Z]\w+ > [A-Z]\w+(?: (?:for )?[A-Z]\w+)*/g) ?? []),
		...[...text.matchAll(/\bthe ((?:[A-Z]\w+ )+)option\b/g)].map(([, label = '']) => label.trim()),
	]);
	const known: string[] = [...Object.values(PARAMETERS), ...OPERATIONS];
	expect(named.length).toBeGreaterThan(5);
	expect(named.filter((label) => !known.includes(label))).toEqual([]);
});
