/** What a task makes. */
export type OutputKind = 'video' | 'image' | 'audio' | '3d' | 'text';

const PATTERNS: ReadonlyArray<readonly [RegExp, OutputKind]> = [
	[/video|vhs_|动画|视频|数字人/i, 'video'],
	[/audio|music|song|speech|voice|tts|音|配音/i, 'audio'],
	[/(?:^|[^a-z0-9])3d|hunyuan3d|glb|三维/i, '3d'],
	[/image|picture|photo|图/i, 'image'],
];

/**
 * What tasks make, guessed from a name: of a model that the catalogue does not know, of an app, or of the classes of a
 * workflow's nodes. In `image-to-video` the part after `-to-` counts.
 * @param fallback for a name that does not tell
 */
export function outputKindOf(name: string, fallback: OutputKind): OutputKind {
	const made = name.split(/-to-/).at(-1) ?? name;
	return PATTERNS.find(([pattern]) => pattern.test(made))?.[1] ?? fallback;
}

/** What a workflow makes, by the classes of the nodes that save its results. */
export function workflowOutputKind(inputs: ReadonlyArray<{ nodeClass: string }>): OutputKind {
	const classes = inputs.map(({ nodeClass }) => nodeClass);
	const saving = classes.filter((name) => /save|preview|combine/i.test(name));
	return outputKindOf(saving.join(' '), 'image');
}
