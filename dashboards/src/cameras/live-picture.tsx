/** The live picture of a camera with what is in view below it, while it is looked at. */
import { useRef, useState } from 'react';
import type { CameraView } from '#models/schema/camera-view.ts';
import { KIND_COLOURS, KINDS_SHOWN } from '../kinds.ts';
import { hasPicture, LiveScreen, type LiveScreenHandle } from '../live/live-screen.tsx';
import type { Live } from '../live/use-live.ts';
import { useWords } from '../words/language.tsx';
import { BoxIcon, KindIcon, SaveIcon } from '../workspace/icons.tsx';

export function LivePicture({ camera }: { camera: CameraView }) {
  const words = useWords();
  const screen = useRef<LiveScreenHandle>(null);
  const [hasBoxes, setHasBoxes] = useState(true);
  const isOn = hasPicture(camera);
  const ratio = camera.state?.width !== undefined ? `${camera.state.width} / ${camera.state.height}` : '16 / 9';
  return (
    <div className="live">
      <LiveScreen camera={camera} hasBoxes={hasBoxes} ratio={ratio} ref={screen}>
        {(live) => (
          <div className="live-foot">
            <InView isOn={isOn} live={live} />
            <button
              type="button"
              className="button-quiet"
              disabled={!isOn}
              title={words.live.snapshot}
              aria-label={words.live.snapshot}
              onClick={() => screen.current?.save()}
            >
              <SaveIcon />
            </button>
            <button
              type="button"
              className="button-plain"
              aria-pressed={hasBoxes}
              disabled={!isOn}
              onClick={() => setHasBoxes(!hasBoxes)}
            >
              <BoxIcon />
              {hasBoxes ? words.live.hideBoxes : words.live.showBoxes}
            </button>
          </div>
        )}
      </LiveScreen>
    </div>
  );
}

function InView({ isOn, live: { counts, wasPlayed } }: { isOn: boolean; live: Live }) {
  const words = useWords();
  const seen = KINDS_SHOWN.filter((kind) => counts[kind] !== undefined);
  return (
    <ul className="live-counts" aria-label={words.live.inView}>
      {isOn && wasPlayed && seen.length === 0 && <li className="muted">{words.live.nothing}</li>}
      {isOn &&
        seen.map((kind) => (
          <li key={kind} title={words.kinds[kind]}>
            <i style={{ background: KIND_COLOURS[kind] }} />
            <KindIcon kind={kind} />
            <b>{counts[kind]}</b>
          </li>
        ))}
    </ul>
  );
}
