/** A ComfyUI workflow that the simulator knows (reference 4). */
export interface SimulatedWorkflow {
	/** API-format JSON: node id → class, inputs, title. */
	nodes: Record<
		string,
		{ class_type: string; inputs: Record<string, unknown>; _meta?: { title: string } }
	>;
	/** Saved, but never run in the web page: 810. */
	neverRun?: boolean;
	/** Allowed values of an input, by `nodeId.fieldName`: any other fails ComfyUI's validation (433). */
	choices?: Record<string, string[]>;
}

/** A text-to-image workflow that runs. */
export const SIMULATOR_WORKFLOW_ID = '1900000000000100201';
/** A workflow that was saved but never run: 810. */
export const SIMULATOR_WORKFLOW_NEVER_RUN_ID = '1900000000000100343';

const textToImage: SimulatedWorkflow = {
	nodes: {
		'3': {
			class_type: 'KSampler',
			inputs: {
				seed: 1,
				steps: 20,
				cfg: 7,
				sampler_name: 'euler',
				denoise: 1,
				model: ['4', 0],
				positive: ['6', 0],
				negative: ['7', 0],
				latent_image: ['5', 0],
			},
			_meta: { title: 'KSampler' },
		},
		'4': {
			class_type: 'CheckpointLoaderSimple',
			inputs: { ckpt_name: 'sd15.safetensors' },
			_meta: { title: 'Checkpoint' },
		},
		'5': {
			class_type: 'EmptyLatentImage',
			inputs: { width: 512, height: 512, batch_size: 1 },
			_meta: { title: 'Size' },
		},
		'6': {
			class_type: 'CLIPTextEncode',
			inputs: { text: 'a fox', clip: ['4', 1] },
			_meta: { title: 'Prompt' },
		},
		'7': {
			class_type: 'CLIPTextEncode',
			inputs: { text: 'blurry', clip: ['4', 1] },
			_meta: { title: 'Negative prompt' },
		},
		'8': {
			class_type: 'VAEDecode',
			inputs: { samples: ['3', 0], vae: ['4', 2] },
			_meta: { title: 'Decode' },
		},
		'9': {
			class_type: 'SaveImage',
			inputs: { filename_prefix: 'ComfyUI', images: ['8', 0] },
			_meta: { title: 'Save' },
		},
		'10': {
			class_type: 'LoadImage',
			inputs: { image: 'example.png' },
			_meta: { title: 'Reference image' },
		},
	},
	choices: {
		'3.sampler_name': ['euler', 'euler_ancestral', 'dpmpp_2m'],
		'4.ckpt_name': ['sd15.safetensors', 'sdxl.safetensors'],
	},
};

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
		this.add(SIMULATOR_WORKFLOW_ID, textToImage);
		this.add(SIMULATOR_WORKFLOW_NEVER_RUN_ID, { ...textToImage, neverRun: true });
	}
}
