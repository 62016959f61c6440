/** The screen of one camera: video or pictures with boxes over them, or in words why there are none. */
import { type ReactNode, type Ref, useImperativeHandle, useRef } from 'react';
import type { CameraView } from '#models/schema/camera-view.ts';
import { codecName } from '../cameras/codec-name.ts';
import { stateOf } from '../cameras/state-glyph.tsx';
import type { StateName, Words } from '../words/english.ts';
import { useWords } from '../words/language.tsx';
import { faultWords, ProblemText } from '../workspace/problem-text.tsx';
import { browserZone } from '../workspace/zone-time.ts';
import { saveSnapshot } from './snapshot.ts';
import { type Live, useLive } from './use-live.ts';
import { MASKED } from './video-player.ts';

export type LiveScreenHandle = { save: () => void };

type LiveScreenProps = {
  camera: CameraView;
  hasBoxes: boolean;
  isOneOfMany?: boolean;
  /** Width to height; absent where the screen fills what it lies in. */
  ratio?: string;
  ref?: Ref<LiveScreenHandle>;
  children?: (live: Live) => ReactNode;
};

const PICTURELESS: readonly StateName[] = ['waiting', 'down', 'disabled'];

export const hasPicture = (camera: CameraView): boolean => !PICTURELESS.includes(stateOf(camera));

export function LiveScreen({ camera, hasBoxes, isOneOfMany = false, ratio, ref, children }: LiveScreenProps) {
  const words = useWords();
  const video = useRef<HTMLVideoElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const isOn = hasPicture(camera);
  const live = useLive(camera.id, { video, canvas }, { isOn, hasBoxes, words, isOneOfMany });
  const isVideo = live.mode.name === 'video';
  useImperativeHandle(ref, () => ({
    save: () => void saveSnapshot(camera, { video: isVideo ? video.current : null, zone: words.zone ?? browserZone() }),
  }));
  return (
    <>
      <div
        className="live-frame"
        style={ratio === undefined ? undefined : { aspectRatio: ratio }}
        data-live={isOn ? live.state.name : 'none'}
        data-mode={live.mode.name}
      >
        <video ref={video} muted playsInline tabIndex={-1} aria-hidden="true" hidden={!isVideo} />
        <canvas ref={canvas} role="img" aria-label={spoken(camera, live, words)} />
        <Over camera={camera} live={live} isSmall={isOneOfMany} />
      </div>
      {children?.(live)}
    </>
  );
}

function spoken({ name }: CameraView, { counts }: Live, words: Words): string {
  const seen = Object.entries(counts).map(([kind, count]) => `${words.kinds[kind as keyof Words['kinds']]} ${count}`);
  return `${words.live.title}: ${name}: ${seen.join(', ') || words.live.nothing}`;
}

function Over({ camera, live, isSmall }: { camera: CameraView; live: Live; isSmall: boolean }) {
  const words = useWords();
  const { state, mode, wasPlayed } = live;
  if (!hasPicture(camera)) return <NoPicture camera={camera} hasReason={isSmall} />;
  const codec = mode.name === 'pictures' ? mode.codec : null;
  const note = noteOf(codec, words);
  return (
    <>
      {!wasPlayed && state.name !== 'failed' && (
        <p className="live-over">
          <i className="spinner" />
          {words.live.opening}
        </p>
      )}
      {wasPlayed && state.name === 'opening' && <p className="live-hint">{words.live.reopening}</p>}
      {state.name === 'failed' && (
        <div className={wasPlayed ? 'live-hint' : 'live-over'} role="status">
          <ProblemText error={state.error} />
        </div>
      )}
      {mode.name === 'pictures' && <p className="live-note">{note}</p>}
    </>
  );
}

function noteOf(codec: string | null, words: Words): string {
  if (codec === null) return words.live.picturesOnly;
  return codec === MASKED ? words.calibration.pictures : words.live.pictures(codecName(codec));
}

/** Beside the panel of the camera the reason stands already; a tile has no other place for it. */
function NoPicture({ camera, hasReason }: { camera: CameraView; hasReason: boolean }) {
  const words = useWords();
  const { state } = camera;
  const said = faultWords({ code: state?.reason, detail: state?.message, cure: state?.cure }, words);
  return (
    <div className="live-over" role="status">
      {hasReason && said.title !== '' ? (
        <div className="problem">
          <p className="problem-title">{said.title}</p>
          {said.cure !== undefined && <p className="problem-cure">{said.cure}</p>}
        </div>
      ) : (
        <p>{words.live.noneWhile(words.states[stateOf(camera)])}</p>
      )}
    </div>
  );
}
