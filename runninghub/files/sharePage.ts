/**
 * Share pages: their addresses look like those of files, but lead to a web page. Each has a
 * sentence about the address that gives the file, or about another way to it where there is none.
 */
const PAGES: ReadonlyArray<(url: URL) => string | undefined> = [
	googleDrive,
	dropbox,
	gitHub,
	pageWithoutAddress,
];

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

interface SharingService {
	name: string;
	isPage(url: URL): boolean;
	/** The node of n8n that gets its files; undefined where n8n has none. */
	node?: string;
}

/** No address of the file itself can be made from the address of these pages. */
const SERVICES: readonly SharingService[] = [
	{
		name: 'OneDrive',
		node: 'Microsoft OneDrive',
		isPage: ({ hostname }) => hostname === '1drv.ms',
	},
	{
		name: 'SharePoint',
		node: 'Microsoft SharePoint',
		// `/:i:/s/…` for a picture, `/:v:/g/…` for a clip; with download=1 it is the file.
		isPage: ({ hostname, pathname, searchParams }) =>
			hostname.endsWith('.sharepoint.com') &&
			/^\/:\w:\//.test(pathname) &&
			searchParams.get('download') !== '1',
	},
	{
		name: 'Google Docs',
		node: 'Google Drive',
		// What ends with export or pub is a file.
		isPage: ({ hostname, pathname }) =>
			hostname === 'docs.google.com' &&
			/\/d\/[\w-]{1,100}(?:\/(?:edit|view|preview)?)?$/.test(pathname),
	},
	{
		name: 'Google Photos',
		isPage: ({ hostname }) => ['photos.app.goo.gl', 'photos.google.com'].includes(hostname),
	},
	{
		name: 'iCloud',
		isPage: ({ hostname }) => /^(?:(?:www|share)\.)?icloud\.com$/.test(hostname),
	},
	{
		name: 'WeTransfer',
		isPage: ({ hostname, pathname }) =>
			hostname === 'we.tl' || (hostname === 'wetransfer.com' && pathname.startsWith('/downloads/')),
	},
	{
		name: 'Baidu Netdisk',
		isPage: ({ hostname, pathname }) =>
			hostname === 'pan.baidu.com' && /^\/(?:s|share)\//.test(pathname),
	},
];

function pageWithoutAddress(url: URL): string | undefined {
	const service = SERVICES.find(({ isPage }) => isPage(url));
	if (service === undefined) return undefined;
	const { name, node } = service;
	return node === undefined
		? `a share page of ${name}, not a file: put the file where an address leads to the file itself, or into a binary field, and give that`
		: `a share page of ${name}, not a file: get the file with n8n’s ${node} node, and give the name of its binary field`;
}
