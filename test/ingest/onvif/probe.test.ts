import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OnvifDevice, startOnvifDevice } from '#demo/onvif/device.ts';
import { chooseStream, probeOnvif } from '#ingest/onvif/probe.ts';
import { freePort } from '#test/site/site.ts';

const profile = (token: string, width: number, height: number) => ({
  token,
  name: `${token} 码流`,
  codec: 'H264' as const,
  width,
  height,
  fps: 25,
  streamUrl: `rtsp://10.0.0.7:554/${token}?a=1&b=2`,
});

describe('probing an ONVIF device', () => {
  let device: OnvifDevice;
  beforeAll(async () => {
    device = await startOnvifDevice({
      port: 0,
      manufacturer: 'Virtual <&> Co',
      model: 'V1',
      profiles: [profile('sub', 704, 576), profile('main', 1920, 1080), profile('third', 352, 288)],
      user: 'viewer',
      password: 'p@ss:/#%',
      clockOffsetS: 2400,
    });
  });
  afterAll(() => device[Symbol.asyncDispose]());

  it('signs with the device’s own clock, 40 minutes off, and tells the offset', async () => {
    const report = await probeOnvif({ host: '127.0.0.1', port: device.port, user: 'viewer', password: 'p@ss:/#%' });
    expect(report.clockOffsetS).toBeGreaterThan(2395);
    expect(report.clockOffsetS).toBeLessThan(2405);
    expect(report).toMatchObject({ manufacturer: 'Virtual <&> Co', model: 'V1' });
  });

  it('lists streams by size, with the host that answered instead of an inner one', async () => {
    const { streams } = await probeOnvif({
      host: '127.0.0.1',
      port: device.port,
      user: 'viewer',
      password: 'p@ss:/#%',
    });
    expect(streams.map(({ token, width, codec }) => [token, width, codec])).toEqual([
      ['main', 1920, 'H264'],
      ['sub', 704, 'H264'],
      ['third', 352, 'H264'],
    ]);
    expect(streams[0]?.url).toBe('rtsp://127.0.0.1:554/main?a=1&b=2');
    expect(chooseStream(streams)?.token).toBe('sub');
  });

  it('tells a wrong password from a closed port', async () => {
    await expect(
      probeOnvif({ host: '127.0.0.1', port: device.port, user: 'viewer', password: 'no' }),
    ).rejects.toMatchObject({ code: 'camera-unauthorised' });
    await expect(probeOnvif({ host: '127.0.0.1', port: await freePort() })).rejects.toMatchObject({
      code: 'camera-refused',
    });
  });
});
