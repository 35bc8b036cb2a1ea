import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { MODEL_LIST_URL } from '../../runninghub/http/credential';

/** What GitHub reads, which nobody notices to be broken before it is needed. */

const FOLDER = join(__dirname, '..', '..', '.github');

const step = z.object({ run: z.string().optional(), uses: z.string().optional() });
const workflow = z.object({
	on: z.record(z.unknown()),
	permissions: z.record(z.string()),
	jobs: z.record(
		z.object({
			needs: z.string().optional(),
			uses: z.string().optional(),
			permissions: z.record(z.string()).optional(),
			env: z.record(z.string()).optional(),
			steps: z.array(step).optional(),
			with: z.object({ n8n: z.string().optional() }).passthrough().optional(),
		}),
	),
});
const form = z.object({
	name: z.string(),
	description: z.string(),
	body: z.array(
		z.object({
			type: z.enum(['markdown', 'textarea', 'input', 'dropdown', 'checkboxes']),
			id: z.string().optional(),
			attributes: z.object({ label: z.string().optional(), value: z.string().optional() }),
		}),
	),
});

const read = (...path: string[]): unknown => parse(readFileSync(join(FOLDER, ...path), 'utf8'));
const files = readdirSync(join(FOLDER, 'workflows'));
const workflows = new Map(files.map((file) => [file, workflow.parse(read('workflows', file))]));

/** What a workflow may write, and why: to say where a release was built, and to open a pull request. */
const MAY_WRITE: Readonly<Record<string, string[]>> = {
	'publish.yml': ['id-token'],
	'models.yml': ['contents', 'pull-requests'],
};

it('may write nothing but what it is there for', () => {
	for (const [file, { permissions, jobs }] of workflows) {
		const granted = [permissions, ...Object.values(jobs).map((job) => job.permissions ?? {})];
		const written = granted.flatMap((all) =>
			Object.entries(all).flatMap(([name, access]) => (access === 'write' ? name : [])),
		);
		expect([file, written]).toEqual([file, MAY_WRITE[file] ?? []]);
	}
});

it('publishes nothing that was not tested, and says where it was built', () => {
	const publish = workflows.get('publish.yml');
	expect(publish?.on).toEqual({ push: { tags: ['v*'] } });
	const { needs, steps = [] } = publish?.jobs.publish ?? {};
	expect(publish?.jobs[needs ?? '']?.uses).toBe('./.github/workflows/test.yml');
	const commands = steps.map(({ run }) => run);
	expect(commands.at(-1)).toBe('npm publish --provenance --access public');
	// npm runs no prepack here, so that an old dist, or none, would be packed.
	expect(commands.indexOf('npm run build')).toBeGreaterThan(commands.indexOf('npm ci'));
});

it('tests what the other workflows ask for', () => {
	for (const { jobs } of workflows.values()) {
		for (const { uses } of Object.values(jobs)) {
			if (uses !== undefined) expect(files).toContain(uses.replace('./.github/workflows/', ''));
		}
	}
});

it('tests the oldest n8n 2, all that this project names, and every night the newest', () => {
	const asked = [...workflows.values()].flatMap(({ jobs }) => Object.values(jobs));
	const versions = asked.flatMap(({ uses, with: inputs }) => (uses ? [inputs?.n8n ?? ''] : []));
	expect(versions).toEqual(expect.arrayContaining(['', '2.0.0']));
	expect(workflows.get('nightly.yml')?.jobs.test?.with?.n8n).toBe(
		'${{ needs.newest.outputs.n8n }}',
	);
});

it('looks for new models by itself, in the list that the node reads, and tests what it found', () => {
	const models = workflows.get('models.yml');
	expect(Object.keys(models?.on ?? {})).toEqual(['schedule', 'workflow_dispatch']);
	const { env = {}, steps = [] } = models?.jobs.refresh ?? {};
	const commands = steps.map(({ run = '' }) => run);
	const at = (text: string) => commands.findIndex((command) => command.includes(text));
	const reads = commands[at('npm run --silent catalogue')] ?? '';
	expect(`${env.LISTS}/model-registry.public.json`).toBe(MODEL_LIST_URL);
	for (const list of ['model-registry.public.json', 'pricing.public.json']) {
		expect(reads).toContain(`--from "$LISTS/${list}"`);
	}
	expect(reads).toContain('--facts test/simulator/models.facts.json');
	expect(at('npm test -- unit integration')).toBeGreaterThan(at('npm run --silent catalogue'));
	expect(at('gh pr create')).toBeGreaterThan(at('npm test -- unit integration'));
	expect(commands[at('gh pr create')]).toContain('summary.txt');
});

it('asks whoever reports a bug for all that is needed, and never for the key', () => {
	const { body } = form.parse(read('ISSUE_TEMPLATE', 'bug.yml'));
	const ids = body.map(({ id }) => id);
	for (const id of ['n8n', 'mode', 'node', 'operation', 'error', 'task']) {
		expect(ids).toContain(id);
	}
	expect(body[0]?.attributes.value).toContain('Never paste your API key');
	expect(form.parse(read('ISSUE_TEMPLATE', 'feature.yml')).body.length).toBeGreaterThan(0);
});
