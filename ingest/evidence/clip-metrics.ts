/** What a worker counts of its memory of pictures, and of the clips that it makes of it. */
import { FAULTS, type FaultCode } from '#models/schema/fault.ts';
import type { Metrics } from '#system/metrics.ts';
import type { Renderer } from './renderer.ts';
import type { PacketRing } from './ring.ts';

export type MadeClip = { bytes: number; clipMs: number; cutMs: number; blurMs: number; blurredWhole: number };
export type ClipMetrics = { made: (clip: MadeClip) => void; failed: (reason: FaultCode) => void };

/** Seconds of blurring for a second of clip. */
const SHARES = [0.25, 0.5, 1, 2, 4, 8, 16];

export function createClipMetrics({ counter, histogram }: Metrics): ClipMetrics {
  const clips = counter(
    'sharp_eyes_evidence_clips_total',
    'Clips of alerts that a worker was asked for, by what became of them; asked = made + failed',
    ['outcome', 'reason'],
  );
  const bytes = counter('sharp_eyes_evidence_clip_bytes_total', 'Size of clips and stills that were handed out');
  const seconds = counter('sharp_eyes_evidence_clip_seconds_total', 'Length of clips that were handed out');
  const whole = counter(
    'sharp_eyes_evidence_whole_pictures_total',
    'Pictures of clips that were blurred altogether, because nobody looked at that time',
  );
  const cut = histogram('sharp_eyes_evidence_cut_seconds', 'To cut one clip', [0.05, 0.2, 0.5, 1, 2, 5]);
  const blur = histogram('sharp_eyes_evidence_blur_seconds', 'To blur one second of a clip, its wait included', SHARES);
  return {
    made(clip) {
      clips.inc({ outcome: 'made', reason: '' });
      bytes.inc(clip.bytes);
      seconds.inc(clip.clipMs / 1000);
      whole.inc(clip.blurredWhole);
      cut.observe(clip.cutMs / 1000);
      blur.observe(clip.blurMs / Math.max(1, clip.clipMs));
    },
    failed: (reason) => clips.inc({ outcome: 'failed', reason: reason in FAULTS ? reason : 'internal' }),
  };
}

type Watched = { rings: () => readonly PacketRing[]; renderer: Pick<Renderer, 'waiting'> };

/** Gauges that are read whenever somebody asks. */
export function watchRings(metrics: Metrics, { rings, renderer }: Watched): void {
  const show = (name: string, help: string, read: () => number) => {
    const gauge = metrics.gauge(name, help);
    Object.assign(gauge, { collect: () => gauge.set(read()) });
  };
  const sum = (of: (ring: PacketRing) => number) => rings().reduce((total, ring) => total + of(ring), 0);
  show('sharp_eyes_evidence_ring_packets', 'Packets that are remembered', () => sum(({ packets }) => packets));
  show('sharp_eyes_evidence_ring_bytes', 'Size of the packets that are remembered', () => sum(({ bytes }) => bytes));
  show('sharp_eyes_evidence_ring_lost_groups', 'Groups of pictures that alone were too large to be remembered', () =>
    sum(({ lost }) => lost),
  );
  show(
    'sharp_eyes_evidence_ring_seconds',
    'How far the memory goes back, of the camera of which least is known',
    () => {
      const held = rings().flatMap((ring) => (ring.isRecording ? [ring.heldMs / 1000] : []));
      return held.length === 0 ? 0 : Math.min(...held);
    },
  );
  show('sharp_eyes_evidence_blur_clips', 'Clips that are being blurred or wait for it', () => renderer.waiting());
}
