import { access, constants, readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { logFileFor } from './cache.mjs';
import { run } from './commands.mjs';
import { step, UserError } from './steps.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Where the installers of the other platforms put it. */
const PLACES = {
	darwin: [
		'/Applications/Chromium.app/Contents/MacOS/Chromium',
		'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
	],
	win32: ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA']
		.map((name) => process.env[name])
		.filter((folder) => folder !== undefined)
		.map((folder) => join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe')),
};

/** Said once to whoever wants the browser tests, where there is none and none can be installed. */
export const NO_CHROMIUM =
	'No Chromium or Chrome was found: install one, or give its path in CHROMIUM_PATH.';

/** For a machine of its own, maybe without a graphics card or a way out, and as root. */
export const CHROMIUM_FLAGS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

/**
 * The browser for the tests and the screenshots. Where there is none, Debian's is installed if that
 * needs nobody's password.
 *
 * @returns {Promise<string | undefined>} its path; without one see NO_CHROMIUM
 */
export async function findChromium() {
	const chosen = process.env.CHROMIUM_PATH?.trim();
	if (chosen) {
		if (await isExecutable(chosen)) return chosen;
		throw new UserError(`CHROMIUM_PATH is "${chosen}", but no program is there.`);
	}
	return (await installed()) ?? ((await installOnDebian()) ? await installed() : undefined);
}

async function installed() {
	const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
	const onPath = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
	const candidates = [...onPath, ...(PLACES[/** @type {keyof PLACES} */ (process.platform)] ?? [])];
	for (const candidate of candidates) if (await isExecutable(candidate)) return candidate;
	return undefined;
}

/** @returns {Promise<boolean>} whether it was possible */
async function installOnDebian() {
	if (process.getuid?.() !== 0) return false;
	const system = await readFile('/etc/os-release', 'utf8').catch(() => '');
	// Ubuntu's package of that name is a stub for its own store.
	if (!/^ID="?debian"?$/m.test(system)) return false;

	await step('Installing Chromium from Debian for the browser tests (about a minute)', async () => {
		const options = {
			cwd: '/',
			env: { DEBIAN_FRONTEND: 'noninteractive' },
			logFile: logFileFor('install-chromium'),
			failure: 'Chromium could not be installed',
		};
		await run('apt-get', ['update'], options);
		await run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], options);
	});
	return true;
}

/** @param {string} file */
async function isExecutable(file) {
	return await access(file, constants.X_OK).then(
		() => true,
		() => false,
	);
}
