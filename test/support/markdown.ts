/** What a page in Markdown consists of, as far as two pages can be held against each other. */
export interface Page {
	headings: Array<{ level: number; text: string }>;
	/** The cells of each row, the heads first, without the line below them. */
	tables: string[][][];
	codeBlocks: Array<{ language: string; text: string }>;
	/** Pictures too; in the order in which they come. */
	links: string[];
}

const FENCE = /^\s*```(\w*)\s*$/;
const HEADING = /^(#{1,6}) +(.*?)\s*$/;
const TABLE_ROW = /^\|.*\|\s*$/;
const BELOW_HEADS = /^\|(?:\s*:?-+:?\s*\|)+\s*$/;
const LINK = /!?\[[^\]]*\]\(([^)\s]+)\)/g;

export function readPage(markdown: string): Page {
	const page: Page = { headings: [], tables: [], codeBlocks: [], links: [] };
	let code: { language: string; lines: string[] } | undefined;
	let inTable = false;
	for (const line of markdown.split('\n')) {
		const fence = FENCE.exec(line);
		if (code !== undefined) {
			if (fence === null) code.lines.push(line);
			else {
				page.codeBlocks.push({ language: code.language, text: code.lines.join('\n') });
				code = undefined;
			}
			continue;
		}
		if (fence !== null) code = { language: fence[1] ?? '', lines: [] };
		const heading = HEADING.exec(line);
		if (heading !== null) {
			page.headings.push({ level: heading[1]?.length ?? 0, text: heading[2] ?? '' });
		}
		if (TABLE_ROW.test(line) && !inTable) page.tables.push([]);
		inTable = TABLE_ROW.test(line);
		if (inTable && !BELOW_HEADS.test(line)) page.tables.at(-1)?.push(cellsOf(line));
		for (const [, target = ''] of withoutCode(line).matchAll(LINK)) page.links.push(target);
	}
	return page;
}

function cellsOf(row: string): string[] {
	return row
		.trim()
		.slice(1, -1)
		.split(/(?<!\\)\|/)
		.map((cell) => cell.trim());
}

function withoutCode(line: string): string {
	return line.replace(/`[^`]*`(?!\])/g, '');
}

/** The texts in backticks, in their order. */
export function inlineCode(text: string): string[] {
	return [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}

/** The anchors of a page's headings, as GitHub makes them. */
export function anchorsOf({ headings }: Page): string[] {
	const seen = new Map<string, number>();
	return headings.map(({ text }) => {
		const slug = text
			.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
			.toLowerCase()
			.replace(/[^\p{L}\p{N}\p{M} _-]/gu, '')
			.replaceAll(' ', '-');
		const times = seen.get(slug) ?? 0;
		seen.set(slug, times + 1);
		return times === 0 ? slug : `${slug}-${times}`;
	});
}
