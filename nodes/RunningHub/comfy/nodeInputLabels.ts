import { occursOnce } from '../../../runninghub/base/text';
import { isSeed, type NodeInput } from '../../../runninghub/inputs/nodeInfo';

/** Characters of a label that n8n shows unless the panel is widened. It has no tooltip with the rest. */
const MAX_LABEL_LENGTH = 28;
const MIN_TITLE_LENGTH = 8;

/** What the fields of a form are called: short, and no two alike. */
export function fieldLabels(inputs: readonly NodeInput[]): string[] {
	const short = inputs.map((input) => `${shortLabel(input)}${noteOn(input)}`);
	return short.map((label, index) => {
		const input = inputs[index];
		return occursOnce(short, label) || input === undefined
			? label
			: `${input.label}${noteOn(input)}`;
	});
}

function noteOn(input: NodeInput): string {
	return isSeed(input) ? ' (or random)' : '';
}

function shortLabel(input: NodeInput): string {
	const { label, nodeId, nodeClass, fieldName } = input;
	// The app's author has said what it is.
	const place = ` · ${nodeClass}.${fieldName}`;
	if (label.includes(place)) return label.replace(place, '');

	const name = ` · ${fieldName}`;
	if (!label.endsWith(name)) return label;
	// The inputs of a node are told apart by their names, so it is its title that is cut.
	const room = Math.max(MAX_LABEL_LENGTH - name.length - noteOn(input).length, MIN_TITLE_LENGTH);
	return `${cut(label.slice(0, -name.length), room, ` (${nodeId})`)}${name}`;
}

/** @param id stays whole: it tells nodes of one title apart */
function cut(title: string, room: number, id: string): string {
	if (title.length <= room) return title;
	const kept = title.endsWith(id) ? id.trimStart() : '';
	return `${title.slice(0, Math.max(room - kept.length - 1, 1)).trimEnd()}…${kept}`;
}
