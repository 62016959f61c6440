/** The live view of one camera, as a hook: video where the browser plays it, pictures where not, with boxes over it. */
import { type RefObject, useEffect, useRef, useState } from 'react';
import type { Sighting } from '#models/schema/detection.ts';
import type { Kind } from '#models/schema/kind.ts';
import { drawBoxes } from '../cameras/box-drawing.ts';
import { playLive } from '../cameras/live-player.ts';
import { createLookTimeline } from '../cameras/look-timeline.ts';
import type { Words } from '../words/english.ts';
import { shareDetections } from './detections-shared.ts';
import { playStills } from './stills.ts';
import { type PlayState, playVideo } from './video-player.ts';

export type Counts = Partial<Record<Kind, number>>;

/** `video`: moving pictures; `pictures`: JPEGs, because the browser cannot play the codec, or no WebSocket gets through. */
export type LiveMode = { name: 'video' } | { name: 'pictures'; codec: string | null };

export type Live = { state: PlayState; mode: LiveMode; counts: Counts; wasPlayed: boolean };

export type LiveOptions = {
  isOn: boolean;
  hasBoxes: boolean;
  words: Words;
  /** Many at once: where there is no video, one picture a second instead of a stream of them. */
  isOneOfMany: boolean;
};

/** `canvas` lies over `video`: boxes are drawn on it, and the pictures where there is no video. */
export type LiveElements = { video: RefObject<HTMLVideoElement | null>; canvas: RefObject<HTMLCanvasElement | null> };

const COUNT_EVERY_MS = 500;

export function useLive(camera: string, elements: LiveElements, options: LiveOptions): Live {
  const [state, setState] = useState<PlayState>({ name: 'opening' });
  const [mode, setMode] = useState<LiveMode>({ name: 'video' });
  const [counts, setCounts] = useState<Counts>({});
  const [wasPlayed, setWasPlayed] = useState(false);
  const latest = useRef(options);
  latest.current = options;
  const isVisible = useIsPageVisible();
  const isPlaying = options.isOn && isVisible;
  const { isOneOfMany } = options;
  const { video, canvas } = elements;
  const kind = mode.name;

  useEffect(() => {
    if (!isPlaying || video.current === null || canvas.current === null) return;
    const leaving = new AbortController();
    const show = createShow(canvas.current, latest, (seen) => {
      setWasPlayed(true);
      if (seen !== undefined) setCounts(seen);
    });
    const onState = (next: PlayState) => {
      setState((was) => (was.name === next.name && next.name !== 'failed' ? was : next));
      if (next.name === 'unplayable') setMode({ name: 'pictures', codec: next.codec });
    };
    const parts = { signal: leaving.signal, onState, show, latest };
    if (kind === 'video') startVideo(camera, video.current, parts);
    else if (isOneOfMany) startStills(camera, parts);
    else startPictures(camera, parts);
    return () => leaving.abort();
  }, [camera, isPlaying, isOneOfMany, kind, video, canvas]);
  return { state, mode, counts, wasPlayed };
}

type Show = (sightings: readonly Sighting[], shape: { width: number; height: number }, picture?: ImageBitmap) => void;

type Parts = {
  signal: AbortSignal;
  onState: (state: PlayState) => void;
  show: Show;
  latest: RefObject<LiveOptions>;
};

function startVideo(camera: string, video: HTMLVideoElement, { signal, onState, show, latest }: Parts): void {
  const timeline = createLookTimeline();
  let newestAtMs = 0;
  const stop = shareDetections(camera, (message) => timeline.add(message, newestAtMs));
  signal.addEventListener('abort', stop, { once: true });
  void playVideo(camera, video, {
    signal,
    onState,
    boxesLagMs: () => (latest.current.hasBoxes ? timeline.delayMs() : 0),
    onArrived: (capturedAtMs) => {
      newestAtMs = capturedAtMs;
    },
    onShown: (capturedAtMs) => {
      video.dataset.capturedAtMs = String(capturedAtMs);
      video.dataset.delayMs = String(Date.now() - capturedAtMs);
      show(timeline.sightingsAt(capturedAtMs), { width: video.videoWidth, height: video.videoHeight });
    },
  });
}

function startPictures(camera: string, { signal, onState, show }: Parts): void {
  playLive(camera, {
    signal,
    onState: (state) =>
      onState(state.name === 'failed' ? state : { name: state.name === 'playing' ? 'playing' : 'opening' }),
    onFrame: ({ picture, sightings }) => show(sightings, picture, picture),
  });
}

function startStills(camera: string, { signal, onState, show, latest }: Parts): void {
  const timeline = createLookTimeline();
  const stop = shareDetections(camera, (message) => timeline.add(message, Date.now()));
  signal.addEventListener('abort', stop, { once: true });
  void playStills(camera, {
    signal,
    delayMs: () => (latest.current.hasBoxes ? timeline.delayMs() : 0),
    onPicture: (picture, capturedAtMs) => {
      onState({ name: 'playing' });
      show(timeline.sightingsAt(capturedAtMs), picture, picture);
    },
    onFault: (error) => onState({ name: 'failed', error }),
  });
}

function createShow(
  canvas: HTMLCanvasElement,
  latest: RefObject<LiveOptions>,
  onShown: (counts: Counts | undefined) => void,
): Show {
  let countedAt = Number.NEGATIVE_INFINITY;
  return (sightings, shape, picture) => {
    drawOver(canvas, { sightings, shape, picture, options: latest.current });
    const isDue = performance.now() - countedAt >= COUNT_EVERY_MS;
    if (isDue) countedAt = performance.now();
    onShown(isDue ? countKinds(sightings) : undefined);
  };
}

type Drawing = {
  sightings: readonly Sighting[];
  shape: { width: number; height: number };
  picture: ImageBitmap | undefined;
  options: LiveOptions;
};

function drawOver(canvas: HTMLCanvasElement, { sightings, shape, picture, options }: Drawing): void {
  const scale = Math.min(devicePixelRatio, 2);
  const width = Math.round(canvas.clientWidth * scale);
  const height = Math.round((width * shape.height) / shape.width);
  if (width === 0 || !Number.isFinite(height)) return;
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = canvas.getContext('2d');
  if (context === null) return;
  if (picture === undefined) context.clearRect(0, 0, width, height);
  else context.drawImage(picture, 0, 0, width, height);
  if (!options.hasBoxes) return;
  canvas.dataset.boxes = String(sightings.length);
  drawBoxes(context, sightings, { width, height, scale, kindNames: options.words.kindOfOne });
}

function countKinds(sightings: readonly Sighting[]): Counts {
  const counts: Counts = {};
  for (const { kind } of sightings) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

function useIsPageVisible(): boolean {
  const [isVisible, setIsVisible] = useState(!document.hidden);
  useEffect(() => {
    const onChange = () => setIsVisible(!document.hidden);
    document.addEventListener('visibilitychange', onChange);
    return () => document.removeEventListener('visibilitychange', onChange);
  }, []);
  return isVisible;
}
