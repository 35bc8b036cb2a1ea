import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { INodeProperties } from 'n8n-workflow';
import { properties } from '../../nodes/RunningHub/actions';
import { CODE_MEANINGS } from '../../runninghub/http/errorCodes';
import { anchorsOf, inlineCode, readPage } from '../support/markdown';

const ROOT = resolve(__dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const page = (path: string) => readPage(read(path));

/** For those who work on this package, in English alone. */
const FOR_DEVELOPERS = [
	'docs/api-coverage.md',
	'docs/architecture.md',
	'docs/runninghub-api.md',
	'docs/ux-checklist.md',
];

const DOCS = readdirSync(join(ROOT, 'docs'))
	.filter((name) => name.endsWith('.md'))
	.map((name) => `docs/${name}`);
const CHINESE = DOCS.filter((path) => path.endsWith('.zh-CN.md'));
const englishOf = (path: string) =>
	path === 'docs/README.zh-CN.md' ? 'README.md' : path.replace('.zh-CN.md', '.md');
const TWINS = CHINESE.map((chinese) => ({ english: englishOf(chinese), chinese }));

it('every example has a picture, in both languages', () => {
	const names = readdirSync(join(ROOT, 'examples')).map((name) => name.replace('.json', ''));
	for (const path of ['docs/examples.md', 'docs/examples.zh-CN.md']) {
		for (const name of names) {
			expect(read(path)).toContain(`../examples/${name}.json`);
			expect(read(path)).toContain(`images/examples/${name}.png`);
		}
	}
	for (const name of names) {
		expect(existsSync(join(ROOT, 'docs', 'images', 'examples', `${name}.png`))).toBe(true);
	}
});

describe('the pages in English and in Chinese', () => {
	it('come in pairs', () => {
		const english = DOCS.filter((path) => !CHINESE.includes(path));
		const expected = ['README.md', ...english].filter((path) => !FOR_DEVELOPERS.includes(path));
		expect(TWINS.map((twins) => twins.english).sort()).toEqual(expected.sort());
	});

	it.each(TWINS)('$english and its twin have the same headings', ({ english, chinese }) => {
		const levels = (path: string) => page(path).headings.map(({ level }) => level);
		expect(levels(english).length).toBeGreaterThan(1);
		expect(levels(chinese)).toEqual(levels(english));
	});

	it.each(TWINS)('$english and its twin have the same code', ({ english, chinese }) => {
		const code = (path: string) =>
			page(path).codeBlocks.map(({ language, text }) => ({
				language,
				// A remark is for the reader, who reads one language.
				text: language === 'bash' ? text.replace(/\s+# .*$/gm, '') : text,
			}));
		expect(code(chinese)).toEqual(code(english));
	});

	it.each(TWINS)('$english and its twin have the same tables', ({ english, chinese }) => {
		const names = (path: string) =>
			page(path).tables.map((rows) =>
				rows.map((cells) => [...new Set(inlineCode(cells.join(' ')))].sort()),
			);
		expect(names(chinese)).toEqual(names(english));
	});

	it.each(TWINS)('$english and its twin lead to each other', ({ english, chinese }) => {
		expect(linksOf(english)).toContain(chinese);
		expect(linksOf(chinese)).toContain(english);
	});

	it.each(TWINS)('$english and its twin lead to the same pages', ({ english, chinese }) => {
		const targets = (path: string) =>
			linksOf(path)
				.filter((target) => !isOutside(target))
				.map((target) => englishOf(target.split('#')[0] ?? ''))
				.filter((target) => target !== english)
				.sort();
		expect(targets(chinese)).toEqual(targets(english));
	});

	it.each(CHINESE)('%s leads to Chinese pages where there are any', (path) => {
		const toEnglish = linksOf(path).filter((target) =>
			TWINS.some(({ english }) => english === target && english !== englishOf(path)),
		);
		expect(toEnglish).toEqual([]);
	});
});

describe('every link', () => {
	it.each(['README.md', 'CHANGELOG.md', ...DOCS])('in %s leads somewhere', (path) => {
		const lost = linksOf(path).filter((target) => {
			if (isOutside(target)) return false;
			const [file = '', anchor] = target.split('#');
			if (!existsSync(join(ROOT, file))) return true;
			return anchor !== undefined && !anchorsOf(page(file)).includes(decodeURIComponent(anchor));
		});
		expect(lost).toEqual([]);
	});
});

describe('what the node has', () => {
	const resources = options('resource').flatMap((selector) => selector.choices);
	it.each(resources)('every operation of $name is in docs/operations.md', ({ name, value }) => {
		const operations = options('operation')
			.filter(({ resource }) => resource === value)
			.flatMap(({ choices }) => choices.map((choice) => `**${choice.name}**`));
		expect(operations.length).toBeGreaterThan(0);
		const described = firstCells(sectionOf(read('docs/operations.md'), name));
		expect(operations.filter((operation) => !described.includes(operation))).toEqual([]);
	});
});

describe('docs/troubleshooting.md', () => {
	const text = read('docs/troubleshooting.md');

	it('has every code of RunningHub, with the sentence that the node says', () => {
		const rows = readPage(sectionOf(text, 'Codes of RunningHub')).tables.flat();
		const described = rows.flatMap(([codes = '', says = '']) =>
			inlineCode(codes).map((code) => [code, says]),
		);
		const known = Object.entries(CODE_MEANINGS).map(([code, { message: says }]) => [code, says]);
		expect(described.sort()).toEqual(known.sort());
	});

	it('quotes only what the code says', () => {
		const source = ['runninghub', 'catalogue', 'nodes'].map(sourceIn).join('\n');
		const quoted = readPage(text)
			.tables.filter((rows) => rows[0]?.[0] === 'The node says')
			.flatMap((rows) => rows.slice(1).flatMap(([says = '']) => inlineCode(says)));
		expect(quoted.length).toBeGreaterThan(30);
		// What stands for a name or a value is an ellipsis; a short rest tells nothing.
		const parts = quoted.flatMap((sentence) => sentence.split('…').map((part) => part.trim()));
		expect(parts.filter((part) => part.length > 7 && !source.includes(part))).toEqual([]);
	});
});

/** As paths from the root, with their anchors. */
function linksOf(path: string): string[] {
	return page(path).links.map((target) => {
		if (isOutside(target)) return target;
		const [file = '', anchor] = target.split('#');
		const whole = file === '' ? path : relative(ROOT, resolve(ROOT, dirname(path), file));
		return anchor === undefined ? whole : `${whole}#${anchor}`;
	});
}

function isOutside(target: string): boolean {
	return /^[a-z]+:/i.test(target);
}

/** From a heading of the second level to the next one. */
function sectionOf(markdown: string, heading: string): string {
	const [, ...sections] = `\n${markdown}`.split('\n## ');
	return sections.find((section) => section.startsWith(`${heading}\n`)) ?? '';
}

function firstCells(markdown: string): string[] {
	return readPage(markdown).tables.flatMap((rows) => rows.map(([first = '']) => first));
}

/** The fields of this name, each with the resource that it is for. */
function options(name: string) {
	return properties
		.filter((property) => property.name === name)
		.map((property) => ({
			resource: property.displayOptions?.show?.resource?.[0],
			choices: choicesOf(property),
		}));
}

function choicesOf({ options: choices = [] }: INodeProperties) {
	return choices.flatMap((choice) =>
		'value' in choice ? [{ name: choice.name, value: choice.value }] : [],
	);
}

function sourceIn(folder: string): string {
	return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.ts'))
		.map((name) => read(join(folder, name)))
		.join('\n');
}
