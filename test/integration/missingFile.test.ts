import { BinaryDataService } from 'n8n-core';
import { CONTINUE, IMAGE, inLab, PNG, submitAndWait } from './support';

afterEach(() => jest.restoreAllMocks());

it('a stored file that is gone is the error of its item, and the others get their results', async () => {
	const gone = async () => {
		throw Object.assign(new Error('ENOENT: no such file'), { code: 'ENOENT' });
	};
	jest.spyOn(BinaryDataService.prototype, 'getAsStream').mockImplementation(gone);
	await inLab(async (lab) => {
		const photo = { data: PNG.split(',')[1] ?? '', mimeType: 'application/octet-stream' };
		const run = await lab.run(submitAndWait({ imageUrl: '={{ $json.image }}' }), {
			items: [{ json: { image: IMAGE } }, { json: { image: 'photo' }, binary: { photo } }],
			...CONTINUE,
		});
		const [fine, failed] = run.items.map(({ json }) => json);
		expect(fine).toMatchObject({ status: 'SUCCESS', taskId: lab.simulator.tasks[0]?.taskId });
		expect(failed).toMatchObject({ status: 'FAILED', taskId: null, error: { kind: 'validation' } });
		expect(lab.simulator.submits()).toHaveLength(1);
	});
});
