/**
 * The pages on which people share files look like addresses of files, and give whoever fetches them a page. Each has a
 * sentence about the address that gives the file.
 */
const PAGES: ReadonlyArray<(url: URL) => string | undefined> = [googleDrive, dropbox, gitHub];

/**
 * @param url an address that was given for a file
 * @returns what to give instead, as the end of a sentence; undefined for what is no such page
 */
export function directForm(url: string): string | undefined {
	const parsed = new URL(url);
	for (const page of PAGES) {
		const direct = page(parsed);
		if (direct !== undefined) return direct;
	}
	return undefined;
}

const SHARED = 'and share the file with anyone who has the link';

function googleDrive({ hostname, pathname, searchParams }: URL): string | undefined {
	if (hostname !== 'drive.google.com') return undefined;
	const inPath = /^\/file\/(?:u\/\d+\/)?d\/([\w-]{1,100})/.exec(pathname)?.[1];
	const id = inPath ?? (pathname === '/open' ? searchParams.get('id') : null);
	if (id !== null) {
		return `the page of a file on Google Drive: give https://drive.google.com/uc?export=download&id=${id}, ${SHARED}`;
	}
	return pathname.startsWith('/drive/')
		? 'a folder of Google Drive: give the address of a file in it, such as https://drive.google.com/uc?export=download&id=…'
		: undefined;
}

function dropbox({ hostname, pathname, searchParams }: URL): string | undefined {
	if (!/^(?:www\.)?dropbox\.com$/.test(hostname)) return undefined;
	if (!/^\/(?:s|sh|scl)\//.test(pathname)) return undefined;
	if (searchParams.get('dl') === '1' || searchParams.get('raw') === '1') return undefined;
	return searchParams.has('dl')
		? 'the page of a file on Dropbox: give it with dl=1 in place of dl=0'
		: 'the page of a file on Dropbox: give it with dl=1 at its end';
}

function gitHub({ hostname, pathname, searchParams }: URL): string | undefined {
	if (hostname !== 'github.com' || searchParams.get('raw') === 'true') return undefined;
	const [, repository, file] = /^(\/[^/]+\/[^/]+)\/blob(\/.{1,300})$/.exec(pathname) ?? [];
	return repository === undefined
		? undefined
		: `the page of a file on GitHub: give https://raw.githubusercontent.com${repository}${file}`;
}
