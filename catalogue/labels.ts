/** The name of a parameter in the form and in messages. */
const LABELS: Readonly<Record<string, string>> = {
	aspectRatio: 'Aspect Ratio',
	audio: 'Audio',
	bgm: 'Background Music',
	duration: 'Duration (Seconds)',
	firstImageUrl: 'First Image',
	imageUrl: 'Image',
	imageUrls: 'Reference Images',
	lastImageUrl: 'Last Image',
	movementAmplitude: 'Movement Amplitude',
	prompt: 'Prompt',
	resolution: 'Resolution',
	style: 'Style',
	videos: 'Reference Videos',
};

export function labelOf(key: string): string {
	return LABELS[key] ?? key;
}
