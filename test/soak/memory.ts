/** What a worker's process holds, and how that grows. */
import { readFileSync } from 'node:fs';
import { CONTROL } from '#models/wire/subjects.ts';
import { askAll } from '#system/control.ts';
import type { WorkerProcess, WorkerSite } from '#test/ingest/worker-site.ts';

/** Resident memory in MiB and open file descriptors' worth of threads. */
export function measure({ process }: WorkerProcess): { memoryMb: number; threads: number } {
  const status = readFileSync(`/proc/${process.pid}/status`, 'utf8');
  const field = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]);
  return { memoryMb: field('VmRSS') / 1024, threads: field('Threads') };
}

/** MiB of the process's JavaScript heap in use, and of what it holds outside: the rest is native. */
export async function measureHeap({ broker }: WorkerSite): Promise<{ heapMb: number; externalMb: number }> {
  const [metrics = []] = (await askAll(broker.connection, CONTROL.metrics)) as Gauge[][];
  const read = (name: string) =>
    (metrics.find((metric) => metric.name === `sharp_eyes_nodejs_${name}`)?.values[0]?.value ?? Number.NaN) / 2 ** 20;
  return { heapMb: read('heap_size_used_bytes'), externalMb: read('external_memory_bytes') };
}

type Gauge = { name: string; values: { value: number }[] };

/** Least squares slope, MiB an hour. */
export function slope(points: { minute: number; memoryMb: number }[]): number {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [mean(points.map(({ minute }) => minute)), mean(points.map(({ memoryMb }) => memoryMb))];
  const top = points.reduce((sum, { minute, memoryMb }) => sum + (minute - meanX) * (memoryMb - meanY), 0);
  const bottom = points.reduce((sum, { minute }) => sum + (minute - meanX) ** 2, 0);
  return (top / bottom) * 60;
}
