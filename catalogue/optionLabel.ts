/** What models call languages. */
const LANGUAGES: Readonly<Record<string, string>> = {
	ar: 'Arabic',
	de: 'German',
	en: 'English',
	'es-mx': 'Spanish (Mexico)',
	es: 'Spanish',
	fil: 'Filipino',
	fr: 'French',
	id: 'Indonesian',
	ja: 'Japanese',
	ko: 'Korean',
	ms: 'Malay',
	'pt-br': 'Portuguese (Brazil)',
	pt: 'Portuguese',
	ru: 'Russian',
	th: 'Thai',
	vi: 'Vietnamese',
	'zh-cn': 'Chinese',
	zh: 'Chinese',
};

/** An option of a list as people read it: `auto` → `Auto`, `zh` → `Chinese`; numbers, sizes and ids stay. */
export function optionLabel(key: string, value: string): string {
	const language =
		/lang/i.test(key) && Object.hasOwn(LANGUAGES, value) ? LANGUAGES[value] : undefined;
	if (language !== undefined) return language;
	if (/^\dk$/.test(value)) return value.toUpperCase();
	// The ids of templates.
	if (/^[\da-f]{32}$/.test(value)) return value;
	return value.charAt(0).toUpperCase() + value.slice(1);
}
