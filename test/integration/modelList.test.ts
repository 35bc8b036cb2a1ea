import type { ILoadOptionsFunctions } from 'n8n-workflow';
import { RunningHub } from '../../nodes/RunningHub/RunningHub.node';
import { askForm } from './harness';
import { credential, inLab, type Lab } from './support';

describe('the list of models', () => {
	const SORA = 'rhart-video-s/text-to-video';
	const found = async (lab: Lab, credentials?: ReturnType<typeof credential>) =>
		await askForm(
			{
				...lab.options({ resource: 'model' }),
				...(credentials ? { credentials } : {}),
				node: new RunningHub(),
			},
			async function (this: ILoadOptionsFunctions, { listSearch }) {
				const list = await listSearch?.searchModels?.call(this, SORA);
				return list?.results.find(({ value }) => value === SORA);
			},
		);

	test.concurrent(
		'says at a model that the site of the credential does not have it, and links to that site',
		async () => {
			await inLab(async (lab) => {
				for (const credentials of [
					credential({ site: 'china' }),
					credential({ site: 'custom', baseUrl: 'https://www.runninghub.cn/' }),
				]) {
					const entry = await found(lab, credentials);
					expect(entry?.name).toMatch(
						/^Not on www\.runninghub\.cn: Sora 2 Low Price · Text to Video/,
					);
					expect(entry?.url).toMatch(/^https:\/\/www\.runninghub\.cn\//);
				}
			});
		},
	);

	test.concurrent('says nothing of the kind for another site, or before there is one', async () => {
		await inLab(async (lab) => {
			for (const credentials of [credential({ site: 'international' }), undefined, {}]) {
				const entry = await found(lab, credentials as ReturnType<typeof credential> | undefined);
				expect(entry?.name).toMatch(/^Sora 2 Low Price · Text to Video \(from /);
				expect(entry?.url).toMatch(/^https:\/\/www\.runninghub\.ai\//);
			}
			expect(lab.simulator.requests).toEqual([]);
		});
	});
});
