import { extensionInName, isMedia, mimeTypeOf } from '../base/mimeTypes';

/** Names of inputs under which loading nodes take their file. */
const FILE_FIELD = /^(?:image|images|mask|audio|video|file)$/i;
/** Nodes that load by address or from a folder: what they take is no uploaded file. */
const LOADS_BY_ADDRESS = /url|path|http|base64|folder|directory/i;

/**
 * Does this input take the name of a file that was uploaded (reference section 9.3)? Only the class, the name and
 * the saved value can tell: the JSON of a workflow has no types.
 */
export function readsFile(nodeClass: string, fieldName: string, saved: unknown): boolean {
	if (!/load/i.test(nodeClass) || LOADS_BY_ADDRESS.test(nodeClass)) return false;
	// It takes an archive of pictures. In LoadImage an input of this name is only a button of ComfyUI.
	if (nodeClass === 'LoadImages') return fieldName === 'upload';
	return FILE_FIELD.test(fieldName) || (typeof saved === 'string' && isMediaFile(saved));
}

/** `clip.mp4`, or with the folder that ComfyUI writes behind a name: `clip.mp4 [input]`. */
function isMediaFile(name: string): boolean {
	const extension = extensionInName(name.replace(/ \[\w+\]$/, '')) ?? null;
	return extension === 'zip' || isMedia(mimeTypeOf(extension) ?? '');
}
