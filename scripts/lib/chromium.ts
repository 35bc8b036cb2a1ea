import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { debianPrograms } from './debianPackages';
import { findProgram, isExecutable } from './programs';
import { UserError } from './steps';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Where the installers of the other platforms put it. */
const PLACES: Partial<Record<NodeJS.Platform, string[]>> = {
	darwin: [
		'/Applications/Chromium.app/Contents/MacOS/Chromium',
		'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
	],
	win32: ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA']
		.flatMap((name) => process.env[name] ?? [])
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
 * @returns its path; without one see NO_CHROMIUM
 */
export function findChromium(): string | undefined {
	const chosen = process.env.CHROMIUM_PATH?.trim();
	if (chosen) {
		if (isExecutable(chosen)) return chosen;
		throw new UserError(`CHROMIUM_PATH is "${chosen}", but no program is there.`);
	}
	const onPath = NAMES.flatMap((name) => findProgram(name) ?? []);
	const [found] = [...onPath, ...(PLACES[process.platform] ?? []).filter(isExecutable)];
	if (found !== undefined || !isRootOnDebian()) return found;
	return debianPrograms([{ program: 'chromium', debianPackage: 'chromium' }])[0];
}

/** Ubuntu's package of that name is a stub for its own store. */
function isRootOnDebian(): boolean {
	if (process.getuid?.() !== 0) return false;
	try {
		return /^ID="?debian"?$/m.test(readFileSync('/etc/os-release', 'utf8'));
	} catch {
		return false;
	}
}
