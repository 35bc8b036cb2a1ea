import type { SimulatedWorkflow } from '../workflows';

/** The workflows that every simulator has. */

/** Text to image: sampler, loader, links, a picture and a LoRA. */
export const SIMULATOR_WORKFLOW_ID = '1900000000000100201';
/** One field for every kind of value that an input can have. */
export const SIMULATOR_WORKFLOW_EVERY_VALUE_ID = '1900000000000100277';
/** Needs SIMULATOR_PASSWORD. */
export const SIMULATOR_WORKFLOW_PROTECTED_ID = '1900000000000100311';
/** A workflow that was saved but never run: 810. */
export const SIMULATOR_WORKFLOW_NEVER_RUN_ID = '1900000000000100343';
/** Somebody else's. */
export const SIMULATOR_WORKFLOW_PRIVATE_ID = '1900000000000100379';

/** The `accessPassword` of the protected workflow and of the encrypted app. */
export const SIMULATOR_PASSWORD = 'open-sesame';

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
				model: ['11', 0],
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
		'11': {
			class_type: 'RHLoraLoader',
			inputs: { lora_name: 'paper.safetensors', strength_model: 0.7, model: ['4', 0] },
			_meta: { title: 'Style' },
		},
	},
	choices: {
		'3.sampler_name': ['euler', 'euler_ancestral', 'dpmpp_2m'],
		'4.ckpt_name': ['sd15.safetensors', 'sdxl.safetensors'],
	},
};

const everyValue: SimulatedWorkflow = {
	nodes: {
		'20': {
			class_type: 'EveryValue',
			inputs: {
				text: 'one line',
				multiline: 'first line\nsecond line',
				empty: '',
				whole: 3,
				// Beyond the integers that a JSON number keeps in JavaScript is what seeds like to be.
				seed: 669816362794144,
				fraction: 0.55,
				negative: -1,
				yes: true,
				no: false,
				nothing: null,
				// ComfyUI wraps a list, so that it is not taken for a link.
				list: { __value__: ['a', 'b'] },
				// A list that is no link, as older front ends save it.
				bareList: [1, 2, 3],
				object: { nested: { deep: 1 } },
				link: ['21', 0],
			},
			_meta: { title: 'Every value' },
		},
		// A node without a title.
		'21': { class_type: 'LoadImage', inputs: { image: 'example.png', upload: 'image' } },
		'22': {
			class_type: 'LoadAudio',
			inputs: { audio: 'example.mp3' },
			_meta: { title: 'Voice' },
		},
		// Current ComfyUI calls the input `file`, older nodes call it `video` (quirk 24).
		'23': { class_type: 'LoadVideo', inputs: { file: 'example.mp4' }, _meta: { title: 'Clip' } },
		'24': {
			class_type: 'VHS_LoadVideo',
			inputs: { video: 'example.mp4', force_rate: 0 },
			_meta: { title: 'Second clip' },
		},
		'25': {
			class_type: 'LoadImages',
			inputs: { upload: 'example' },
			_meta: { title: 'Pictures in a ZIP' },
		},
		// Two nodes of one title, as people have them.
		'26:1': {
			class_type: 'CLIPTextEncode',
			inputs: { text: 'inside a group' },
			_meta: { title: 'Prompt' },
		},
		'27': {
			class_type: 'CLIPTextEncode',
			inputs: { text: 'outside of it' },
			_meta: { title: 'Prompt' },
		},
		// No inputs at all.
		'28': { class_type: 'Note', inputs: {}, _meta: { title: 'Note' } },
		'29': {
			class_type: 'SaveVideo',
			inputs: { filename_prefix: 'video/ComfyUI', video: ['20', 0] },
			_meta: { title: 'Save' },
		},
	},
	makes: [{ type: 'mp4', nodeId: '29' }],
};

export const SAMPLE_WORKFLOWS: Record<string, SimulatedWorkflow> = {
	[SIMULATOR_WORKFLOW_ID]: textToImage,
	[SIMULATOR_WORKFLOW_EVERY_VALUE_ID]: everyValue,
	[SIMULATOR_WORKFLOW_PROTECTED_ID]: { ...textToImage, password: SIMULATOR_PASSWORD },
	[SIMULATOR_WORKFLOW_NEVER_RUN_ID]: { ...textToImage, neverRun: true },
	[SIMULATOR_WORKFLOW_PRIVATE_ID]: { ...textToImage, isPrivate: true },
};
