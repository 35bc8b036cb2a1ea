/** `auto` → `Auto`; `16:9`, `720p` and numbers stay; `2k` → `2K`. */
export function optionName(value: string): string {
	if (value === '2k') return '2K';
	return value.charAt(0).toUpperCase() + value.slice(1);
}
