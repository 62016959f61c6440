/** Streams of virtual cameras in players that are not ours: Debian's ffmpeg and ffprobe, and GStreamer. */
import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeWith, playerUrl, type SmallFleet, startSmallFleet } from './small-fleet.ts';

const run = promisify(execFile);

/** Why a player cannot be used here; undefined where it can. */
function missing(program: string, args: readonly string[]): string | undefined {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return undefined;
  } catch {
    return `${[program, ...args].join(' ')} does not run here; ./sharp-eyes test installs it on Debian`;
  }
}

const NO_FFMPEG = missing('ffmpeg', ['-version']) ?? missing('ffprobe', ['-version']);
const NO_GSTREAMER = ['rtspsrc', 'rtph264depay', 'h265parse', 'avdec_h264', 'avdec_h265']
  .map((element) => missing('gst-inspect-1.0', [element]))
  .find((reason) => reason !== undefined);
for (const reason of [NO_FFMPEG, NO_GSTREAMER]) if (reason !== undefined) console.log(`skipped: ${reason}`);

const PLAY_MS = 90_000;

let fleet: SmallFleet;

beforeAll(async () => {
  const makes = [makeWith('plain', {}), makeWith('plain', {}), makeWith('password-text', {}), makeWith('sha-256', {})];
  const clip = { width: 960, height: 540, seconds: 3, gopS: 1 };
  fleet = await startSmallFleet({ count: 4, ptz: 1, makes, codecs: ['h264', 'h265'], clip });
  await fleet.fleet.prepared;
});
afterAll(async () => fleet?.[Symbol.asyncDispose]());

const H264 = 1;
const H265 = 2;
const BASIC = 3;
const SHA_256 = 4;
/** 15 pictures a second: across the end of the clip, which is 3 s long. */
const PICTURES = 54;

/** Everything that ffmpeg complains of while it decodes. */
async function decode(url: string, transport: 'tcp' | 'udp'): Promise<{ complaints: string; pictures: number }> {
  const args = ['-v', 'warning', '-rtsp_transport', transport, '-i', url, '-an', '-frames:v', String(PICTURES)];
  const { stdout, stderr } = await run('ffmpeg', [...args, '-progress', '-', '-nostats', '-f', 'null', '-'], {
    timeout: PLAY_MS,
  });
  const pictures = Number([...stdout.matchAll(/^frame=\s*(\d+)/gm)].at(-1)?.[1] ?? 0);
  return { complaints: stderr, pictures };
}

describe.skipIf(NO_FFMPEG !== undefined)('ffmpeg', () => {
  const cases = [
    ...[H264, H265].flatMap((number) =>
      [false, true].flatMap((isSub) => (['tcp', 'udp'] as const).map((transport) => ({ number, isSub, transport }))),
    ),
    { number: BASIC, isSub: false, transport: 'tcp' as const },
  ];

  it('decodes main and sub streams of both codecs over TCP and UDP, by digest and basic authentication, without a complaint', async () => {
    const play = async ({ number, isSub, transport }: (typeof cases)[number]) => {
      const seen = await decode(playerUrl(fleet.device(number), { isSub }), transport);
      return { number, isSub, transport, ...seen };
    };
    const all = await Promise.all(cases.map(play));
    expect(all).toEqual(cases.map((one) => ({ ...one, complaints: '', pictures: PICTURES })));
  });

  it('decodes through a change of view without losing the stream', async () => {
    const device = fleet.device(5);
    const main = device.streams[0]!;
    await device.variantOf(main, 'preset-2');
    const decoded = decode(playerUrl(device), 'tcp');
    device.onvif.ptz?.goTo('preset-2');
    expect((await decoded).pictures).toBe(PICTURES);
    device.onvif.ptz?.goTo('preset-1');
  });
});

describe.skipIf(NO_FFMPEG !== undefined)('ffprobe', () => {
  const probe = async (url: string) => {
    const entries = ['-show_entries', 'stream=codec_name,width,height,r_frame_rate'];
    const { stdout } = await run('ffprobe', ['-v', 'error', '-rtsp_transport', 'tcp', ...entries, '-of', 'json', url], {
      timeout: PLAY_MS,
    });
    return (JSON.parse(stdout) as { streams: object[] }).streams;
  };

  it('reads codec, size and rate from the description', async () => {
    const size = { width: 960, height: 540, r_frame_rate: '15/1' };
    const [h264, h265, sub] = await Promise.all([
      probe(playerUrl(fleet.device(H264))),
      probe(playerUrl(fleet.device(H265))),
      probe(playerUrl(fleet.device(H264), { isSub: true })),
    ]);
    expect(h264).toEqual([{ codec_name: 'h264', ...size }]);
    expect(h265).toEqual([{ codec_name: 'hevc', ...size }]);
    expect(sub).toEqual([{ codec_name: 'h264', width: 640, height: 360, r_frame_rate: '15/1' }]);
  });

  it('is told 401 with a wrong password', async () => {
    const url = playerUrl(fleet.device(H264)).replace(/:pass[^@]*@/, ':wrong@');
    await expect(probe(url)).rejects.toThrow(/401/);
  });
});

describe.skipIf(NO_GSTREAMER !== undefined)('GStreamer', () => {
  const play = async (number: number, protocols: 'tcp' | 'udp') => {
    const device = fleet.device(number);
    const { user, password } = device.plan;
    const codec = device.streams[0]!.channel.codec;
    const source = [`location=${device.urlOf(device.streams[0]!)}`, `user-id=${user}`, `user-pw=${password}`];
    const decoder = [`rtp${codec}depay`, '!', `${codec}parse`, '!', `avdec_${codec}`, 'max-errors=0'];
    const sink = ['!', 'fakesink', 'sync=false', `num-buffers=${PICTURES}`];
    const pipeline = ['rtspsrc', ...source, `protocols=${protocols}`, 'latency=100', '!', ...decoder, ...sink];
    const told = await run('gst-launch-1.0', ['-e', ...pipeline], { timeout: PLAY_MS }).catch(
      (error: Error & { stdout?: string; stderr?: string }) => ({
        stdout: error.stdout ?? '',
        stderr: error.stderr ?? '',
      }),
    );
    const isEnded = told.stdout.includes('Got EOS');
    const lines = `${told.stdout}${told.stderr}`.split('\n').filter((line) => /ERROR|WARN/.test(line));
    // Once all pictures are there it may break off its own PAUSE, and complain of that.
    const complaints = isEnded ? lines.filter((line) => !/rtspsrc.*Could not (write|read)/i.test(line)) : [told.stderr];
    return { isEnded, complaints };
  };

  const cases = [
    [H264, 'tcp'],
    [H264, 'udp'],
    [H265, 'tcp'],
    [H265, 'udp'],
    [BASIC, 'tcp'],
  ] as const;

  it('decodes both codecs over TCP and UDP, by digest and basic authentication, without a complaint', async () => {
    const all = await Promise.all(cases.map(([number, protocols]) => play(number, protocols)));
    expect(all).toEqual(cases.map(() => ({ isEnded: true, complaints: [] })));
  });

  it('is told that the camera wants SHA-256, which it may not know', async () => {
    const { isEnded, complaints } = await play(SHA_256, 'tcp');
    if (isEnded) expect(complaints).toEqual([]);
    else expect(complaints.join()).toMatch(/auth/i);
  });
});
