import { startHost } from './support/host';
import { startRecorder } from './support/recorder';
import { Stage, LONG_LIFE } from './support/stage';
import { START_TIMEOUT } from './harness';
import { writeFileSync } from 'node:fs';

it(
	'stop',
	async () => {
		const host = await startHost(process.env.TRY_VERSION);
		const recorder = await startRecorder();
		const stage = await Stage.set(host, recorder);
		const log: unknown[] = [];
		try {
			stage.simulator.nextLives(LONG_LIFE, LONG_LIFE, {
				...LONG_LIFE,
				end: { kind: 'nodeException' },
			});
			const id = await stage.start(['a', 'b', 'c', 'd', 'e']);
		await host.api.executionInStatus(id, 'waiting', 90).catch(async (e) => { console.log(JSON.stringify((await host.api.execution(id)).data?.resultData?.error).slice(0, 2500)); throw e; });
			log.push(stage.callbackUrl());
			await stage.allTasksEnded();
			log.push(await stage.simulator.releaseCallbacks({ atOnce: true }));
			const execution = await stage.finished(id);
			log.push(execution.status, execution.data, recorder.told);
			for (const how of ['asItWas', 'asItIsNow'] as const) {
				const retry = await host.api.retryExecution(id, how).catch((e) => String(e));
				log.push(how, retry, await host.api.executions(stage.workflow.id));
				if (/^\d+$/.test(retry)) {
					const ex = await host.api.execution(retry);
					log.push(ex.status, ex.data?.resultData?.error, ex.data?.resultData?.runData?.RunningHub);
				}
			}
			log.push(stage.simulator.submits().length, recorder.told);
		} finally {
			writeFileSync(`/tmp/try-${host.version}.json`, JSON.stringify(log, null, 1));
			await stage.end();
			await recorder.stop();
			await host.end();
		}
	},
	START_TIMEOUT,
);
