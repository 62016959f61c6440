import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONTROL } from '#models/wire/subjects.ts';
import { ROOT_DIR } from '#system/config.ts';
import type { ProcessHealth } from '#system/control.ts';
import { joinMetrics } from '#system/metrics.ts';
import { startWorkerSite, untilState, type WorkerProcess, type WorkerSite } from '#test/ingest/worker-site.ts';
import { until } from '#test/site/site.ts';

describe('a worker that was told to use a provider that is not there', () => {
  let site: WorkerSite;
  let worker: WorkerProcess;
  beforeAll(async () => {
    const clips = resolve(ROOT_DIR, 'demo/clips');
    site = await startWorkerSite({
      materialDir: '/nowhere',
      mediaDirs: [clips],
      executionProviders: ['openvino', 'cpu'],
    });
    worker = await site.startWorker('worker-1');
    const path = resolve(clips, 'market-main.mp4');
    await site.addCamera('market', { source: { kind: 'file', path, isLooped: true } });
  });
  afterAll(() => site?.[Symbol.asyncDispose]());

  const ask = (subject: string) => site.broker.connection.request(subject);

  it('looks all the same, with the CPU, and warns of it in its health, its metrics and its log', async () => {
    await untilState(site, 'market', 'live');
    await until('it looked', async () => ((await site.stateOf('market'))?.looked ?? 0) > 0);
    expect((await site.stateOf('market'))?.input).toBe('544x320');
    const health = (await ask(CONTROL.health)).json<ProcessHealth>();
    expect(health.isWell).toBe(true);
    expect(health.details.runtimes).toMatchObject({
      'eyes-nano': { asked: ['openvino', 'cpu'], provider: 'cpu', refused: [{ provider: 'openvino' }] },
    });
    expect(health.warnings).toMatchObject([
      { code: 'provider-unavailable', message: expect.stringContaining('runs on cpu, not on openvino as asked') },
    ]);
    const metrics = await joinMetrics([(await ask(CONTROL.metrics)).json<object>()]);
    expect(metrics).toMatch(/sharp_eyes_detectors\{model="eyes-nano",provider="cpu",asked="openvino,cpu".*\} 1/);
    expect(worker.log()).toContain('execution provider not had');
  });

  it('looks in the size of input that a person set, and says so in the state', async () => {
    await site.editCamera('market', { inputSize: 'far' });
    await until('it is looked at in the far size', async () => (await site.stateOf('market'))?.input === '960x544');
    await site.editCamera('market', { inputSize: 'normal' });
    await until('it is looked at as before', async () => (await site.stateOf('market'))?.input === '544x320');
  });
});
