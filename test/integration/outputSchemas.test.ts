import { outputSchemas, type Schema } from '../../scripts/lib/outputSchemas';
import { TASK_SCRIPTS, type TaskScript } from '../simulator';
import { everyForm, ITEM_WITH_FILE, OPERATIONS } from './everyOperation';
import { RESOURCES, waitOf } from './everyTask';
import { CONTINUE, inLab, submit, type Lab } from './support';

/** What n8n's editor shows as the output of an operation that has never run is what then comes out. */

jest.setTimeout(60_000);

const SCHEMAS = new Map(
	outputSchemas().map(({ resource, operation, schema }) => [`${resource}.${operation}`, schema]),
);
const TASK = SCHEMAS.get('vidu.submit') ?? {};

/** Where a value is not what the schema says: a member too many, one too few, or another type. */
function differences(value: unknown, schema: Schema, path = ''): string[] {
	const types = [schema.type ?? []].flat();
	const isNull = value === null;
	if (types.length === 0 || (isNull && (schema.nullable || types.includes('null')))) return [];
	const type = isNull ? 'null' : Array.isArray(value) ? 'array' : typeof value;
	if (!types.includes(type)) return [`${path} is ${type}, not ${types.join(' or ')}`];
	if (schema.enum && !schema.enum.some((one) => one === value)) {
		return [`${path} is ${JSON.stringify(value)}`];
	}
	if (Array.isArray(value)) {
		return value.flatMap((one, index) => differences(one, schema.items ?? {}, `${path}[${index}]`));
	}
	if (typeof value !== 'object' || isNull) return [];
	const members = Object.entries(value);
	const { properties = {}, required = [] } = schema;
	const isOpen = Object.keys(properties).length === 0;
	return [
		...required.filter((name) => !(name in value)).map((name) => `${path}.${name} is missing`),
		...members.flatMap(([name, member]) => {
			const known = properties[name];
			if (known !== undefined) return differences(member, known, `${path}.${name}`);
			return isOpen ? [] : [`${path}.${name} is not in the schema`];
		}),
	];
}

/** An ended task that has called back, for what looks at one. */
async function madeBefore({ simulator, run }: Lab): Promise<string> {
	await run(submit({ options: { callbackUrl: `${simulator.baseUrl}/called` } }));
	const { taskId } = simulator.tasks[0] ?? {};
	if (taskId === undefined) throw new Error('No task was made.');
	await run({ resource: 'task', operation: 'waitForResult', taskId });
	return taskId;
}

test('every operation has one, and no other', () => {
	expect([...SCHEMAS.keys()].sort()).toEqual([...OPERATIONS].sort());
});

test.concurrent.each([...SCHEMAS])('%s gives out what its schema says', async (name, schema) => {
	await inLab(async (lab) => {
		const form = everyForm(await madeBefore(lab))[name] ?? {};
		const options = { ...Object(form.options), rawResponse: false };
		const { items, error } = await lab.run({ ...form, options }, { items: [ITEM_WITH_FILE] });
		expect(error?.message).toBeUndefined();
		expect(items.length).toBeGreaterThan(0);
		expect(items.flatMap(({ json }) => differences(json, schema))).toEqual([]);
	});
});

const ENDS: Record<string, TaskScript> = {
	'with several files, an item for each': TASK_SCRIPTS.many,
	'with a text': TASK_SCRIPTS.text,
	'with a failure of a node': TASK_SCRIPTS.fail,
	'with a refusal of its content': TASK_SCRIPTS.moderation,
	'with a cancellation': TASK_SCRIPTS.cancel,
	'not in time': TASK_SCRIPTS.never,
};

describe.each(Object.entries(ENDS))('a task that ends %s', (_, { end }) => {
	test.concurrent.each(RESOURCES)('%s', async (resource) => {
		await inLab(
			async ({ run }) => {
				const form = waitOf(resource, { timeout: 0.05, options: { splitResults: true } });
				const { items } = await run(form, CONTINUE);
				expect(items.length).toBeGreaterThan(0);
				expect(items.flatMap(({ json }) => differences(json, TASK))).toEqual([]);
			},
			{ defaultTaskScript: { end } },
		);
	});
});

test.concurrent.each([...SCHEMAS.keys()])(
	'%s that goes on after an error gives out the same as a failed task',
	async (name) => {
		await inLab(async ({ simulator, run }) => {
			simulator.addFault({
				match: {},
				times: 'always',
				kind: 'e1',
				code: 802,
				msg: 'no such user',
			});
			const form = everyForm('1900000000000000201')[name] ?? {};
			const { items } = await run(form, { items: [ITEM_WITH_FILE], ...CONTINUE });
			expect(items.map(({ json }) => json.error)).toEqual([
				expect.objectContaining({ kind: 'auth' }),
			]);
			expect(items.flatMap(({ json }) => differences(json, TASK))).toEqual([]);
		});
	},
);
