/**
 * What pictures of alerts cost: `node test/bench/evidence.ts [seconds]`. CPU of reading a gated 720p25 camera with and
 * without its ring of packets, alternately in one run; memory of twelve full rings; time to cut a clip, and to blur it.
 */
import { coverOf } from '#ingest/evidence/cover.ts';
import { cutClip, takePackets } from '#ingest/evidence/cut.ts';
import { createRenderer } from '#ingest/evidence/renderer.ts';
import { PacketRing } from '#ingest/evidence/ring.ts';
import type { SeenLook } from '#ingest/evidence/seen.ts';
import { readSource } from '#ingest/read/read-source.ts';
import { makeClips } from '#test/ingest/clips.ts';

const SECONDS = Number(process.argv[2] ?? 20);
const CAMERAS = 12;
const ROUNDS = 3;
const LIMITS = { maxBytes: 24 * 1024 ** 2, maxMs: 40_000 };
const CLIP_MS = 14_000;

const used = (since?: NodeJS.CpuUsage) => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
};

async function read(path: string, ring?: PacketRing): Promise<number> {
  const before = process.cpuUsage();
  const { signal } = new AbortController();
  const options = { signal, sampleFps: 5, isGated: true, fullLookIntervalS: 10 };
  const video = ring === undefined ? {} : { video: ring.feed };
  for await (const sight of readSource({ kind: 'file', path, isLooped: false }, { ...options, ...video }))
    if (sight.type === 'frame') sight.frame[Symbol.dispose]();
  return used(before);
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Two people who walk, looked at five times a second. */
function looksOver(fromMs: number, toMs: number): SeenLook[] {
  const looks: SeenLook[] = [];
  for (let atMs = fromMs - 500; atMs <= toMs + 500; atMs += 200) {
    const share = (atMs - fromMs) / (toMs - fromMs);
    const tracked = [0.2, 0.6].map((y, index) => ({
      track: `track-${index}`,
      box: [0.05 + 0.8 * share, y, 0.05, 0.25] as [number, number, number, number],
    }));
    looks.push({ atMs, isQuiet: false, tracked, loose: [] });
  }
  return looks;
}

using clips = makeClips();
const path = await clips.write('street.mp4', {
  width: 1280,
  height: 720,
  fps: 25,
  seconds: SECONDS,
  gopS: 2,
  noise: 4,
});
await read(path);
const [plain, kept]: [number[], number[]] = [[], []];
for (let round = 0; round < ROUNDS; round++) {
  plain.push(await read(path));
  using ring = new PacketRing(LIMITS);
  kept.push(await read(path, ring));
}
console.log(
  `reading ${SECONDS} s of a gated 720p25 camera: ${median(plain).toFixed(0)} ms CPU without ring, ${median(kept).toFixed(0)} ms with: ${(median(kept) / median(plain)).toFixed(2)} times`,
);

globalThis.gc?.();
const rssBefore = process.memoryUsage.rss();
const rings = Array.from({ length: CAMERAS }, () => new PacketRing(LIMITS));
for (const ring of rings) await read(path, ring);
const bytes = rings.reduce((sum, ring) => sum + ring.bytes, 0);
const grownMb = (process.memoryUsage.rss() - rssBefore) / 1024 ** 2;
console.log(
  `${CAMERAS} rings with ${SECONDS} s each: ${(bytes / 1024 ** 2).toFixed(1)} MiB of packets, RSS grew by ${grownMb.toFixed(0)} MiB (at most ${CAMERAS * 24} MiB by the limit)`,
);

const ring = rings[0]!;
const toMs = ring.newestMs;
const span = { fromMs: toMs - CLIP_MS, toMs, atMs: toMs - CLIP_MS / 2 };
const times: number[] = [];
let cut: Awaited<ReturnType<typeof cutClip>> | undefined;
for (let round = 0; round < 5; round++) {
  const startedAt = performance.now();
  using taken = takePackets(ring.recordings, span);
  cut = await cutClip(taken);
  times.push(performance.now() - startedAt);
}
if (cut === undefined) throw new Error('nothing was cut');
const clipS = (cut.toMs - cut.fromMs) / 1000;
console.log(
  `cutting ${clipS.toFixed(1)} s (${(cut.mp4.length / 1024).toFixed(0)} KiB): ${median(times).toFixed(1)} ms`,
);

await using renderer = createRenderer();
const cover = coverOf(looksOver(cut.fromMs, cut.toMs), cut);
const order = { shown: cut.shown, atMs: span.atMs, boxes: [], ...cover, masks: [] };
const startedAt = performance.now();
const { about } = await renderer.render(order, cut.mp4, AbortSignal.timeout(170_000));
const blurS = (performance.now() - startedAt) / 1000;
console.log(
  `blurring it at the lowest priority: ${blurS.toFixed(1)} s, ${(blurS / clipS).toFixed(2)} s a second of clip (${about.pictures} pictures, its process included)`,
);
for (const one of rings) one[Symbol.dispose]();
