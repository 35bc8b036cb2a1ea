import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { run } from '../commands';
import { installedN8n } from '../n8n';
import { packProject } from '../package';
import { projectFolder } from '../project';
import { type Bench, repeated } from './bench';
import { atMost, median } from './figure';

/** What the package weighs, and what n8n's start and the editor pay for it; each in a fresh process. */

interface Load {
	ms: number;
	otherModules: number;
	descriptionBytes: number;
}

const KB = 1000;
const OPENAI = 'n8n’s own OpenAI node';

const size: Bench = {
	name: 'size',
	title: 'the package and what the editor gets of it',
	inQuick: true,
	async run() {
		const own = await load(await packageFiles(), projectFolder);
		const openAi = await loadOpenAi();
		const folder = await temporaryFolder();
		const { size: packedBytes } = await packProject(folder);
		await rm(folder, { recursive: true });
		return {
			figures: [
				{
					what: 'both nodes’ descriptions as JSON',
					unit: 'kB',
					runs: [own.descriptionBytes / KB],
					baselines: [{ what: OPENAI, runs: [openAi.descriptionBytes / KB] }],
					target: atMost(60, 'kB'),
				},
				{
					what: 'packed package',
					unit: 'kB',
					runs: [packedBytes / KB],
					target: atMost(300, 'kB'),
				},
			],
		};
	},
};

const loading: Bench = {
	name: 'load',
	title: 'both nodes and the credential loaded, in fresh processes',
	inQuick: true,
	async run({ quick }) {
		const files = await packageFiles();
		const folder = await temporaryFolder();
		const emptyFiles = await emptyClasses(folder, files);
		const pairs = await repeated(quick ? 10 : 40, async () => {
			const own = await load(files, projectFolder);
			const empty = await load(emptyFiles, projectFolder);
			return { overEmpty: own.ms - empty.ms, empty: empty.ms, modules: own.otherModules };
		});
		const openAi = await repeated(quick ? 1 : 5, async () => (await loadOpenAi()).ms);
		await rm(folder, { recursive: true });
		const emptyMs = median(pairs.map(({ empty }) => empty));
		return {
			figures: [
				{
					what: 'cold require, over empty classes',
					unit: 'ms',
					runs: pairs.map(({ overEmpty }) => overEmpty),
					baselines: [{ what: OPENAI, runs: openAi.map((ms) => ms - emptyMs) }],
					target: atMost(10, 'ms'),
				},
				{
					what: 'modules loaded beyond the three files: the catalogue is in such a one',
					unit: 'modules',
					runs: pairs.map(({ modules }) => modules),
					target: atMost(0, 'modules'),
				},
			],
		};
	},
};

const fields: Bench = {
	name: 'fields',
	title: 'the form of each model in the catalogue',
	inQuick: true,
	async run({ quick }) {
		const node = (await packageFiles()).find((file) => /\/RunningHub\.node\.js$/.test(file)) ?? '';
		const models = join(projectFolder, 'catalogue', 'models.json');
		const probes = await repeated(
			quick ? 3 : 10,
			async () => await probe<{ firstMs: number; each: number[] }>('fields.cjs', [node, models]),
		);
		return {
			figures: [
				{
					what: 'field list of a model: median of all models',
					unit: 'ms',
					runs: probes.map(({ each }) => median(each)),
					target: atMost(5, 'ms'),
				},
				{
					what: 'field list of a model: the slowest model',
					unit: 'ms',
					runs: probes.map(({ each }) => Math.max(...each)),
					target: atMost(5, 'ms'),
				},
				{
					what: 'the first field list of a process, which loads code and catalogue',
					unit: 'ms',
					runs: probes.map(({ firstMs }) => firstMs),
				},
			],
		};
	},
};

export const sizeBenches = [size, loading, fields];

/** What n8n loads, as package.json names it. */
async function packageFiles(): Promise<string[]> {
	const manifest: { n8n: { nodes: string[]; credentials: string[] } } = JSON.parse(
		await readFile(join(projectFolder, 'package.json'), 'utf8'),
	);
	return [...manifest.n8n.nodes, ...manifest.n8n.credentials].map((file) =>
		join(projectFolder, file),
	);
}

/** As many files with classes of the same names. */
async function emptyClasses(folder: string, files: string[]): Promise<string[]> {
	return await Promise.all(
		files.map(async (file) => {
			const empty = join(folder, basename(file));
			await writeFile(empty, `exports.${basename(file).split('.')[0]} = class {};\n`);
			return empty;
		}),
	);
}

async function loadOpenAi(): Promise<Load> {
	const { folder } = await installedN8n();
	const vendors = join(folder, 'node_modules/@n8n/n8n-nodes-langchain/dist/nodes/vendors');
	return await load([join(vendors, 'OpenAi', 'OpenAi.node.js')], folder);
}

const load = async (files: string[], cwd: string) => await probe<Load>('load.cjs', files, cwd);

const temporaryFolder = async () => await mkdtemp(join(tmpdir(), 'runninghub-bench-'));

/**
 * Runs one of `probes/` in a fresh process, with the Node that n8n runs on.
 * @param cwd whose packages it finds
 * @returns what it printed
 */
async function probe<T>(script: string, args: readonly string[], cwd = projectFolder): Promise<T> {
	const { node } = await installedN8n();
	return JSON.parse(await run(node, [join(__dirname, 'probes', script), ...args], { cwd }));
}
