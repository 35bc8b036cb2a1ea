import { taskIdInCallback } from '../../runninghub/api/callback';

const ID = '1907035719658053637';

it.each([
	['of a v1 task', { event: 'TASK_END', taskId: ID, eventData: '{"code":0,"data":[]}' }],
	['of a v2 task', { event: 'TASK_END', taskId: ID, eventData: { taskId: ID, status: 'SUCCESS' } }],
	['without a wrapper', { taskId: ID, status: 'SUCCESS' }],
	['with the id inside alone', { event: 'TASK_END', eventData: { taskId: ID } }],
	['with the id inside text', { event: 'TASK_END', eventData: `{"taskId":${ID}}` }],
	['as text', JSON.stringify({ taskId: ID })],
])('a callback %s names its task', (_, body) => {
	expect(taskIdInCallback(body)).toBe(ID);
});

it.each([
	['nothing', undefined],
	['an empty object', {}],
	['a list', []],
	['text that is no JSON', '{"taskId":'],
	['an id that has lost digits', { taskId: 1907035719658053600 }],
	['eventData that is no object', { eventData: 7 }],
])('%s names none', (_, body) => {
	expect(taskIdInCallback(body)).toBeUndefined();
});
