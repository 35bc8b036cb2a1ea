import {
	isEditorFormat,
	readWorkflow,
	withValues,
	workflowFrom,
} from '../../runninghub/api/workflow';
import { readsFile } from '../../runninghub/inputs/workflowMedia';

const TEXT = JSON.stringify({
	'3': {
		class_type: 'KSampler',
		inputs: { seed: 1, on: true, model: ['4', 0], extra: { __value__: [1] }, nothing: null },
		_meta: { title: 'Sampler' },
	},
	'6': { class_type: 'CLIPTextEncode', inputs: { text: 'a fox' } },
	'7': { class_type: 'CLIPTextEncode', inputs: { text: 'blurry' }, _meta: { title: '' } },
	'9': { class_type: 'Note' },
}).replace('"seed":1,', '"seed":18446744073709551615,');

const workflow = (text = TEXT) => {
	const read = readWorkflow(text);
	if (read === undefined) throw new Error('no workflow');
	return read;
};

it('the inputs of a workflow have a kind, a value and a name of their own', () => {
	const shown = workflow().inputs.map(({ nodeId, fieldName, label, kind, saved }) => [
		`${nodeId}.${fieldName}`,
		label,
		kind,
		saved,
	]);
	expect(shown).toEqual([
		['3.seed', 'Sampler · seed', 'number', '18446744073709551615'],
		['3.on', 'Sampler · on', 'boolean', 'true'],
		['3.model', 'Sampler · model', 'link', '["4",0]'],
		['3.extra', 'Sampler · extra', 'json', '{"__value__":[1]}'],
		['3.nothing', 'Sampler · nothing', 'text', null],
		['6.text', 'CLIPTextEncode (6) · text', 'text', 'a fox'],
		['7.text', 'CLIPTextEncode (7) · text', 'text', 'blurry'],
	]);
});

it('values that are set in a workflow have its own types, and all else stays as it was', () => {
	const values = new Map([
		['3.on', 'false'],
		['6.text', '5'],
	]);
	expect(withValues(workflow(), values)).toBe(
		TEXT.replace('"on":true', '"on":false').replace('a fox', '5'),
	);
	expect(withValues(workflow(), new Map([['3.seed', '12345678901234567890']]))).toBe(
		TEXT.replace('18446744073709551615', '12345678901234567890'),
	);
});

it.each(['', 'no JSON', '[]', '{"6": {"inputs": {}}}', '{"6": 5}', 'null'])(
	'%p is no workflow',
	(text) => {
		expect(readWorkflow(text)).toBeUndefined();
	},
);

it('the format of the editor is told apart', () => {
	expect(isEditorFormat('{"nodes": [{"id": 6}], "links": []}')).toBe(true);
	expect(isEditorFormat(TEXT)).toBe(false);
});

it.each([{ prompt: 'no JSON' }, { prompt: null }, null])(
	'an answer with %p is an error',
	(data) => {
		const envelope = { shape: 'coded' as const, code: '0', text: '', data };
		expect(() => workflowFrom(envelope)).toThrow('could not be read');
	},
);

describe('an input that takes a file', () => {
	it.each([
		['LoadImage', 'image', 'example.png'],
		['LoadImageMask', 'image', 'example.png'],
		['LoadAudio', 'audio', 'a.mp3'],
		['VHS_LoadAudioUpload', 'audio', 'a.mp3'],
		['LoadVideo', 'file', 'a.mp4'],
		['LoadVideo', 'video', 'a.mp4'],
		['VHS_LoadVideo', 'video', 'a.mp4'],
		['LoadImages', 'upload', 'archive'],
		['Load3D', 'picture', 'clipspace/a.png [input]'],
	])('%s: %s', (nodeClass, fieldName, saved) => {
		expect(readsFile(nodeClass, fieldName, saved)).toBe(true);
	});

	it.each([
		['LoadImage', 'upload', 'image'],
		['LoadImageFromUrl', 'image', 'https://a.example/b.png'],
		['VHS_LoadVideoPath', 'video', 'https://a.example/b.mp4'],
		['CheckpointLoaderSimple', 'ckpt_name', 'sd15.safetensors'],
		['SaveImage', 'image', 'a.png'],
		['CLIPTextEncode', 'text', 'draw example.png'],
	])('is not %s: %s', (nodeClass, fieldName, saved) => {
		expect(readsFile(nodeClass, fieldName, saved)).toBe(false);
	});
});
