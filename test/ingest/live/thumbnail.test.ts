/** The newest small picture of a camera, from a real worker. */
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { CAPTURED_AT_HEADER, CONTROL } from '#models/wire/subjects.ts';
import { makeClips } from '#test/ingest/clips.ts';
import { startWorkerSite } from '#test/ingest/worker-site.ts';
import { until } from '#test/site/site.ts';

it('is kept while nobody looks, is at most 320 wide, and says when it was seen', async () => {
  using clips = makeClips();
  const path = await clips.write('wide.mp4', { width: 640, height: 360, gopS: 0.4 });
  await using site = await startWorkerSite({ mediaDirs: [clips.folder] });
  await site.addCamera('gate-1', { source: { kind: 'file', path, isLooped: true } });
  await site.startWorker('worker-1');
  const ask = () => site.broker.connection.request(CONTROL.thumbnail('gate-1'), undefined, { timeout: 5000 });
  await until('there is a picture', async () => (await ask()).data.length > 0);
  const answer = await ask();
  expect(await sharp(answer.data).metadata()).toMatchObject({ format: 'jpeg', width: 320, height: 180 });
  expect(answer.data.length).toBeLessThan(64 * 1024);
  expect(Math.abs(Date.now() - Number(answer.headers?.get(CAPTURED_AT_HEADER)))).toBeLessThan(60_000);
});
