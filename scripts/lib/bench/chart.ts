/** A line chart as SVG, on a card of its own: so it can be read on a light and on a dark page. */

export interface Chart {
	title: string;
	/** A sentence below the title. */
	subtitle: string;
	x: Axis;
	y: Axis;
	lines: Line[];
}

export interface Axis {
	label: string;
	scale: 'linear' | 'log';
}

export interface Line {
	name: string;
	/** The one that the chart is about is drawn stronger. */
	own: boolean;
	points: Array<[x: number, y: number]>;
}

const WIDTH = 760;
const HEIGHT = 420;
/** The room around the plot; on the right are the names of the lines. */
const PLOT = { left: 72, right: WIDTH - 216, top: 84, bottom: HEIGHT - 60 };
const NAME_HEIGHT = 18;

const INK = '#1f2328';
const FAINT = '#59636e';
const GRID = '#e4e8ec';
/** Told apart by those who see no red or green as well. */
const OWN_COLOURS = ['#0b62c4', '#0a9396'];
const OTHER_COLOURS = ['#c2410c', '#8a5a00', '#6b7280'];

interface Scale {
	at(value: number): number;
	ticks: number[];
}

export function svgOf({ title, subtitle, x, y, lines }: Chart): string {
	const points = lines.flatMap((line) => line.points);
	const across = scaleOf(
		x,
		points.map(([value]) => value),
		PLOT.left,
		PLOT.right,
	);
	const upwards = scaleOf(
		y,
		points.map(([, value]) => value),
		PLOT.bottom,
		PLOT.top,
	);
	const drawn = coloured(lines).map((line) => ({
		...line,
		path: line.points.map(([px, py]) => [across.at(px), upwards.at(py)] as const),
	}));
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" font-family="system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif" font-size="13">`,
		`<title>${escaped(title)}</title>`,
		`<rect x="0.5" y="0.5" width="${WIDTH - 1}" height="${HEIGHT - 1}" rx="8" fill="#ffffff" stroke="#d0d7de"/>`,
		text(24, 34, title, `fill="${INK}" font-size="17" font-weight="600"`),
		text(24, 56, subtitle, `fill="${FAINT}"`),
		...across.ticks.flatMap((tick) => [
			line(across.at(tick), PLOT.top, across.at(tick), PLOT.bottom, GRID),
			text(across.at(tick), PLOT.bottom + 20, number(tick), `fill="${FAINT}" text-anchor="middle"`),
		]),
		...upwards.ticks.flatMap((tick) => [
			line(PLOT.left, upwards.at(tick), PLOT.right, upwards.at(tick), GRID),
			text(PLOT.left - 8, upwards.at(tick) + 4, number(tick), `fill="${FAINT}" text-anchor="end"`),
		]),
		text(
			(PLOT.left + PLOT.right) / 2,
			PLOT.bottom + 44,
			x.label,
			`fill="${INK}" text-anchor="middle"`,
		),
		`<text transform="translate(22 ${(PLOT.top + PLOT.bottom) / 2}) rotate(-90)" fill="${INK}" text-anchor="middle">${escaped(y.label)}</text>`,
		...drawn.flatMap(({ path, colour, own }) => [
			`<polyline points="${path.map(([px, py]) => `${px},${py}`).join(' ')}" fill="none" stroke="${colour}" stroke-width="${own ? 3 : 2}" stroke-linejoin="round"/>`,
			...path.map(
				([px, py]) => `<circle cx="${px}" cy="${py}" r="${own ? 4 : 3}" fill="${colour}"/>`,
			),
		]),
		...named(drawn),
		'</svg>',
		'',
	].join('\n');
}

function coloured(lines: readonly Line[]): Array<Line & { colour: string }> {
	const colours = { own: [...OWN_COLOURS], other: [...OTHER_COLOURS] };
	return lines.map((line) => ({
		...line,
		colour: (line.own ? colours.own : colours.other).shift() ?? FAINT,
	}));
}

/** Each name at the end of its line, moved down where it would cover the one above. */
function named(
	lines: ReadonlyArray<{
		name: string;
		own: boolean;
		colour: string;
		path: ReadonlyArray<readonly [number, number]>;
	}>,
): string[] {
	const sorted = lines
		.flatMap(({ path, ...line }) => {
			const [px, py] = path.at(-1) ?? [];
			return px === undefined || py === undefined ? [] : [{ ...line, px, py }];
		})
		.sort((a, b) => a.py - b.py);
	let free = -Infinity;
	return sorted.map(({ name, own, colour, px, py }) => {
		const at = Math.max(py + 4, free);
		free = at + NAME_HEIGHT;
		return text(px + 10, at, name, `fill="${colour}" font-weight="${own ? 600 : 400}"`);
	});
}

function scaleOf({ scale }: Axis, values: number[], from: number, to: number): Scale {
	const place = (part: number) => Math.round((from + (to - from) * part) * 10) / 10;
	if (scale === 'log') {
		const [low, high] = [
			Math.floor(Math.log10(Math.min(...values))),
			Math.ceil(Math.log10(Math.max(...values))),
		];
		return {
			at: (value) => place((Math.log10(value) - low) / (high - low)),
			ticks: Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index)),
		};
	}
	const step = niceStep(Math.max(...values) / 5);
	const steps = Math.ceil(Math.max(...values) / step);
	return {
		at: (value) => place(value / (step * steps)),
		ticks: Array.from({ length: steps + 1 }, (_, index) => index * step),
	};
}

/** The next of 1, 2, 5, 10, 20, 50, … */
function niceStep(least: number): number {
	const power = 10 ** Math.floor(Math.log10(least));
	return power * ([1, 2, 5].find((factor) => factor * power >= least) ?? 10);
}

const number = (value: number) => value.toLocaleString('en');

const line = (x1: number, y1: number, x2: number, y2: number, colour: string) =>
	`<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${colour}"/>`;

const text = (x: number, y: number, content: string, attributes: string) =>
	`<text x="${x}" y="${y}" ${attributes}>${escaped(content)}</text>`;

const escaped = (content: string) =>
	content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
