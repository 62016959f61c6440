import { copyFileSync, mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeClip } from '#demo/rtsp/clip.ts';
import { type RtspServer, startRtspServer } from '#demo/rtsp/server.ts';
import { loadSealKey, seal } from '#models/registry/seal.ts';
import { CONTROL } from '#models/wire/subjects.ts';
import type { ProcessHealth } from '#system/control.ts';
import { startWorkerSite, untilState, type WorkerProcess, type WorkerSite } from '#test/ingest/worker-site.ts';
import { until } from '#test/site/site.ts';

async function healthOf(site: WorkerSite): Promise<ProcessHealth> {
  return (await site.broker.connection.request(CONTROL.health)).json();
}

describe('an ingest worker without the model that it was told to use', () => {
  let site: WorkerSite;
  let rtsp: RtspServer;
  let worker: WorkerProcess;

  beforeAll(async () => {
    site = await startWorkerSite({ materialDir: '/nowhere', model: 'yolox-nano' });
    const clip = resolve(site.config.dataDir, 'clip.mp4');
    const options = { codec: 'h264', width: 320, height: 240, fps: 10, seconds: 2, gopS: 1, seed: 3 } as const;
    await writeClip({ ...options, path: clip, scene: 'moving-box' });
    rtsp = await startRtspServer({
      port: 0,
      streams: [
        { path: 'open', file: clip },
        { path: 'locked', file: clip, user: 'gate', password: 'p@ss:w/rd#%' },
      ],
    });
    worker = await site.startWorker('worker-1');
  });
  afterAll(async () => {
    await rtsp?.[Symbol.asyncDispose]();
    await site?.[Symbol.asyncDispose]();
  });

  it('takes a camera that is registered while it runs, and says that the model is missing', async () => {
    await site.addCamera('open', { source: { kind: 'rtsp', url: rtsp.url('open'), transport: 'tcp' } });
    const state = await untilState(site, 'open', 'degraded');
    expect(state).toMatchObject({ reason: 'model-missing', codec: 'h264', width: 320, height: 240 });
    expect(state.cure).toMatch(/model add/);
    expect(await site.messages()).toEqual([]);
  });

  it('shows live pictures all the same, to whoever asks over NATS', async () => {
    const request = JSON.stringify({ purpose: 'jpeg' });
    const answer = (await site.broker.connection.request(CONTROL.live('open'), request)).json<{ url: string }>();
    const response = await fetch(answer.url);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('image/jpeg');
  });

  it('unseals the password of a camera, and says so when it is wrong', async () => {
    const key = loadSealKey(site.config.dataDir);
    const locked = (password: string) => ({
      source: {
        kind: 'rtsp' as const,
        url: rtsp.url('locked'),
        transport: 'tcp' as const,
        user: 'gate',
        sealedPassword: seal(password, key, 'locked'),
      },
    });
    await site.addCamera('locked', locked('wrong'));
    expect(await untilState(site, 'locked', 'down')).toMatchObject({ reason: 'camera-unauthorised' });
    await site.editCamera('locked', locked('p@ss:w/rd#%'));
    await untilState(site, 'locked', 'degraded');
    expect(worker.log()).not.toMatch(/p@ss|sealedPassword":"[^…]/);
  });

  it('plays no file outside of the media folders, whoever registered it, and says why', async () => {
    const path = resolve(site.config.dataDir, 'clip.mp4');
    await site.addCamera('outside', { source: { kind: 'file', path, isLooped: true } });
    expect(await untilState(site, 'outside', 'down')).toMatchObject({
      reason: 'file-outside',
      cure: expect.stringContaining('SHARP_EYES_MEDIA_DIRS'),
    });
    const media = resolve(site.config.dataDir, 'media');
    mkdirSync(media);
    copyFileSync(path, resolve(media, 'clip.mp4'));
    await site.editCamera('outside', { source: { kind: 'file', path: resolve(media, 'clip.mp4'), isLooped: true } });
    await untilState(site, 'outside', 'degraded');
    await site.registry.cameras.remove('outside');
    await until('its state is gone', async () => (await site.stateOf('outside')) === undefined);
  });

  it('follows a camera that is switched off, on again, and removed', async () => {
    await site.editCamera('locked', { isEnabled: false });
    await untilState(site, 'locked', 'disabled');
    await until('one plays', () => rtsp.clients() === 1);
    await site.editCamera('locked', { isEnabled: true });
    await untilState(site, 'locked', 'degraded');
    await site.registry.cameras.remove('locked');
    await until('its state is gone', async () => (await site.stateOf('locked')) === undefined);
    await until('one plays', () => rtsp.clients() === 1);
    expect((await healthOf(site)).details).toMatchObject({ held: 1, registered: 1, cameras: { degraded: 1 } });
  });

  it('ends in peace within seconds, and leaves its camera waiting for another', async () => {
    const endedAt = performance.now();
    expect(await worker.end('SIGTERM')).toBe(0);
    expect(performance.now() - endedAt).toBeLessThan(4000);
    expect(await site.stateOf('open')).toMatchObject({ state: 'waiting' });
    await until('nobody plays', () => rtsp.clients() === 0);
  });
});
