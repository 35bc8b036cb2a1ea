import { z } from 'zod';
import { SAMPLE_WORKFLOWS } from './samples/workflows';
import { resultFileSchema } from './taskScripts';

/** A ComfyUI workflow that the simulator knows (reference 4). */
export const workflowSchema = z
	.object({
		/** API-format JSON: node id → class, inputs, title. An input `["4", 0]` is a link. */
		nodes: z.record(
			z
				.object({
					class_type: z.string(),
					inputs: z.record(z.unknown()),
					_meta: z.object({ title: z.string() }).optional(),
				})
				.strict(),
		),
		/** Saved, but never run in the web page: 810. */
		neverRun: z.boolean().optional(),
		/** Allowed values of an input, by `nodeId.fieldName`: any other fails ComfyUI's validation (433). */
		choices: z.record(z.array(z.string())).optional(),
		/** The `accessPassword` that a protected workflow asks for. */
		password: z.string().optional(),
		/** Somebody else's, and not shared. */
		isPrivate: z.boolean().optional(),
		/** The result files when the task's script does not say; one image if not given. */
		makes: z.array(resultFileSchema).optional(),
	})
	.strict();

export type SimulatedWorkflow = z.infer<typeof workflowSchema>;

/** The workflows on this server. */
export class WorkflowBook {
	private readonly workflows = new Map<string, SimulatedWorkflow>();

	constructor() {
		this.reset();
	}

	add(id: string, workflow: SimulatedWorkflow): void {
		this.workflows.set(id, workflow);
	}

	find(id: string): SimulatedWorkflow | undefined {
		return this.workflows.get(id);
	}

	reset(): void {
		this.workflows.clear();
		for (const [id, workflow] of Object.entries(SAMPLE_WORKFLOWS)) this.add(id, workflow);
	}
}
