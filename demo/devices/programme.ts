/** Plays the city by the clock: which loop each camera shows changes at full minutes, in mid-stream. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { inspectClip } from '#demo/rtsp/clip-file.ts';
import { programmeOf } from '#demo/world/rhythm.ts';
import type { VariantId } from '#demo/world/view.ts';
import { viewOf } from '#demo/world/views.ts';
import type { VirtualDevice } from './device.ts';

export type PlayedCamera = { id: string; clips?: Partial<Record<VariantId, string>> };

export type ProgrammeOptions = {
  devices: readonly VirtualDevice[];
  cameras: readonly PlayedCamera[];
  logger: Logger;
  /** The city's clock; default: the wall clock. */
  now?: () => number;
};

const MINUTE_MS = 60_000;

/**
 * At the start, and then at every full minute, each camera is cued anew: its long loop burns in the seconds of the
 * clock, and whatever it was behind (it joins at a keyframe) is made up then. Substreams follow when they are made.
 */
export async function startProgramme(options: ProgrammeOptions): Promise<AsyncDisposable> {
  const { now = Date.now } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const cueing = { signal, now, logger: options.logger };
  await cueAll(options, now(), cueing);
  const running = (async () => {
    for (;;) {
      const atMs = now();
      const nextMs = Math.floor(atMs / MINUTE_MS + 1) * MINUTE_MS;
      await delay(nextMs - atMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      // A timer may be early by a moment; the minute that begins is the one that is meant.
      await cueAll(options, Math.max(now(), nextMs), cueing);
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await running;
    },
  };
}

type Cueing = { signal: AbortSignal; now: () => number; logger: Logger };

async function cueAll({ devices, cameras }: ProgrammeOptions, atMs: number, cueing: Cueing): Promise<void> {
  for (const camera of cameras) {
    const device = devices.find(({ plan }) => plan.id === camera.id);
    if (device === undefined || camera.clips === undefined) continue;
    await cue(device, { id: camera.id, clips: camera.clips, atMs }, cueing).catch((error: unknown) =>
      cueing.logger.warn({ camera: camera.id, err: error }, 'loop not shown'),
    );
  }
}

type Cued = Required<PlayedCamera> & { atMs: number };

async function cue(device: VirtualDevice, { id, clips, atMs }: Cued, { signal, logger, now }: Cueing): Promise<void> {
  const view = viewOf(id);
  const { clip, startAtS } = programmeOf(view, atMs, { clips: Object.keys(clips) as VariantId[] });
  const file = clips[clip];
  const loopS = view.variants.find((variant) => variant.id === clip)?.seconds;
  const [main, sub] = device.streams;
  if (file === undefined || loopS === undefined || main === undefined) return;
  await device.rtsp.show(main.path, file, { startAtS, loopS });
  if (sub === undefined) return;
  const follow = async () => {
    await device.prepared;
    const small = await device.variantOf({ ...sub, clip: await inspectClip(file) }, null, false);
    const lateS = (now() - atMs) / 1000;
    // Made too late: the next minute has its own cue.
    if (signal.aborted || lateS >= 60) return;
    await device.rtsp.show(sub.path, small, { startAtS: (startAtS + lateS) % loopS, loopS });
  };
  void follow().catch((error: unknown) => {
    if (!signal.aborted) logger.warn({ camera: id, err: error }, 'substream not shown');
  });
}
