/** For tests of evidence: a camera that is read for real over RTSP into a desk, with looks that a test makes up. */
import { type EvidenceDesk, openEvidenceDesk } from '#ingest/evidence/desk.ts';
import type { Renderer } from '#ingest/evidence/renderer.ts';
import type { Watch } from '#ingest/pipeline/compose.ts';
import { readSource } from '#ingest/read/read-source.ts';
import type { CameraSource } from '#models/schema/camera.ts';
import { checker } from '#models/schema/check.ts';
import type { TrackedDetection } from '#models/schema/detection.ts';
import type { PictureRings } from '#models/schema/mask.ts';
import { decodeBundle, EvidenceAbout, type EvidenceRequest } from '#models/wire/evidence.ts';
import { testLogger } from '#test/site/site.ts';

export const ALERT = 'a'.repeat(24);
const checkAbout = checker('a bundle', EvidenceAbout);

export type Recorded = AsyncDisposable & {
  desk: EvidenceDesk;
  /** A look at what is there, now or then. */
  look: (detections: readonly Pick<TrackedDetection, 'track' | 'box' | 'kind'>[], atMs?: number) => Promise<void>;
  fetch: (
    span: Pick<EvidenceRequest, 'fromMs' | 'toMs' | 'atMs'>,
    boxes?: EvidenceRequest['boxes'],
  ) => Promise<{
    about: EvidenceAbout;
    parts: Record<string, Buffer>;
  }>;
};

export function record(
  source: CameraSource,
  options: { renderer: Renderer; ringMaxMs?: number; ringMaxBytes?: number; masks?: PictureRings },
): Recorded {
  const { renderer, ringMaxMs = 30_000, ringMaxBytes = 8 * 1024 ** 2, masks = [] } = options;
  const desk = openEvidenceDesk({ ringMaxMs, ringMaxBytes, masks, renderer });
  const stopping = new AbortController();
  const { signal } = stopping;
  const reading = (async () => {
    const settings = { sampleFps: 1, isGated: true, fullLookIntervalS: 10, isRealtime: true };
    const sights = readSource(source, { ...settings, signal, logger: testLogger, video: desk.ring.feed });
    for await (const sight of sights) if (sight.type === 'frame') sight.frame[Symbol.dispose]();
  })();
  // A camera that is cut off ends with a fault.
  reading.catch(() => {});
  return {
    desk,
    async look(found, atMs = Date.now()) {
      const detections = found.map((one) => ({ score: 0.9, isHeld: false, ...one }));
      const look = { capturedAtMs: atMs, receivedAtMs: atMs, isHeld: false, detections };
      const one = async function* (): AsyncGenerator<Watch> {
        yield { type: 'look', look };
      };
      for await (const _ of desk.seen.follow(one()));
    },
    async fetch(span, boxes = []) {
      const name = desk.ask({ alert: ALERT, ...span, boxes });
      return decodeBundle(await desk.fetch(name, AbortSignal.timeout(60_000)), checkAbout);
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await reading.catch(() => {});
      desk[Symbol.dispose]();
    },
  };
}
