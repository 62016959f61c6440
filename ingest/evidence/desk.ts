/** What a worker does when pictures of an alert are asked for: waits for the seconds after, cuts, blurs, hands out. */
import { randomUUID } from 'node:crypto';
import type { Box } from '#models/schema/detection.ts';
import { FaultError, faultCodeOf } from '#models/schema/fault.ts';
import type { PictureRings } from '#models/schema/mask.ts';
import { type EvidenceAbout, type EvidenceRequest, encodeBundle } from '#models/wire/evidence.ts';
import type { ClipMetrics } from './clip-metrics.ts';
import { coverOf } from './cover.ts';
import { cutClip, takePackets } from './cut.ts';
import type { Renderer } from './renderer.ts';
import { PacketRing } from './ring.ts';
import { createSeen, type Seen } from './seen.ts';

export type EvidenceDesk = Disposable & {
  ring: PacketRing;
  seen: Seen;
  /** Keeps the question for a moment; returns the name under which its answer is fetched. */
  ask: (request: EvidenceRequest) => string;
  /** The bundle; throws FaultError `not-found` for a name that is not known, and what cutting and blurring throw. */
  fetch: (name: string, signal: AbortSignal) => Promise<Buffer>;
};

export type DeskOptions = {
  ringMaxBytes: number;
  ringMaxMs: number;
  masks: PictureRings;
  renderer: Renderer;
  clips?: ClipMetrics | undefined;
};

/** An invitation lasts thirty seconds. */
const ASKED_FOR_MS = 35_000;
const ASKED_MAX = 64;
/** Beyond the end of the clip: packets on their way, and the gate's word that nothing moved. */
const PACKETS_LATE_MS = 3000;
const LOOKS_LATE_MS = 6500;

/** Loss rule of questions: the oldest go, and those that nobody fetched in their time. */
export function openEvidenceDesk({ ringMaxBytes, ringMaxMs, masks, renderer, clips }: DeskOptions): EvidenceDesk {
  const ring = new PacketRing({ maxBytes: ringMaxBytes, maxMs: ringMaxMs });
  const seen = createSeen({ maxMs: ringMaxMs });
  const asked = new Map<string, { request: EvidenceRequest; untilMs: number }>();
  const closing = new AbortController();

  async function make(request: EvidenceRequest, signal: AbortSignal): Promise<Buffer> {
    await waitUntil(request.toMs, PACKETS_LATE_MS, signal, (until) => ring.reached(request.toMs, until));
    using taken = takePackets(ring.recordings, request);
    // What looks say of the last pictures comes after them; without it they would be blurred altogether.
    const endMs = Math.min(request.toMs, taken.packets.at(-1)!.capturedAtMs);
    await waitUntil(endMs, LOOKS_LATE_MS, signal, (until) => seen.reached(endMs, until));
    const startedAt = performance.now();
    const cut = await cutClip(taken);
    const cutMs = performance.now() - startedAt;
    const cover = coverOf(seen.looks(), cut);
    const { fromMs, toMs, codec, shown } = cut;
    const order = { shown, atMs: request.atMs, boxes: request.boxes as Box[], ...cover, masks };
    const { about, parts } = await renderer.render(order, cut.mp4, signal);
    const blurMs = performance.now() - startedAt - cutMs;
    const told: EvidenceAbout = { fromMs, toMs, codec, cutMs, blurMs, ...about };
    const bundle = encodeBundle(told, { unblurredClip: cut.mp4, ...parts });
    clips?.made({ bytes: bundle.length, clipMs: toMs - fromMs, cutMs, blurMs, blurredWhole: about.blurredWhole });
    return bundle;
  }

  return {
    ring,
    seen,
    ask(request) {
      const nowMs = Date.now();
      for (const [name, { untilMs }] of asked) if (untilMs < nowMs || asked.size >= ASKED_MAX) asked.delete(name);
      const name = randomUUID();
      asked.set(name, { request, untilMs: nowMs + ASKED_FOR_MS });
      return name;
    },
    async fetch(name, signal) {
      const question = asked.get(name);
      asked.delete(name);
      if (question === undefined) throw new FaultError('not-found', 'nobody asked for these pictures, or too long ago');
      try {
        return await make(question.request, AbortSignal.any([signal, closing.signal]));
      } catch (error) {
        clips?.failed(faultCodeOf(error));
        throw error;
      }
    },
    [Symbol.dispose]() {
      closing.abort();
      ring[Symbol.dispose]();
    },
  };
}

/** Not longer than so much beyond that time, by the clock. */
async function waitUntil(
  atMs: number,
  lateMs: number,
  signal: AbortSignal,
  wait: (until: AbortSignal) => Promise<void>,
): Promise<void> {
  const until = AbortSignal.timeout(Math.min(Math.max(0, atMs - Date.now()) + lateMs, 2 ** 31 - 1));
  await wait(AbortSignal.any([signal, until]));
  if (signal.aborted) throw new FaultError('evidence-not-cut', 'nobody waits for the clip any more');
}
