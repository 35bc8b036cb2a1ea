import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const MB = 1e6;

/** Bytes of memory that a process has in use, by the Linux kernel's books. */
export const residentBytes = (pid: number): number => bytesOf(pid, 'VmRSS');

/** The same without the files that it has mapped. */
export const anonymousBytes = (pid: number): number => bytesOf(pid, 'RssAnon');

function bytesOf(pid: number, entry: string): number {
	const status = readFileSync(`/proc/${pid}/status`, 'utf8');
	const kilobytes = new RegExp(`^${entry}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
	if (kilobytes === undefined) throw new Error(`Process ${pid} has no memory any more.`);
	return Number(kilobytes) * 1024;
}

const SAMPLE_MS = 20;
/** How long after a collection of garbage a process gives memory back to the system. */
const SETTLE_MS = 700;

/** Samples a process's memory until it is told to stop; then gives the most it has seen, in bytes. */
export function watchPeak(pid: number): () => number {
	let peak = residentBytes(pid);
	const sample = () => {
		peak = Math.max(peak, residentBytes(pid));
	};
	const timer = setInterval(sample, SAMPLE_MS);
	return () => {
		clearInterval(timer);
		sample();
		return peak;
	};
}

/** For a process whose {@link bytesAtRest} or {@link heapBytesAtRest} are asked for. */
export const GC_ON_SIGNAL: NodeJS.ProcessEnv = {
	NODE_OPTIONS: `--require "${join(__dirname, 'bench', 'probes', 'gcOnSignal.cjs')}"`,
};

/**
 * Memory of a process that has nothing to do and no garbage to keep, in bytes.
 * @param pid of a process that was started with {@link GC_ON_SIGNAL}
 */
export async function bytesAtRest(pid: number): Promise<number> {
	const samples: number[] = [];
	for (let sample = 0; sample < 2; sample += 1) {
		process.kill(pid, 'SIGUSR2');
		await sleep(SETTLE_MS);
		samples.push(residentBytes(pid));
	}
	return Math.min(...samples);
}

/**
 * What a process holds on its JavaScript heap when it has nothing to do, in bytes. Its resident memory says less: V8 keeps
 * the pages of a burst's garbage for a while.
 * @param pid of a process that was started with {@link GC_ON_SIGNAL}
 */
export async function heapBytesAtRest(pid: number): Promise<number> {
	await bytesAtRest(pid);
	const file = join(tmpdir(), `n8n-heap-${pid}`);
	const bytes = Number(readFileSync(file, 'utf8'));
	rmSync(file);
	return bytes;
}
