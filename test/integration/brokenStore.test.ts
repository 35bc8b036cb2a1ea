import { BinaryDataService } from 'n8n-core';
import { CONTINUE, inLab, submitAndWait } from './support';

/** n8n's store for binary data fails, as a full disk or a folder that was removed makes it fail. */
function failing(code: string, message: string): void {
	jest
		.spyOn(BinaryDataService.prototype, 'store')
		.mockRejectedValue(Object.assign(new Error(`${code}: ${message}`), { code, errno: -2 }));
}

afterEach(() => jest.restoreAllMocks());

it.each([
	['ENOSPC', 'no space left on device, write'],
	['ENOENT', 'no such file or directory, mkdir'],
	['EACCES', 'permission denied, open'],
])('a store that fails (%s) takes neither the task nor its address away', async (code, words) => {
	failing(code, words);
	await inLab(async (lab) => {
		const stopped = await lab.run(submitAndWait({ downloadResults: true }));
		const [task] = lab.simulator.tasks;
		for (const part of [task?.taskId, task?.results[0]?.url, words]) {
			expect(stopped.error?.message).toContain(part);
		}
		expect(lab.simulator.submits()).toHaveLength(1);

		const kept = await lab.run(submitAndWait({ downloadResults: true }), CONTINUE);
		expect(kept.items[0]?.json).toMatchObject({
			status: 'SUCCESS',
			taskId: lab.simulator.tasks[1]?.taskId,
			url: lab.simulator.tasks[1]?.results[0]?.url,
			error: { message: expect.stringContaining(words) },
		});
	});
});
