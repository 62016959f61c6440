import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeClip } from '#demo/rtsp/clip.ts';
import { type RtspServer, startRtspServer } from '#demo/rtsp/server.ts';
import type { CameraView } from '#models/schema/camera-view.ts';
import { until } from '#test/site/site.ts';
import { startWorker } from '#test/site/worker.ts';
import { type ApiSite, startApi } from './api-site.ts';

describe('a change of a camera', () => {
  let api: ApiSite;
  let rtsp: RtspServer;
  beforeAll(async () => {
    api = await startApi({ materialDir: '/nowhere' });
    const path = resolve(api.config.dataDir, 'clip.mp4');
    await writeClip({
      path,
      codec: 'h264',
      width: 320,
      height: 240,
      fps: 10,
      seconds: 2,
      gopS: 1,
      seed: 3,
      scene: 'moving-box',
    });
    rtsp = await startRtspServer({ port: 0, streams: ['a', 'b'].map((name) => ({ path: name, file: path })) });
  });
  afterAll(async () => {
    await rtsp?.[Symbol.asyncDispose]();
    await api?.[Symbol.asyncDispose]();
  });

  const edit = async (body: Record<string, unknown>, waitS = 10) => {
    const answer = await api.ask('PATCH', `/api/v1/cameras/gate?wait=${waitS}`, { body });
    expect(answer.status, answer.text).toBe(200);
    return (answer.body as CameraView).applied;
  };

  it('says that no worker has the camera where none runs', async () => {
    const body = { id: 'gate', name: 'Gate', url: rtsp.url('a') };
    const added = await api.ask('POST', '/api/v1/cameras?wait=0.3', { body });
    expect((added.body as CameraView).applied).toMatchObject({
      isApplied: false,
      code: 'no-worker',
      cure: expect.any(String),
    });
  });

  it('is waited for: the answer names the worker that goes by it, and after what time', async () => {
    await startWorker(api.site, 'worker-1');
    const first = await edit({ name: 'Gate 1' });
    expect(first).toMatchObject({ isApplied: true, worker: expect.stringContaining('worker-1') });
    const renamed = await edit({ name: 'Gate 2' });
    expect(renamed).toMatchObject({ isApplied: true });
    expect(renamed?.afterMs).toBeLessThan(5000);
    const moved = await edit({ url: rtsp.url('b') });
    expect(moved).toMatchObject({ isApplied: true, afterMs: expect.any(Number) });
    const state = api.context.states.get('gate');
    expect(state?.appliedRevision).toBe(api.context.cameras.entry('gate')?.revision);
  });

  it('is applied when the camera is switched off, on again, and taken back', async () => {
    expect(await edit({ isEnabled: false })).toMatchObject({ isApplied: true });
    await until('the stream to end', () => rtsp.clients() === 0);
    expect(await edit({ name: 'off' })).toMatchObject({
      isApplied: true,
      message: expect.stringContaining('switched off'),
    });
    expect(await edit({ isEnabled: true })).toMatchObject({ isApplied: true });
  });

  it('that a hung worker does not take up is stored all the same, and the answer says so', async () => {
    const pid = api.site.children.status().find(({ name }) => name === 'worker-1')?.pid ?? 0;
    process.kill(pid, 'SIGSTOP');
    try {
      expect(await edit({ name: 'late' }, 0.5)).toMatchObject({
        isApplied: false,
        code: 'change-not-applied',
        message: expect.stringContaining('has not said within 0.5 seconds'),
      });
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    const revision = api.context.cameras.entry('gate')?.revision;
    await until('it to be taken up', () => api.context.states.get('gate')?.appliedRevision === revision);
  });
});
