import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

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

it('may write nothing, except to say where a release was built', () => {
	for (const [file, { permissions, jobs }] of workflows) {
		const granted = [permissions, ...Object.values(jobs).map((job) => job.permissions ?? {})];
		const written = granted.flatMap((all) =>
			Object.entries(all).flatMap(([name, access]) => (access === 'write' ? name : [])),
		);
		expect([file, written]).toEqual([file, file === 'publish.yml' ? ['id-token'] : []]);
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

it('asks whoever reports a bug for all that is needed, and never for the key', () => {
	const { body } = form.parse(read('ISSUE_TEMPLATE', 'bug.yml'));
	const ids = body.map(({ id }) => id);
	for (const id of ['n8n', 'mode', 'node', 'operation', 'error', 'task']) {
		expect(ids).toContain(id);
	}
	expect(body[0]?.attributes.value).toContain('Never paste your API key');
	expect(form.parse(read('ISSUE_TEMPLATE', 'feature.yml')).body.length).toBeGreaterThan(0);
});
