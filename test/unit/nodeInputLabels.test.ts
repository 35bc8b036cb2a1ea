import { fieldLabels } from '../../nodes/RunningHub/comfy/nodeInputLabels';
import { appFrom } from '../../runninghub/api/app';
import { readWorkflow } from '../../runninghub/api/workflow';

type Node = [title: string, inputs: Record<string, unknown>];

const labelsOf = (...nodes: Node[]): string[] => {
	const workflow = Object.fromEntries(
		nodes.map(([title, inputs], index) => [
			String(index + 1),
			{ class_type: 'AnyNode', inputs, _meta: { title } },
		]),
	);
	return fieldLabels(readWorkflow(JSON.stringify(workflow))?.inputs ?? []);
};

it('names the node and its input', () => {
	expect(labelsOf(['Size', { width: 512, height: 512 }])).toEqual([
		'Size · width',
		'Size · height',
	]);
});

it('cuts a long title, so that the inputs of its node can be told apart', () => {
	expect(labelsOf(['WanVideo ImageToVideo Encode', { width: 832, height: 480 }])).toEqual([
		'WanVideo ImageToVid… · width',
		'WanVideo ImageToVi… · height',
	]);
});

it('keeps what tells two nodes of one long title apart', () => {
	const title = 'CLIP Text Encode (Prompt)';
	expect(labelsOf([title, { text: 'a fox' }], [title, { text: 'blurry' }])).toEqual([
		'CLIP Text Encode…(1) · text',
		'CLIP Text Encode…(2) · text',
	]);
});

it('cuts no title that would look like another one then', () => {
	const left = 'Picture of the background, left';
	const right = 'Picture of the background, right';
	expect(labelsOf([left, { image: 'a.png' }], [right, { image: 'b.png' }])).toEqual([
		`${left} · image`,
		`${right} · image`,
	]);
});

it('says that a seed may be left empty', () => {
	expect(labelsOf(['KSampler', { seed: 1 }])).toEqual(['KSampler · seed (or random)']);
});

describe('of an app', () => {
	const labelsOfApp = (...items: object[]) => {
		const nodeInfoList = items.map((item, index) => ({
			...{ nodeId: String(index + 1), nodeName: 'LoadImage', fieldName: 'image' },
			...item,
		}));
		const { parameters } = appFrom({ shape: 'coded', code: '0', text: '', data: { nodeInfoList } });
		return fieldLabels(parameters.map(({ input }) => input));
	};

	it('they are the words of its author, where it has any', () => {
		expect(labelsOfApp({ description: 'Your photo' }, {})).toEqual([
			'Your photo',
			'LoadImage.image',
		]);
	});

	it('they are told apart where the author has used a word twice', () => {
		expect(labelsOfApp({ description: 'photo' }, { description: 'photo' })).toEqual([
			'photo (1)',
			'photo (2)',
		]);
		expect(
			labelsOfApp({ description: 'photo' }, { description: 'photo', nodeName: 'LoadMask' }),
		).toEqual(['photo · LoadImage.image', 'photo · LoadMask.image']);
	});
});
