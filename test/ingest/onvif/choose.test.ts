import { describe, expect, it } from 'vitest';
import { chooseStreams } from '#ingest/onvif/choose.ts';
import type { MediaProfile, StreamMeasurement } from '#models/schema/probe.ts';

const profile = (token: string, width: number, height: number, more: Partial<MediaProfile> = {}): MediaProfile => ({
  ...{ token, name: token, channel: '1', codec: 'h264', width, height, fps: 25, gop: 50, bitrateKbps: 4096 },
  url: `rtsp://h/${token}`,
  ...more,
});
const measured = (token: string, width: number, height: number, codec = 'h264'): [string, StreamMeasurement] => [
  token,
  {
    token,
    url: '',
    codec,
    width,
    height,
    seconds: 4,
    pictures: 100,
    fps: 25,
    gop: 50,
    bitrateKbps: 1,
    firstPictureMs: 1,
    decodeMsPerS: 7,
  },
];

describe('the choice of streams', () => {
  it('detects on the smallest that shows a person well, and shows people the largest', () => {
    const all = [profile('tiny', 352, 288), profile('main', 1920, 1080), profile('sub', 704, 576)];
    expect(chooseStreams(all, new Map())).toMatchObject([{ detect: { token: 'sub' }, watch: { token: 'main' } }]);
    expect(chooseStreams([profile('tiny', 352, 288)], new Map())[0]).toMatchObject({
      detect: { token: 'tiny' },
      reason: expect.stringContaining('no stream is 640 pixels wide'),
    });
  });

  it('believes what was measured: a "main" stream smaller than the "sub", H.265 announced as H.264', () => {
    const all = [profile('main', 1920, 1080), profile('sub', 640, 360)];
    const [choice] = chooseStreams(all, new Map([measured('main', 640, 360), measured('sub', 1920, 1080, 'h265')]));
    expect(choice).toMatchObject({ detect: { token: 'main' }, watch: { token: 'sub' } });
    expect(choice?.reason).toContain('browsers without H.265');
  });

  it('takes no stream that failed, has no address, or is coded as what nobody decodes', () => {
    const { url: _url, ...nowhere } = profile('nowhere', 800, 600);
    const all = [
      profile('broken', 640, 360),
      profile('jpeg', 640, 480, { codec: 'jpeg' }),
      nowhere,
      profile('good', 1280, 720),
    ];
    const [choice] = chooseStreams(all, new Map(), new Set(['broken']));
    expect(choice).toMatchObject({ detect: { token: 'good' }, watch: { token: 'good' } });
    expect(chooseStreams([profile('jpeg', 640, 480, { codec: 'jpeg' })], new Map())).toEqual([]);
  });

  it('gives each channel of a recorder its own', () => {
    const all = ['a', 'b'].flatMap((channel) => [
      profile(`${channel}-main`, 1920, 1080, { channel }),
      profile(`${channel}-sub`, 640, 360, { channel }),
    ]);
    expect(chooseStreams(all, new Map()).map(({ channel, detect }) => [channel, detect.token])).toEqual([
      ['a', 'a-sub'],
      ['b', 'b-sub'],
    ]);
  });
});
