/** Makes the pictures of the docs again: `npm run screenshots`, in the real editor of a real n8n. */
import './lib/node20.mjs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startWorkbench, stopWorkbench } from '../test/browser/workbench.ts';
import { onInterruption } from './lib/interruption.mjs';
import { buildProject, projectFolder } from './lib/project.mjs';
import { main, step } from './lib/steps.mjs';

const FOX = 'https://example.com/fox.jpg';
const PROMPT = 'The fox turns its head and looks into the camera, soft morning light';
const VIDU = { resource: 'vidu', operation: 'submitAndWait', prompt: PROMPT };

const MODES = {
	'reference-to-video': {
		mode: 'referenceToVideo',
		model: 'vidu/reference-to-video-q2-pro',
		imageUrls: `${FOX}, https://example.com/forest.jpg`,
	},
	'start-end-to-video': {
		mode: 'startEndToVideo',
		model: 'vidu/start-end-to-video-q2-turbo',
		firstImageUrl: FOX,
		lastImageUrl: 'https://example.com/fox-asleep.jpg',
	},
	'text-to-video': { mode: 'textToVideo', model: 'vidu/text-to-video-q3-pro' },
};

/** @param {string} name */
const picture = (name) => join(projectFolder, 'docs', 'images', `${name}.png`);

await main(async () => {
	onInterruption(stopWorkbench, () => 130);
	try {
		await buildProject();
		await mkdir(join(projectFolder, 'docs', 'images'), { recursive: true });
		const bench = await step('Starting n8n and its editor (about 20 seconds)', startWorkbench);
		await step('Taking the pictures', () => takePictures(bench));
	} finally {
		await stopWorkbench();
	}
});

/** @param {import('../test/browser/workbench.ts').Workbench} bench */
async function takePictures({ editor, openNode }) {
	const example = await openNode(
		{
			...VIDU,
			mode: 'imageToVideo',
			prompt: '={{ $json.prompt }}',
			imageUrl: '={{ $json.image }}',
		},
		{ prompt: PROMPT, image: FOX },
	);
	await example.execute();
	await example.showOutputAs('json');
	await example.closeNotes();
	await editor.photograph(picture('vidu-image-to-video'));

	const wrong = await openNode({ ...VIDU, mode: 'imageToVideo', imageUrl: 'fox.jpg' });
	await wrong.execute();
	await wrong.closeNotes();
	await editor.photograph(picture('wrong-value'));

	// High enough for all fields of a form.
	await editor.page.setViewportSize({ width: 1440, height: 1500 });
	for (const [name, parameters] of Object.entries(MODES)) {
		const panel = await openNode({ ...VIDU, ...parameters });
		await panel.photographForm(picture(`vidu-${name}`));
	}

	await editor.page.setViewportSize({ width: 1440, height: 900 });
	const panel = await openNode();
	const credential = await panel.newCredential();
	await credential.form.fill('apiKey', '0123456789abcdef0123456789abcdef');
	await credential.photograph(picture('credential'));
}
