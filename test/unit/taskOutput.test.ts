import { errorForCode } from '../../runninghub/http/errorForCode';
import { isEnded, hasFailed, NO_USAGE, toOutput, type Task } from '../../runninghub/api/task';
import { TASK_ID } from '../support/unitAnswers';

const file = (url: string) => ({
	url,
	type: 'mp4',
	mimeType: 'video/mp4',
	text: null,
	nodeId: '9',
});
const caption = { url: null, type: 'txt', mimeType: 'text/plain', text: 'a fox', nodeId: '4' };
const usage = { coins: 17, money: null, thirdPartyMoney: null, seconds: 83 };

it('one task has one shape', () => {
	const task: Task = {
		taskId: TASK_ID,
		status: 'SUCCESS',
		results: [file('https://h/a.mp4')],
		usage,
	};
	expect(toOutput(task, 'vidu/image-to-video-q2-turbo')).toEqual({
		taskId: TASK_ID,
		status: 'SUCCESS',
		source: 'vidu/image-to-video-q2-turbo',
		url: 'https://h/a.mp4',
		text: null,
		results: [file('https://h/a.mp4')],
		usage,
		error: null,
	});
});

it('url and text are those of the first results that have them', () => {
	const results = [caption, file('https://h/1.mp4'), file('https://h/2.mp4')];
	const output = toOutput({ taskId: TASK_ID, status: 'SUCCESS', results, usage }, null);
	expect(output).toMatchObject({ url: 'https://h/1.mp4', text: 'a fox', source: null });
	expect(output.results).toHaveLength(3);
});

it('a failed task says why, and keeps its id and cost', () => {
	const failure = errorForCode('1501', 'no', { taskId: TASK_ID, nodeName: 'KSampler' });
	const task: Task = { taskId: TASK_ID, status: 'FAILED', results: [], usage, failure };
	expect(toOutput(task, 'x')).toMatchObject({
		taskId: TASK_ID,
		status: 'FAILED',
		url: null,
		usage,
		error: { code: '1501', kind: 'moderation', nodeName: 'KSampler', message: failure.message },
	});
});

it('only an end is an end', () => {
	const base = { taskId: TASK_ID, results: [], usage: NO_USAGE };
	const failure = errorForCode('805', '');
	for (const status of ['QUEUED', 'RUNNING', 'UNKNOWN'] as const) {
		expect([isEnded({ ...base, status }), hasFailed({ ...base, status })]).toEqual([false, false]);
	}
	expect(isEnded({ ...base, status: 'SUCCESS' })).toBe(true);
	for (const status of ['FAILED', 'CANCELLED'] as const) {
		expect([
			isEnded({ ...base, status, failure }),
			hasFailed({ ...base, status, failure }),
		]).toEqual([true, true]);
	}
});
