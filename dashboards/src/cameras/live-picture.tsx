/** The live picture of a camera, while it is looked at: hidden pages let go of the stream, so that the gate may close. */
import { useEffect, useRef, useState } from 'react';
import type { CameraView } from '#models/schema/camera-view.ts';
import type { Sighting } from '#models/schema/detection.ts';
import type { Kind } from '#models/schema/kind.ts';
import { KIND_COLOURS, KINDS_SHOWN } from '../kinds.ts';
import type { StateName, Words } from '../words/english.ts';
import { useWords } from '../words/language.tsx';
import { BoxIcon, KindIcon } from '../workspace/icons.tsx';
import { ProblemText } from '../workspace/problem-text.tsx';
import { drawBoxes } from './box-drawing.ts';
import { type LiveFrame, type LiveState, playLive } from './live-player.ts';
import { stateOf } from './state-glyph.tsx';

const PICTURELESS: readonly StateName[] = ['waiting', 'down', 'disabled'];
const COUNT_EVERY_MS = 500;

type Counts = Partial<Record<Kind, number>>;

export function LivePicture({ camera }: { camera: CameraView }) {
  const words = useWords();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [hasBoxes, setHasBoxes] = useState(true);
  const name = stateOf(camera);
  const hasPicture = !PICTURELESS.includes(name);
  const { live, counts, wasPlayed } = useLivePicture(canvas, camera.id, { isOn: hasPicture, hasBoxes, words });
  const ratio = camera.state?.width !== undefined ? `${camera.state.width} / ${camera.state.height}` : '16 / 9';
  const seen = KINDS_SHOWN.filter((kind) => counts[kind] !== undefined);
  const spoken = seen.map((kind) => `${words.kinds[kind]} ${counts[kind]}`).join(', ');
  return (
    <div className="live">
      <div className="live-frame" style={{ aspectRatio: ratio }} data-live={hasPicture ? live.name : 'none'}>
        <canvas ref={canvas} role="img" aria-label={`${words.live.title}: ${spoken || words.live.nothing}`} />
        {!hasPicture && <p className="live-over">{words.live.noneWhile(words.states[name])}</p>}
        {hasPicture && !wasPlayed && live.name !== 'failed' && <p className="live-over">{words.live.opening}</p>}
        {hasPicture && wasPlayed && live.name === 'reopening' && <p className="live-hint">{words.live.reopening}</p>}
        {hasPicture && live.name === 'failed' && (
          <div className={wasPlayed ? 'live-hint' : 'live-over'} role="status">
            <ProblemText error={live.error} />
          </div>
        )}
      </div>
      <div className="live-foot">
        <ul className="live-counts" aria-label={words.live.inView}>
          {hasPicture && wasPlayed && seen.length === 0 && <li className="muted">{words.live.nothing}</li>}
          {hasPicture &&
            seen.map((kind) => (
              <li key={kind} title={words.kinds[kind]}>
                <i style={{ background: KIND_COLOURS[kind] }} />
                <KindIcon kind={kind} />
                <b>{counts[kind]}</b>
              </li>
            ))}
        </ul>
        <button
          type="button"
          className="button-plain"
          aria-pressed={hasBoxes}
          disabled={!hasPicture}
          onClick={() => setHasBoxes(!hasBoxes)}
        >
          <BoxIcon />
          {hasBoxes ? words.live.hideBoxes : words.live.showBoxes}
        </button>
      </div>
    </div>
  );
}

type LiveOptions = { isOn: boolean; hasBoxes: boolean; words: Words };

function useLivePicture(canvas: React.RefObject<HTMLCanvasElement | null>, camera: string, options: LiveOptions) {
  const [live, setLive] = useState<LiveState>({ name: 'opening' });
  const [counts, setCounts] = useState<Counts>({});
  const [wasPlayed, setWasPlayed] = useState(false);
  const latest = useRef(options);
  latest.current = options;
  const isVisible = useIsPageVisible();
  const isPlaying = options.isOn && isVisible;
  useEffect(() => {
    if (!isPlaying) return;
    const leaving = new AbortController();
    let countedAt = 0;
    const onFrame = (frame: LiveFrame) => {
      if (canvas.current !== null) draw(canvas.current, frame, latest.current);
      setWasPlayed(true);
      if (performance.now() - countedAt < COUNT_EVERY_MS) return;
      countedAt = performance.now();
      setCounts(countKinds(frame.sightings));
    };
    playLive(camera, { signal: leaving.signal, onState: (state) => setLive((was) => sameOr(was, state)), onFrame });
    return () => leaving.abort();
  }, [canvas, camera, isPlaying]);
  return { live, counts, wasPlayed };
}

const sameOr = (was: LiveState, state: LiveState) => (was.name === state.name && state.name !== 'failed' ? was : state);

function countKinds(sightings: readonly Sighting[]): Counts {
  const counts: Counts = {};
  for (const { kind } of sightings) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

function draw(canvas: HTMLCanvasElement, { picture, sightings }: LiveFrame, { hasBoxes, words }: LiveOptions): void {
  const scale = Math.min(devicePixelRatio, 2);
  const width = Math.round(canvas.clientWidth * scale);
  const height = Math.round((width * picture.height) / picture.width);
  if (width === 0) return;
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.drawImage(picture, 0, 0, width, height);
  if (hasBoxes) drawBoxes(context, sightings, { width, height, scale, kindNames: words.kindOfOne });
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
