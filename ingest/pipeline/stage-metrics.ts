/** The metrics of an ingest worker: for each stage what came in, what went out, what was dropped, and how long it took. */
import type { Counter } from 'prom-client';
import type { Outbox, OutboxEvent } from '#ingest/publish/outbox.ts';
import type { Spool, SpoolLoss } from '#ingest/spool/spool.ts';
import type { CameraState } from '#models/schema/camera.ts';
import type { DetectionMessage } from '#models/schema/detection.ts';
import type { Metrics } from '#system/metrics.ts';

export type StageMetrics = {
  /** Label `outcome`: looked, failed, no-model. */
  looks: Counter;
  pictures: Counter;
  /** Pictures of live videos, told when a viewer has gone. */
  video: (outcome: 'sent' | 'dropped', pictures: number) => void;
  /** Counts what a camera's states add since the last one; one per connection of the pipeline. */
  reading: () => (state: CameraState) => void;
  detected: (batch: { frames: number; seconds: number }) => void;
  composed: (message: DetectionMessage) => void;
  outbox: (event: OutboxEvent) => void;
  lost: (loss: SpoolLoss) => void;
  /** Moving average of one frame in the detector; 0 before the first. */
  detectMs: () => number;
  /** Messages given up since the process began. */
  lostMessages: () => number;
};

/** `state` figures are shown as they are when somebody asks. */
export function createStageMetrics(metrics: Metrics): StageMetrics {
  const { counter, histogram } = metrics;
  const videoPictures = counter(
    'sharp_eyes_live_video_pictures_total',
    'Pictures of live videos for viewers, told when one has gone; came = sent + dropped',
    ['outcome'],
  );
  const messages = counter('sharp_eyes_messages_total', 'Messages, by what became of them', ['outcome']);
  const lost = counter('sharp_eyes_messages_given_up_total', 'Messages that the spool gave up', ['reason']);
  const sightings = counter('sharp_eyes_sightings_total', 'Sightings in messages', ['held']);
  const publishSeconds = histogram(
    'sharp_eyes_publish_seconds',
    'From publishing a message to the stream’s acknowledgement',
    [0.001, 0.005, 0.02, 0.1, 0.5, 2, 5],
  );
  const detectSeconds = histogram(
    'sharp_eyes_detect_seconds',
    'One call of the detector',
    [0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1],
  );
  const detectedFrames = counter('sharp_eyes_detected_frames_total', 'Frames that went through the detector');
  let lostMessages = 0;
  let detectMs = 0;
  return {
    looks: counter('sharp_eyes_frames_total', 'Frames before the detector, by what became of them', ['outcome']),
    pictures: counter('sharp_eyes_live_pictures_total', 'Live pictures that were encoded'),
    video: (outcome, pictures) => videoPictures.inc({ outcome }, pictures),
    reading: () => countReading(metrics),
    detected({ frames, seconds }) {
      detectedFrames.inc(frames);
      detectSeconds.observe(seconds);
      const frameMs = (seconds * 1000) / frames;
      detectMs = detectMs === 0 ? frameMs : detectMs * 0.95 + frameMs * 0.05;
    },
    composed(message) {
      messages.inc({ outcome: 'composed' });
      for (const { isHeld } of message.sightings) sightings.inc({ held: String(isHeld) });
    },
    outbox(event) {
      messages.inc({ outcome: event.type });
      if (event.type === 'published') publishSeconds.observe(event.seconds);
      if (event.type === 'refused') lostMessages++;
    },
    lost({ reason, messages: count }) {
      lost.inc({ reason }, count);
      lostMessages += count;
    },
    detectMs: () => Math.round(detectMs * 10) / 10,
    lostMessages: () => lostMessages,
  };
}

const READING = {
  packets: 'Packets that cameras sent',
  decoded: 'Pictures decoded',
  skipped: 'Pictures that the gate did not decode',
  dropped: 'Frames dropped because the detector lagged',
  failed: 'Pictures that would not decode',
  reconnects: 'Connections to cameras made again',
  timeJumps: 'Jumps in the timestamps of streams',
} as const;

type ReadingKey = keyof typeof READING;

const readingCounters = new WeakMap<Metrics, Record<ReadingKey, Counter>>();

function countReading(metrics: Metrics): (state: CameraState) => void {
  const counters = readingCounters.get(metrics) ?? makeReadingCounters(metrics);
  let before: CameraState | undefined;
  return (state) => {
    for (const key of Object.keys(READING) as ReadingKey[]) {
      // A figure that fell was begun anew.
      const last = before === undefined || state[key] < before[key] ? 0 : before[key];
      counters[key].inc(state[key] - last);
    }
    before = state;
  };
}

function makeReadingCounters(metrics: Metrics): Record<ReadingKey, Counter> {
  const counters = Object.fromEntries(
    Object.entries(READING).map(([key, help]) => {
      const name = key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      return [key, metrics.counter(`sharp_eyes_camera_${name}_total`, help)];
    }),
  ) as Record<ReadingKey, Counter>;
  readingCounters.set(metrics, counters);
  return counters;
}

export type Figures = {
  spool: Spool;
  outbox: Outbox;
  states: () => readonly CameraState[];
  counts: () => { cameras: number; workers: number; unclaimed: number };
};

/** Gauges that are read whenever somebody asks. */
export function watchFigures(metrics: Metrics, figures: Figures): void {
  const show = (name: string, help: string, read: () => number) => {
    const gauge = metrics.gauge(name, help);
    Object.assign(gauge, { collect: () => gauge.set(read()) });
  };
  show('sharp_eyes_spool_bytes', 'Size of the spool', () => figures.spool.sizeBytes());
  show('sharp_eyes_spool_messages', 'Messages in the spool', () => figures.spool.messages());
  show('sharp_eyes_publish_in_flight_messages', 'Messages not acknowledged yet', () => figures.outbox.inFlight());
  show('sharp_eyes_cameras_unclaimed', 'Cameras that no worker has', () => figures.counts().unclaimed);
  const cameras = metrics.gauge('sharp_eyes_cameras', 'Cameras of this worker', ['state']);
  Object.assign(cameras, {
    collect: () => {
      cameras.reset();
      for (const { state } of figures.states()) cameras.inc({ state });
    },
  });
}
