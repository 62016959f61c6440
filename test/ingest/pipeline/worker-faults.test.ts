import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DetectionMessage } from '#models/schema/detection.ts';
import { CONTROL } from '#models/wire/subjects.ts';
import { loadConfig } from '#system/config.ts';
import { startWorkerSite, untilState, type WorkerProcess, type WorkerSite } from '#test/ingest/worker-site.ts';
import { until } from '#test/site/site.ts';

const { materialDir } = loadConfig();
const footage = resolve(materialDir, 'footage/avenue.mp4');
const model = resolve(materialDir, 'models/yolox_nano.onnx');
const isMaterialThere = existsSync(footage) && existsSync(model);
if (!isMaterialThere) console.log(`skipped: ${footage} or ${model} is absent, so there is nothing to detect with`);

const source = { kind: 'file' as const, path: footage, isLooped: true };

/** Groups by lease, and checks what must hold within each and between them. */
function expectHonest(messages: readonly DetectionMessage[]): void {
  expect(new Set(messages.map(({ id }) => id)).size).toBe(messages.length);
  for (const lease of Map.groupBy(messages, ({ revision }) => revision).values()) {
    const numbers = lease.map(({ sequence }) => sequence);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    for (const [index, message] of lease.entries()) {
      expect(message.watchedToMs).toBeGreaterThanOrEqual(message.watchedFromMs);
      const next = lease[index + 1];
      if (next !== undefined) expect(next.watchedFromMs).toBeGreaterThanOrEqual(message.watchedToMs);
    }
  }
}

/** Time that nobody watched between the first and the last message. */
function unwatchedMs(messages: readonly DetectionMessage[]): number {
  const [first, last] = [messages[0], messages.at(-1)];
  if (first === undefined || last === undefined) return 0;
  const watched = messages.reduce((sum, message) => sum + message.watchedToMs - message.watchedFromMs, 0);
  return last.watchedToMs - first.watchedFromMs - watched;
}

describe.skipIf(!isMaterialThere)('ingest workers with a model', () => {
  let site: WorkerSite;
  let worker: WorkerProcess;

  beforeAll(async () => {
    site = await startWorkerSite({ materialDir, model: 'yolox-nano' });
    worker = await site.startWorker('worker-1');
    await site.addCamera('gate-3', { source, sampleFps: 3 });
  });
  afterAll(async () => site?.[Symbol.asyncDispose]());

  const countOf = async (camera = 'gate-3') => (await site.messages(camera)).length;

  it('publish what a camera sees: kinds, boxes, tracks and the time between looks', async () => {
    await until('messages come', async () => (await countOf()) >= 8);
    const messages = await site.messages('gate-3');
    expectHonest(messages);
    expect(messages[0]).toMatchObject({ camera: 'gate-3', model: 'yolox-nano', areaPath: ['_', '_', '_', '_', '_'] });
    const sightings = messages.flatMap((message) => message.sightings);
    expect(sightings.some(({ kind }) => kind === 'car')).toBe(true);
    expect(new Set(sightings.map(({ track }) => track)).size).toBeLessThan(sightings.length);
    expect(unwatchedMs(messages)).toBe(0);
    const metrics = JSON.stringify((await site.broker.connection.request(CONTROL.metrics)).json());
    expect(metrics).toContain('sharp_eyes_detect_seconds');
    expect(metrics).toMatch(/"outcome":"published"/);
  });

  it('keep every message while the broker is away, and repeat none when it is back', async () => {
    const before = await countOf();
    await site.stop();
    await until('messages wait on the disk', () => /spooling began/.test(worker.log()));
    const spoolingAt = performance.now();
    await until('some wait', () => performance.now() - spoolingAt > 3000);
    await site.start();
    await until('the spool is empty again', () => /spooling ended/.test(worker.log()));
    await until('messages go on', async () => (await countOf()) > before + 12);
    const messages = await site.messages('gate-3');
    expectHonest(messages);
    expect(new Set(messages.map(({ revision }) => revision)).size).toBe(1);
    expect(messages.map(({ sequence }) => sequence)).toEqual(messages.map((_, index) => index));
    expect(unwatchedMs(messages)).toBe(0);
  });

  it('go on under a higher term after a kill -9, with every message once', async () => {
    await worker.end('SIGKILL');
    const before = await site.messages('gate-3');
    worker = await site.startWorker('worker-1');
    await until('messages go on', async () => (await countOf()) > before.length + 5);
    const messages = await site.messages('gate-3');
    expectHonest(messages);
    expect(messages.slice(0, before.length)).toEqual(before);
    const [old, next] = [...new Set(messages.map(({ revision }) => revision))];
    expect(next).toBeGreaterThan(old ?? 0);
  });

  it('share the cameras with a worker that joins, and take them back when it leaves', async () => {
    await site.addCamera('gate-4', { source, sampleFps: 1 });
    await untilState(site, 'gate-4', 'live');
    const second = await site.startWorker('worker-2');
    const holderOf = async (camera: string) => (await site.stateOf(camera))?.worker;
    await until('each has one', async () => (await holderOf('gate-3')) !== (await holderOf('gate-4')));
    const moved = (await holderOf('gate-3'))?.endsWith('worker-2') ? 'gate-3' : 'gate-4';
    const termOf = async () => (await site.messages(moved)).at(-1)?.revision ?? 0;
    const firstTerm = (await site.messages(moved))[0]?.revision ?? 0;
    await until('the second one publishes', async () => (await termOf()) > firstTerm);
    const secondTerm = await termOf();
    expect(await second.end('SIGTERM')).toBe(0);
    await until('the first one has it back', async () => (await termOf()) > secondTerm);
    for (const camera of ['gate-3', 'gate-4']) expectHonest(await site.messages(camera));
  });
});
