import { setMaxListeners } from 'node:events';
import { runBatch } from '../../runninghub/batch';
import { FakeClock } from '../support/fakeClock';
import { emptyJournal, FakeAccount } from '../support/unitAccount';
import { keepingLogger, seededRandom } from '../support/unitAnswers';

const play = async (slots: number, taskMs: number, amounts: number[], startAt: number[], seed = 1) => {
	const clock = new FakeClock();
	const account = new FakeAccount(clock, { slots, latencyMs: 50, taskMs: () => taskMs });
	const ends: number[] = []; let fails = 0;
	const firsts: number[] = [];
	const runs = amounts.map(async (amount, run) => {
		await clock.sleep(startAt[run] ?? 0);
		const jobs = account.jobs(amount).map((job) => ({...job, submit: async () => await account.client.submitModel('x', { item: run * 1000 + job.itemIndex })}));
		const tools = { client: account.client, clock, logger: keepingLogger(), random: seededRandom(seed * 10 + run), journal: emptyJournal() };
		const outcomes = await runBatch(jobs, tools, { goOnAfterFailure: true });
		ends.push(clock.now());
		fails += outcomes.filter(({ state }) => state !== 'ended').length;
	});
	await clock.run(Promise.all(runs));
	amounts.forEach((_, run) => firsts.push(Math.min(...account.paid.filter((p) => Math.floor(p.item / 1000) === run).map((p) => p.madeAt))));
	const total = amounts.reduce((a, b) => a + b);
	const ideal = Math.ceil(total / slots) * taskMs;
	return { fails, ratio: clock.now() / ideal, ends, firsts, submits: account.submits.length, total, queries: account.queries };
};
it('x', async () => {
	const lines: string[] = [];
	for (const taskMs of [10_000, 60_000, 300_000]) for (const slots of [1, 2, 5, 10]) for (const amounts of [[50], [30, 30], [20, 20, 20], [100, 5, 5]]) {
		const rs = [];
		for (let seed = 1; seed < 6; seed++) rs.push(await play(slots, taskMs, amounts, [0, 5000, 8000], seed));
		lines.push(`${taskMs} slots ${slots} ${amounts} ratio ${rs.map((r) => r.ratio.toFixed(2))} fails ${rs.map((r)=>r.fails)} first ${rs.map((r) => r.firsts.map(x=>Math.round(x/1000)).join('/'))} ends ${rs.map((r) => r.ends.map(x=>Math.round(x/1000)).join('/'))} submits/total ${rs.map((r) => (r.submits / r.total).toFixed(1))}`);
	}
	console.log(lines.join('\n'));
}, 600000);
