/**
 * Plays the map through time. States: opening (some steps over the whole span are read, so that all share one scale),
 * standing, playing. A step is shown when it has come; while playing the next ones are read ahead, and the play waits for
 * them. Changed choices begin anew.
 */
import { useCallback, useEffect, useMemo, useReducer, useRef, useState } from 'react';
import type { Span } from '../workspace/time-range.ts';
import { samplesOf } from './frames.ts';
import type { Scale } from './heat-columns.ts';
import type { MapFigures } from './map-figures.ts';

const SAMPLES = 6;
const AHEAD = 3;
const KEPT_MAX = 40;
const FRAME_MS = 900;

type Loaded = { figures: MapFigures } | { error: unknown };

export type TimePlay = {
  frames: readonly Span[];
  index: number;
  isPlaying: boolean;
  isWaiting: boolean;
  error: unknown;
  figures: MapFigures | undefined;
  /** The scale of all steps; undefined while opening. */
  scale: Scale | undefined;
  setIndex: (index: number) => void;
  toggle: () => void;
};

/** Steps that have been read or are on their way; the oldest are forgotten. */
type Store = { loaded: Map<number, Loaded>; asked: Set<number>; leaving: AbortController };

const newStore = (): Store => ({ loaded: new Map(), asked: new Set(), leaving: new AbortController() });

type Read = (span: Span, signal: AbortSignal) => Promise<MapFigures>;

function commonScale(loaded: readonly (Loaded | undefined)[]): Scale | undefined {
  const scales = loaded.flatMap((each) => (each !== undefined && 'figures' in each ? [each.figures.scale] : []));
  return scales.sort((a, b) => b.end - a.end)[0];
}

/** `key` names everything but the step: when it changes all that was read is forgotten. A null key plays nothing. */
export function useTimePlay(key: string | null, frames: readonly Span[], read: Read): TimePlay {
  const [index, setIndexState] = useState(0);
  const [isPlaying, setIsPlaying] = useState(false);
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const store = useRef<Store>(newStore());
  const latest = useRef(read);
  latest.current = read;
  const [scale, setScale] = useState<Scale>();

  const load = useCallback(
    async (at: number) => {
      const { loaded, asked, leaving } = store.current;
      const span = frames[at];
      if (span === undefined || asked.has(at)) return;
      asked.add(at);
      const result = await latest.current(span, leaving.signal).then(
        (figures): Loaded => ({ figures }),
        (error: unknown): Loaded => ({ error }),
      );
      if (leaving.signal.aborted) return;
      loaded.set(at, result);
      for (const old of loaded.keys()) {
        if (loaded.size <= KEPT_MAX) break;
        loaded.delete(old);
        asked.delete(old);
      }
      redraw();
    },
    [frames],
  );

  useEffect(() => {
    if (key === null) return;
    const mine = newStore();
    store.current = mine;
    setIndexState(0);
    setScale(undefined);
    const samples = samplesOf(frames.length, SAMPLES);
    void Promise.all(samples.map(load)).then(() => {
      if (!mine.leaving.signal.aborted) setScale(commonScale(samples.map((at) => mine.loaded.get(at))));
    });
    return () => {
      mine.leaving.abort();
      setIsPlaying(false);
    };
  }, [key, frames, load]);

  const now = key === null ? undefined : store.current.loaded.get(index);
  const isThere = now !== undefined;
  useEffect(() => {
    if (key === null) return;
    void load(index).then(() => {
      for (let ahead = 1; ahead <= AHEAD; ahead++) void load(index + ahead);
    });
  }, [key, index, load]);
  useEffect(() => {
    if (!isPlaying || !isThere || scale === undefined) return;
    const timer = setTimeout(() => {
      if (index + 1 < frames.length) setIndexState(index + 1);
      else setIsPlaying(false);
    }, FRAME_MS);
    return () => clearTimeout(timer);
  }, [isPlaying, isThere, scale, index, frames.length]);

  const shown = useRef<MapFigures>(undefined);
  if (now !== undefined && 'figures' in now) shown.current = now.figures;
  if (key === null) shown.current = undefined;
  const setIndex = useCallback((next: number) => {
    setIsPlaying(false);
    setIndexState(next);
  }, []);
  const toggle = useCallback(() => {
    setIsPlaying((was) => !was);
    setIndexState((at) => (at + 1 >= frames.length ? 0 : at));
  }, [frames.length]);
  return useMemo(
    () => ({
      ...{ frames, index, isPlaying, scale, setIndex, toggle },
      isWaiting: now === undefined || scale === undefined,
      error: now !== undefined && 'error' in now ? now.error : undefined,
      figures: shown.current,
    }),
    [frames, index, isPlaying, scale, setIndex, toggle, now],
  );
}
