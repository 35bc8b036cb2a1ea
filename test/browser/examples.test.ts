import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { projectFolder } from '../../scripts/lib/project';
import { START_TIMEOUT } from '../e2e/support/host';
import {
	example,
	startEditorSession,
	stopEditorSession,
	type EditorSession,
} from './editorSession';

const FILES = readdirSync(join(projectFolder, 'examples'));

/** Of n8n's canvas, in pixels. It moves a node that stands beside it. */
const GRID = 16;

jest.setTimeout(120_000);

let session: EditorSession;

beforeAll(async () => {
	session = await startEditorSession();
}, START_TIMEOUT);

afterAll(stopEditorSession, 60_000);

it.each(FILES)('%s can be read and seen as it is opened, at 1440 × 900', async (file) => {
	const { editor, openExample } = session;
	await openExample(basename(file, '.json'));
	expect(await editor.canvas.flaws()).toEqual([]);
});

it.each(FILES)('%s stands on the grid, with even distances', async (file) => {
	const { nodes } = await example(basename(file, '.json'));
	const beside = nodes.filter(({ position }) => position?.some((pixels) => pixels % GRID !== 0));
	expect(beside.map(({ name }) => name)).toEqual([]);
});
