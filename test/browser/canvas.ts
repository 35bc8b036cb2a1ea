import type { Locator, Page } from 'playwright-core';
import { photograph } from './photograph';

type Box = NonNullable<Awaited<ReturnType<Locator['boundingBox']>>>;

/** Something in the window, and where, in pixels. */
interface Placed {
	what: string;
	box: Box;
}

/** n8n lays these over the workflow. */
const BUTTONS = [
	'[data-test-id="canvas-controls"]',
	'[class*="executionButtons"]',
	'[class*="nodeButtonsWrapper"]',
];

/** A picture of a workflow has no buttons, and this much around it: the sign of a trigger stands there. */
const ALONE = `${BUTTONS.join(', ')} { visibility: hidden }`;
const MARGIN = 40;

/** Runs in the browser: where each connection is, every few pixels. */
const CONNECTIONS = `[...document.querySelectorAll('[data-test-id="edge"]')].map((edge) => {
	const path = edge.querySelector('path');
	const { sourceNodeName, targetNodeName } = edge.dataset;
	const points = [];
	for (let at = 0; at < path.getTotalLength(); at += 8) {
		const { x, y } = path.getPointAtLength(at).matrixTransform(path.getScreenCTM());
		points.push({ x, y, width: 0, height: 0 });
	}
	return { what: 'connection "' + sourceNodeName + '" to "' + targetNodeName + '"', points };
})`;

interface Connection {
	what: string;
	points: Box[];
}

/** A workflow in the editor, as n8n has fitted it to the window. */
export class Canvas {
	private readonly nodes: Locator;
	private readonly names: Locator;
	private readonly notes: Locator;
	private readonly buttons: Locator;

	constructor(private readonly page: Page) {
		this.nodes = page.getByTestId('canvas-node');
		this.names = this.nodes.locator('[class*="_description_"]');
		this.notes = page.getByTestId('sticky');
		this.buttons = page.locator(BUTTONS.join(', '));
	}

	async untilFitted(): Promise<void> {
		await this.page.locator('[data-test-id="canvas"][class*="_ready_"]').waitFor();
	}

	/** What a user cannot read or see there, in words. */
	async flaws(): Promise<string[]> {
		const [nodes, names, notes, buttons] = await Promise.all([
			placed('node', this.nodes),
			placed('name', this.names),
			placed('note', this.notes),
			placed('button', this.buttons),
		]);
		const connections = await this.page.evaluate<Connection[]>(CONNECTIONS);
		mustHave('connection', connections);
		const fixed = [...notes, ...buttons];
		return [
			...(await this.cutNotes()),
			...pairs([...nodes, ...fixed]).flatMap(collision),
			// n8n has room for a name twice as wide as its node: those of neighbours may overlap. Some
			// stand within their node.
			...names.flatMap((name, own) =>
				[...nodes.filter((_, index) => index !== own), ...fixed].flatMap((other) =>
					collision([name, other]),
				),
			),
			...connections.flatMap(({ what, points }) =>
				[...nodes, ...notes]
					.filter(({ box }) => points.some((point) => overlap(point, box)))
					.map((covering) => `${what} runs behind ${covering.what}.`),
			),
		];
	}

	/** A picture of the workflow alone. */
	async photograph(path: string): Promise<void> {
		const all = [this.nodes, this.names, this.notes, this.page.getByTestId('canvas-handle-plus')];
		const elements = (await Promise.all(all.map((some) => some.all()))).flat();
		const canvas = await boxOf(this.page.getByTestId('canvas'));
		const clip = cropped(canvas, await Promise.all(elements.map(boxOf)));
		await photograph(this.page, { path, clip, style: ALONE });
	}

	/** The text of a note that is too low for it is cut off, and cannot be scrolled. */
	private async cutNotes(): Promise<string[]> {
		const all = await Promise.all((await this.notes.all()).map(cutOff));
		return all.flat();
	}
}

/** Less room below the text than n8n leaves above it: none is left for a slightly higher font. */
async function cutOff(note: Locator): Promise<string[]> {
	const box = await boxOf(note);
	const text = await boxOf(note.locator('> :first-child > div'));
	const above = text.y - box.y;
	const below = box.y + box.height - (text.y + text.height);
	return below < above ? [`A note has ${below} pixels below its text, ${above} above it.`] : [];
}

async function boxOf(element: Locator): Promise<Box> {
	const box = await element.boundingBox();
	if (!box) throw new Error(`${String(element)} is not to be seen.`);
	return box;
}

async function placed(kind: string, elements: Locator): Promise<Placed[]> {
	const all = await elements.all();
	mustHave(kind, all);
	return await Promise.all(
		all.map(async (element) => {
			const [text] = (await element.innerText()).split('\n');
			return { what: text ? `${kind} "${text}"` : kind, box: await boxOf(element) };
		}),
	);
}

/** Another n8n may call it something else: what is not found has no flaws. */
function mustHave(kind: string, all: unknown[]): void {
	if (all.length === 0) throw new Error(`There is no ${kind} on the canvas.`);
}

const pairs = <T>(all: T[]): Array<[T, T]> =>
	all.flatMap((one, index) => all.slice(index + 1).map((other): [T, T] => [one, other]));

const collision = ([one, other]: [Placed, Placed]): string[] =>
	overlap(one.box, other.box) ? [`${one.what} and ${other.what} overlap.`] : [];

const overlap = (a: Box, b: Box): boolean =>
	a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/** The part of the whole that has all of these boxes, with a margin where there is room for one. */
function cropped(whole: Box, boxes: Box[]): Box {
	const left = Math.min(...boxes.map(({ x }) => x)) - MARGIN;
	const top = Math.min(...boxes.map(({ y }) => y)) - MARGIN;
	const right = Math.max(...boxes.map(({ x, width }) => x + width)) + MARGIN;
	const bottom = Math.max(...boxes.map(({ y, height }) => y + height)) + MARGIN;
	const x = Math.max(left, whole.x);
	const y = Math.max(top, whole.y);
	const width = Math.min(right, whole.x + whole.width) - x;
	const height = Math.min(bottom, whole.y + whole.height) - y;
	return { x, y, width, height };
}
