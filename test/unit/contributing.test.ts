import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { readPage } from '../support/markdown';

/** What CONTRIBUTING.md and SECURITY.md tell a newcomer to do, and to read. */

const ROOT = resolve(__dirname, '../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const { scripts } = JSON.parse(read('package.json'));

describe.each(['CONTRIBUTING.md', 'SECURITY.md', '.github/pull_request_template.md'])(
	'%s',
	(file) => {
		const text = read(file);

		it('leads to pages that are there', () => {
			const targets = readPage(text).links.filter((target) => !/^https?:/.test(target));
			expect(targets.filter((target) => !existsSync(join(ROOT, target)))).toEqual([]);
		});

		it('names files and commands that are there', () => {
			const files = [...text.matchAll(/`([\w.-]+(?:\/[\w.-]+)+)`/g)].map(([, path = '']) => path);
			expect(files.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
			const commands = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name);
			expect(commands.filter((name) => !(name in scripts))).toEqual([]);
		});
	},
);

describe('the READMEs of the tests', () => {
	const files = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' });
	const targetsOf = (file: string) =>
		readPage(read(join('test', file)))
			.links.filter((target) => !/^https?:/.test(target))
			.map((target) =>
				relative(ROOT, resolve(ROOT, 'test', dirname(file), target.split('#')[0] ?? '')),
			);
	const targets = files.filter((file) => file.endsWith('README.md')).flatMap(targetsOf);

	it('lead to files that are there', () => {
		expect(targets.filter((target) => !existsSync(join(ROOT, target)))).toEqual([]);
	});

	it('tell of every helper', () => {
		const helpers = files
			.filter((file) => /(?<!\.test)\.ts$/.test(file) && !file.startsWith('simulator/'))
			.map((file) => join('test', file));
		expect(helpers.length).toBeGreaterThan(50);
		expect(helpers.filter((helper) => !targets.includes(helper))).toEqual([]);
	});
});

it('shows an operation that uses what the code has', async () => {
	const sample = readPage(read('CONTRIBUTING.md')).codeBlocks.find(
		({ language }) => language === 'ts',
	);
	const [, path = ''] = /^\/\/ (\S+)/.exec(sample?.text ?? '') ?? [];
	const imports = [...(sample?.text ?? '').matchAll(/^import \{ (\w+) \} from '(.+)'/gm)];
	expect(imports.length).toBeGreaterThan(3);
	for (const [, name = '', from = ''] of imports) {
		const module: object = await import(resolve(ROOT, path, '..', from));
		expect(Object.keys(module)).toContain(name);
	}
});
