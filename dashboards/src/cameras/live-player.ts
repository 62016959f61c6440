/** Plays a camera's live pictures onto a canvas, each with the boxes that were seen in it. */
import type { Sighting } from '#models/schema/detection.ts';
import { apiUrl, request } from '../api-client.ts';
import { listenToDetections } from '../detections/detection-stream.ts';
import { createLookTimeline } from './look-timeline.ts';
import { readPictures, type StreamedPicture } from './mjpeg-stream.ts';

export type LiveState = { name: 'opening' | 'playing' | 'reopening' } | { name: 'failed'; error: unknown };

export type LiveFrame = { picture: ImageBitmap; sightings: readonly Sighting[] };

type PlayerOptions = {
  signal: AbortSignal;
  onState: (state: LiveState) => void;
  /** Owns the picture until it returns. */
  onFrame: (frame: LiveFrame) => void;
};

/** Newest pictures that wait for their boxes; older ones are dropped. */
const PICTURES_KEPT = 45;
const RETRY_MS = [500, 1000, 2000, 5000, 10_000];

type Waiting = { jpeg: Blob; atMs: number };

/** Plays until `signal` aborts; opens the stream again after every end. */
export function playLive(camera: string, { signal, onState, onFrame }: PlayerOptions): void {
  const timeline = createLookTimeline();
  const waiting: Waiting[] = [];
  let newest = { atMs: 0, arrivedAt: 0 };
  const stopListening = listenToDetections([camera], {
    onMessage: (message) => timeline.add(message, newest.atMs),
  });
  signal.addEventListener('abort', stopListening, { once: true });

  const onPicture = ({ jpeg, capturedAtMs }: StreamedPicture) => {
    newest = { atMs: capturedAtMs ?? Date.now(), arrivedAt: performance.now() };
    waiting.push({ jpeg, atMs: newest.atMs });
    if (waiting.length > PICTURES_KEPT) waiting.shift();
  };
  const showDue = async () => {
    const nowMs = newest.atMs + (performance.now() - newest.arrivedAt) - timeline.delayMs();
    const due = waiting.findLastIndex((picture) => picture.atMs <= nowMs);
    const [chosen] = due === -1 ? [] : waiting.splice(0, due + 1).slice(-1);
    if (chosen === undefined) return;
    const picture = await createImageBitmap(chosen.jpeg);
    try {
      if (!signal.aborted) onFrame({ picture, sightings: timeline.sightingsAt(chosen.atMs) });
    } finally {
      picture.close();
    }
  };
  void keepShowing(showDue, signal);
  void keepOpen(camera, { signal, onState, onPicture });
}

async function keepShowing(showDue: () => Promise<void>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await new Promise((done) => requestAnimationFrame(done));
    // A picture that cannot be decoded is left out; the next one comes.
    await showDue().catch(() => {});
  }
}

type OpenOptions = Pick<PlayerOptions, 'signal' | 'onState'> & { onPicture: (picture: StreamedPicture) => void };

async function keepOpen(camera: string, { signal, onState, onPicture }: OpenOptions): Promise<void> {
  onState({ name: 'opening' });
  for (let failures = 0; !signal.aborted; failures++) {
    try {
      const response = await request(apiUrl(`cameras/${encodeURIComponent(camera)}/live.mjpeg`), { signal });
      if (response.body === null) throw new Error('the answer has no body');
      for await (const picture of readPictures(response.body)) {
        if (signal.aborted) return;
        failures = 0;
        onPicture(picture);
        onState({ name: 'playing' });
      }
      if (!signal.aborted) onState({ name: 'reopening' });
    } catch (error) {
      if (signal.aborted) return;
      onState({ name: 'failed', error });
    }
    const pauseMs = RETRY_MS[Math.min(failures, RETRY_MS.length - 1)];
    await new Promise((done) => setTimeout(done, pauseMs));
  }
}
