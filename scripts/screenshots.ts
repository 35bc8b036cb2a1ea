/** Makes the pictures of the docs again: `npm run screenshots`, in the real editor of a real n8n. */
import { mkdir, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { MappedForm } from '../test/browser/mappedForm';
import {
	startEditorSession,
	stopEditorSession,
	type EditorSession,
} from '../test/browser/editorSession';
import { SIMULATOR_APP_ID } from '../test/simulator/samples/apps';
import { SIMULATOR_WORKFLOW_ID } from '../test/simulator/samples/workflows';
import { onInterruption } from './lib/interruption';
import { buildProject } from './lib/package';
import { projectFolder } from './lib/project';
import { main, step } from './lib/steps';

const WINDOW = { width: 1440, height: 900 };
/** High enough for all fields of a form. */
const HIGH_WINDOW = { width: 1440, height: 2000 };

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

const PAGES = 'https://www.runninghub.ai';
const WORKFLOW = { __rl: true, mode: 'url', value: `${PAGES}/workflow/${SIMULATOR_WORKFLOW_ID}` };

const picture = (name: string) => join(projectFolder, 'docs', 'images', `${name}.png`);

void main(async () => {
	onInterruption(stopEditorSession, () => 130);
	try {
		await buildProject();
		await mkdir(join(projectFolder, 'docs', 'images', 'examples'), { recursive: true });
		const session = await step(
			'Starting n8n and its editor (about 20 seconds)',
			startEditorSession,
		);
		await step('Taking the pictures', () => takePictures(session));
	} finally {
		await stopEditorSession();
	}
});

async function takePictures(session: EditorSession): Promise<void> {
	await pictureVidu(session);
	await pictureModel(session);
	await pictureWorkflow(session);
	await pictureApp(session);
	await pictureExamples(session);

	await session.editor.page.setViewportSize(WINDOW);
	const panel = await session.openNode();
	const credential = await panel.newCredential();
	await credential.form.fill('apiKey', '0123456789abcdef0123456789abcdef');
	await credential.photograph(picture('credential'));
}

async function pictureExamples({ editor, openExample }: EditorSession): Promise<void> {
	await editor.page.setViewportSize(WINDOW);
	for (const file of await readdir(join(projectFolder, 'examples'))) {
		const name = basename(file, '.json');
		await openExample(name);
		await editor.canvas.photograph(picture(join('examples', name)));
	}
}

async function pictureVidu({ editor, openNode }: EditorSession): Promise<void> {
	const example = await openNode(
		{
			...VIDU,
			mode: 'imageToVideo',
			prompt: '={{ $json.prompt }}',
			imageUrl: '={{ $json.image }}',
			resolution: '540p',
			duration: '1',
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

	await editor.page.setViewportSize(HIGH_WINDOW);
	for (const [name, parameters] of Object.entries(MODES)) {
		const panel = await openNode({ ...VIDU, ...parameters });
		await panel.photographForm(picture(`vidu-${name}`));
	}
}

async function pictureModel({ editor, openNode }: EditorSession): Promise<void> {
	await editor.page.setViewportSize(HIGH_WINDOW);
	const panel = await openNode({ resource: 'model', operation: 'submitAndWait' });
	const model = new MappedForm(editor.page, 'model');
	await model.lookFor('kling');
	await panel.photographForm(picture('model-search'), model.list);
	await model.choose('kling v3.0 pro image', 'Kling v3.0 Pro · Image to Video');
	await model.fields.choose('duration', '10');
	await model.fields.fill('prompt', PROMPT);
	await model.fields.fill('firstImageUrl', FOX);
	await panel.photographForm(picture('model'));
}

async function pictureWorkflow({ editor, openNode }: EditorSession): Promise<void> {
	await editor.page.setViewportSize(HIGH_WINDOW);
	const panel = await openNode({
		resource: 'comfyWorkflow',
		operation: 'submitAndWait',
		workflowId: WORKFLOW,
	});
	const workflow = new MappedForm(editor.page, 'workflowId');
	await workflow.untilDrawn('6.text');
	await workflow.fields.fill('6.text', 'A fox in the snow, soft morning light');
	await panel.photographForm(picture('comfy-workflow'));
}

async function pictureApp({ editor, openNode }: EditorSession): Promise<void> {
	await editor.page.setViewportSize(WINDOW);
	const panel = await openNode({
		resource: 'aiApp',
		operation: 'submitAndWait',
		webappId: { __rl: true, mode: 'id', value: SIMULATOR_APP_ID },
		downloadResults: true,
	});
	const app = new MappedForm(editor.page, 'webappId');
	await app.untilDrawn('52.prompt');
	await app.fields.fill('52.prompt', 'A poster of a fox in the snow');
	await panel.execute();
	await panel.closeNotes();
	await panel.viewFile();
	await editor.photograph(picture('ai-app'));
}
