import { z } from 'zod';
import { resultFileSchema } from './taskScripts';
import { SAMPLE_APPS } from './samples/apps';

/** The kinds of fields of an app (reference 2.2, 5.2). */
export const FIELD_TYPES = [
	'IMAGE',
	'VIDEO',
	'AUDIO',
	'STRING',
	'INT',
	'FLOAT',
	'BOOLEAN',
	'LIST',
	'SWITCH',
] as const;

/** One field, as `apiCallDemo` lists it. */
export const appFieldSchema = z
	.object({
		nodeId: z.string(),
		nodeName: z.string(),
		fieldName: z.string(),
		fieldValue: z.string(),
		/** Stringified JSON with the options, in one of the variants, or something unreadable. */
		fieldData: z.string().nullable().optional(),
		fieldType: z.enum(FIELD_TYPES),
		description: z.string(),
		descriptionEn: z.string().nullable().optional(),
		/** The values that are accepted, where they are not every value of this kind. */
		choices: z.array(z.string()).optional(),
	})
	.strict();

export type AppField = z.infer<typeof appFieldSchema>;

/** An AI App that the simulator knows (reference 5). */
export const appSchema = z
	.object({
		name: z.string(),
		description: z.string(),
		fields: z.array(appFieldSchema),
		/** Never run in the web page: its call example lists no fields, and it cannot be run (810). */
		neverRun: z.boolean().optional(),
		/** The `accessPassword` that an encrypted app asks for. */
		password: z.string().optional(),
		tags: z.array(z.string()).optional(),
		/** How often it was run: `HOTTEST`. */
		useCount: z.number().int().nonnegative().optional(),
		/** The result files when the task's script does not say; one image if not given. */
		makes: z.array(resultFileSchema).optional(),
	})
	.strict();

export type SimulatedApp = z.infer<typeof appSchema>;

/** The AI Apps on this server, oldest first. */
export class AppBook {
	private readonly apps = new Map<string, SimulatedApp>();

	constructor() {
		this.reset();
	}

	add(id: string, app: SimulatedApp): void {
		this.apps.set(id, app);
	}

	find(id: string): SimulatedApp | undefined {
		return this.apps.get(id);
	}

	all(): Array<[id: string, app: SimulatedApp]> {
		return [...this.apps];
	}

	reset(): void {
		this.apps.clear();
		for (const [id, app] of Object.entries(SAMPLE_APPS)) this.add(id, app);
	}
}
