/** Each fault, as a client meets it, and that the stream is well again when it is cleared. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Fault, type RtspServer, startRtspServer } from '#demo/rtsp/server.ts';
import { testLogger, until } from '#test/site/site.ts';
import { CLIP, openClipFolder } from './clips.ts';
import { playWithFfmpeg } from './player.ts';
import { pictureTimes, RawClient, type RtpPacket, steps } from './raw-client.ts';

const clips = openClipFolder();
let server: RtspServer;
let url: string;
let otherSize: string;

beforeAll(async () => {
  const file = await clips.write('plain.mp4');
  otherSize = await clips.write('other.mp4', { width: 480, height: 272, seed: 8 });
  server = await startRtspServer({
    port: 0,
    logger: testLogger,
    streams: [
      { path: 'a', file },
      { path: 'other', file },
    ],
  });
  url = server.url('a');
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  clips[Symbol.dispose]();
});

/** The fault for as long as `look` takes. */
async function withFault(fault: Fault, look: () => Promise<void>): Promise<void> {
  await server.fault('a', fault);
  try {
    await look();
  } finally {
    await server.fault('a', { kind: 'none' });
  }
}

/** A slice of an IDR picture, whole or in fragments (RFC 6184, 5.8). */
function isOfKeyframe({ payload }: RtpPacket): boolean {
  const type = payload[0]! % 32;
  return type === 5 || (type === 28 && payload[1]! % 32 === 5);
}

async function playing(): Promise<RawClient> {
  const client = await RawClient.open(url);
  await client.play(url);
  await until('pictures', () => pictureTimes(client.packets).length > 3);
  return client;
}

describe('in what the camera answers', () => {
  const statuses: [Fault, number][] = [
    [{ kind: 'unauthorised' }, 401],
    [{ kind: 'not-found' }, 404],
  ];
  for (const [fault, status] of statuses) {
    test(`${fault.kind} is ${status}, ends who played, and leaves other streams alone`, async () => {
      await using before = await playing();
      await withFault(fault, async () => {
        await until('the end', () => before.isClosed);
        await using client = await RawClient.open(url);
        expect((await client.request('DESCRIBE', url))?.status).toBe(status);
        expect((await client.request('DESCRIBE', server.url('other')))?.status).toBe(200);
      });
      await using after = await playing();
      expect(after.isClosed).toBe(false);
    });
  }

  test('refuse closes the connection that names the stream', async () => {
    await withFault({ kind: 'refuse' }, async () => {
      await using client = await RawClient.open(url);
      expect(await client.request('DESCRIBE', url)).toBe(null);
      await until('the end', () => client.isClosed);
    });
  });

  test('stall-describe answers OPTIONS and never DESCRIBE', async () => {
    await withFault({ kind: 'stall-describe' }, async () => {
      await using client = await RawClient.open(url);
      expect((await client.request('OPTIONS', url))?.status).toBe(200);
      expect(await client.request('DESCRIBE', url, {}, 500)).toBe(null);
      expect(client.isClosed).toBe(false);
    });
  });

  test('audio-only brings silence and no video', async () => {
    await withFault({ kind: 'audio-only' }, async () => {
      const seen = await playWithFfmpeg(url, { pictures: 1, deadlineMs: 4000 });
      expect(seen).toMatchObject({ opened: 0, hasVideo: false, hasAudio: true });
      await using client = await playing();
      expect(
        client.packets.every(({ payload }) => payload.length === 160 && payload.every((byte) => byte === 0xff)),
      ).toBe(true);
      expect(new Set(steps(pictureTimes(client.packets), 2 ** 32))).toEqual(new Set([160]));
    });
    expect((await playWithFfmpeg(url, { pictures: 3 })).pictures).toHaveLength(3);
  });

  test('no-video describes no media at all', async () => {
    await withFault({ kind: 'no-video' }, async () => {
      await using client = await RawClient.open(url);
      expect((await client.request('DESCRIBE', url))?.body).not.toContain('m=');
      expect((await client.play(url))?.status).toBe(454);
    });
  });
});

describe('in the connection', () => {
  test('freeze holds the socket and sends nothing, and goes on with a keyframe', async () => {
    await using client = await playing();
    await server.fault('a', { kind: 'freeze' });
    await client.request('OPTIONS', url);
    const frozen = client.packets.length;
    await using late = await RawClient.open(url);
    expect((await late.play(url))?.status).toBe(200);
    expect((await client.request('GET_PARAMETER', url))?.status).toBe(200);
    expect(late.packets).toHaveLength(0);
    expect(client.packets).toHaveLength(frozen);
    await server.fault('a', { kind: 'none' });
    await until('packets', () => client.packets.length > frozen && late.packets.length > 0);
    expect(client.packets[frozen]!.payload[0]! % 32).toBe(7);
    expect(client.ending).toBe('open');
  });

  for (const [kind, ending] of [
    ['half-close', 'fin'],
    ['reset', 'reset'],
  ] as const) {
    test(`${kind} ends with ${ending.toUpperCase()} who plays, and who comes later`, async () => {
      await using client = await playing();
      await withFault({ kind }, async () => {
        await until('the end', () => client.ending !== 'open');
        expect(client.ending).toBe(ending);
        await using late = await RawClient.open(url);
        await late.play(url);
        await until('the end', () => late.ending !== 'open');
        expect(late.ending).toBe(ending);
      });
    });
  }

  test('packet-loss leaves gaps in the sequence numbers of about its share', async () => {
    await withFault({ kind: 'packet-loss', share: 0.3 }, async () => {
      await using client = await RawClient.open(url);
      await client.play(url);
      await until('packets', () => client.packets.length > 40);
      const { packets } = client;
      const sent = steps(
        packets.map(({ sequence }) => sequence),
        2 ** 16,
      ).reduce((sum, step) => sum + step, 1);
      expect(packets.length / sent).toBeGreaterThan(0.5);
      expect(packets.length / sent).toBeLessThan(0.9);
    });
  });
});

describe('in the pictures', () => {
  test('frozen-picture repeats one keyframe that decodes, with running time', async () => {
    await using client = await playing();
    await withFault({ kind: 'frozen-picture' }, async () => {
      await until('a keyframe', () => isOfKeyframe(client.packets.at(-1)!));
      const from = pictureTimes(client.packets).length;
      await until('pictures', () => pictureTimes(client.packets).length > from + 10);
      const bodies = client.packets
        .slice(-12)
        .filter(({ isLast }) => isLast)
        .map(({ payload }) => payload.toString('hex'));
      expect(new Set(bodies).size).toBe(1);
      expect(Math.min(...steps(pictureTimes(client.packets), 2 ** 32))).toBeGreaterThan(0);
      const seen = await playWithFfmpeg(url, { pictures: 10 });
      expect(seen.pictures.every(({ isKeyframe }) => isKeyframe)).toBe(true);
      expect(seen).toMatchObject({ undecodable: 0 });
    });
  });

  test('garbage opens well and cannot be decoded', async () => {
    await withFault({ kind: 'garbage' }, async () => {
      const seen = await playWithFfmpeg(url, { pictures: 5, deadlineMs: 4000 });
      expect(seen.opened).toBe(0);
      expect(seen.pictures.length).toBeLessThan(5);
    });
    expect((await playWithFfmpeg(url, { pictures: 5 })).pictures).toHaveLength(5);
  });

  test('change-resolution goes on in another size, in the same connection, and back', async () => {
    const player = playWithFfmpeg(url, { pictures: 40 });
    await until('the player to play', () => server.state('a').clients > 0);
    await using client = await playing();
    await until('pictures of the first size', () => pictureTimes(client.packets).length > 10);
    await server.fault('a', { kind: 'change-resolution', file: otherSize });
    const seen = await player;
    await server.fault('a', { kind: 'none' });
    expect(new Set(seen.pictures.map(({ width }) => width))).toEqual(new Set([CLIP.width, 480]));
    expect(
      new Set(
        steps(
          client.packets.map(({ sequence }) => sequence),
          2 ** 16,
        ),
      ),
    ).toEqual(new Set([1]));
    expect(Math.min(...steps(pictureTimes(client.packets), 2 ** 32))).toBeGreaterThan(0);
  });

  test('change-resolution refuses a file that is not there', async () => {
    const missing: Fault = { kind: 'change-resolution', file: clips.file('none.mp4') };
    await expect(server.fault('a', missing)).rejects.toMatchObject({ code: 'file-missing' });
    expect(server.state('a').fault).toEqual({ kind: 'none' });
  });

  test('time-jump moves the RTP time, forward or back, and moves it back at its end', async () => {
    await using client = await playing();
    const jumps = () => steps(pictureTimes(client.packets), 2 ** 32).filter((step) => Math.abs(step) > 90_000);
    const expected = [3600, -3600, -3600, 3600];
    for (const [at, seconds] of expected.entries()) {
      await server.fault('a', at % 2 === 0 ? { kind: 'time-jump', seconds } : { kind: 'none' });
      await until('a jump', () => jumps().length > at);
    }
    expect(jumps().map((step) => Math.round(step / 90_000))).toEqual(expected);
  });

  test('slow delivers fewer pictures a second than their times say', async () => {
    await withFault({ kind: 'slow', rate: 0.5 }, async () => {
      await using client = await RawClient.open(url);
      await client.play(url);
      await until('pictures', () => pictureTimes(client.packets).length > 12);
      const spentMs = client.packets.at(-1)!.atMs - client.packets[0]!.atMs;
      const mediaMs = steps(pictureTimes(client.packets), 2 ** 32).reduce((sum, step) => sum + step, 0) / 90;
      expect(mediaMs / spentMs).toBeGreaterThan(0.35);
      expect(mediaMs / spentMs).toBeLessThan(0.65);
    });
  });
});
