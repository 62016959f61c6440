/** A detector on a thread of its own, whose thread is ended from outside. */
import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { resolveModel } from '#models/catalog/resolve.ts';
import { openSessionApart } from '#models/detectors/session-apart.ts';
import { loadConfig } from '#system/config.ts';

it('begins its thread again when that has ended, and fails only what was asked meanwhile', async () => {
  const { modelsDir, materialDir } = loadConfig();
  const { path, manifest } = resolveModel({ name: 'eyes-nano', modelsDir, materialDir });
  const born = once(process, 'worker') as Promise<[Worker]>;
  await using session = await openSessionApart({ path, manifest, threads: 1 });
  const [worker] = await born;
  const { name } = session.inputs[0]!;
  const { width, height } = manifest.input;
  const order = { name, data: session.allocate(3 * width * height), dims: [1, 3, height, width] };
  const before = await session.run(order);
  await worker.terminate();
  await expect.poll(() => session.run(order).then(Object.keys, () => null)).toEqual(Object.keys(before));
});
