import { z } from 'zod';
import { appFieldSchema } from './apps';
import { resultFileSchema } from './taskScripts';
import { SAMPLE_QUICK_CREATES } from './samples/quickCreates';

/** One style of a module's model library (reference 3.2). */
const styleSchema = z
	.object({
		id: z.string(),
		/** What `type` asks for. */
		type: z.number().int(),
		modelName: z.string(),
		modelKey: z.string(),
		content: z.string(),
		modelTrigger: z.string(),
		lora1: z.object({ fileName: z.string(), weight: z.number() }).strict(),
		lora2: z.object({ fileName: z.string(), weight: z.number() }).strict().optional(),
	})
	.strict();

/** A Quick Create module that the simulator knows (reference 3). */
export const quickCreateSchema = z
	.object({
		/** The `quickCreateCode`s that its page shows. */
		codes: z.array(z.string()),
		fields: z.array(appFieldSchema),
		styles: z.array(styleSchema),
		makes: z.array(resultFileSchema).optional(),
	})
	.strict();

export type SimulatedQuickCreate = z.infer<typeof quickCreateSchema>;

/** The Quick Create modules on this server, by their `webappId`. */
export class QuickCreateBook {
	private readonly modules = new Map<string, SimulatedQuickCreate>();

	constructor() {
		this.reset();
	}

	add(webappId: string, module: SimulatedQuickCreate): void {
		this.modules.set(webappId, module);
	}

	find(webappId: string): SimulatedQuickCreate | undefined {
		return this.modules.get(webappId);
	}

	reset(): void {
		this.modules.clear();
		for (const [id, module] of Object.entries(SAMPLE_QUICK_CREATES)) this.add(id, module);
	}
}
