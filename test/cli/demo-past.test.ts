import { type ChildProcess, spawn } from 'node:child_process';
import { expect, it } from 'vitest';
import { startDemoPast } from '#cli/demo-past.ts';
import { until } from '#test/site/site.ts';

/** A real process that ends by itself with the next of the codes, and with none left does not end. */
function endingWith(codes: number[]): { start: () => ChildProcess; begun: ChildProcess[] } {
  const begun: ChildProcess[] = [];
  const start = () => {
    const code = codes[begun.length];
    const script = code === undefined ? 'setInterval(() => {}, 1000)' : `process.exit(${code})`;
    const child = spawn(process.execPath, ['-e', script], { stdio: 'ignore' });
    begun.push(child);
    return child;
  };
  return { start, begun };
}

it('begins the past of a demo again until it is whole', async () => {
  const { start, begun } = endingWith([1, 1, 0]);
  await using _past = startDemoPast({ dataDir: '' }, { waitMs: 1, againAfterMs: 1, start });
  await until('the third has ended', () => begun[2]?.exitCode === 0);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(begun.length).toBe(3);
});

it('ends it with the demo, and begins no other', async () => {
  const { start, begun } = endingWith([]);
  const past = startDemoPast({ dataDir: '' }, { waitMs: 1, againAfterMs: 1, start });
  await until('it runs', () => begun[0]?.pid !== undefined);
  await past[Symbol.asyncDispose]();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(begun.map(({ signalCode }) => signalCode)).toEqual(['SIGTERM']);
});
