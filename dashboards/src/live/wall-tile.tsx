/** One place of the live wall: a camera's screen with its name, which is where another camera is chosen. */
import { type Ref, useEffect, useRef } from 'react';
import type { CameraView } from '#models/schema/camera-view.ts';
import { StateGlyph, stateOf } from '../cameras/state-glyph.tsx';
import { useWords } from '../words/language.tsx';
import { FitIcon, MinusIcon, SaveIcon } from '../workspace/icons.tsx';
import { LiveScreen, type LiveScreenHandle } from './live-screen.tsx';

type WallTileProps = {
  camera: CameraView | null;
  cameras: readonly CameraView[];
  place: number;
  hasBoxes: boolean;
  isChosen: boolean;
  isWide: boolean;
  onPick: (id: string) => void;
  onChoose: () => void;
  onWide: () => void;
  screen: Ref<LiveScreenHandle>;
};

export function WallTile(props: WallTileProps) {
  const { camera, place, hasBoxes, isChosen, isWide, onChoose, onWide, screen } = props;
  const words = useWords();
  const tile = useRef<HTMLElement>(null);
  useEffect(() => {
    // Whoever tabs to a field of the tile stays in it.
    if (isChosen && !tile.current?.contains(document.activeElement)) tile.current?.focus({ preventScroll: true });
  }, [isChosen]);
  const name = camera?.name ?? words.wall.noCamera;
  return (
    <section
      ref={tile}
      className={`tile${isChosen ? ' is-chosen' : ''}`}
      aria-label={name}
      tabIndex={-1}
      onFocus={onChoose}
      data-place={place}
      data-camera={camera?.id}
    >
      {camera === null ? (
        <p className="tile-empty">{words.wall.noCamera}</p>
      ) : (
        // biome-ignore lint/a11y/noStaticElementInteractions: the buttons of the tile and its keys do the same.
        <div className="tile-screen" onDoubleClick={onWide}>
          <LiveScreen camera={camera} hasBoxes={hasBoxes} isOneOfMany ref={screen} key={camera.id} />
        </div>
      )}
      <TileBar {...props} />
      {camera !== null && (
        <div className="tile-buttons">
          <TileSave screen={screen} />
          <button
            type="button"
            title={isWide ? words.live.narrow : words.live.wide}
            aria-label={isWide ? words.live.narrow : words.live.wide}
            onClick={onWide}
          >
            {isWide ? <MinusIcon /> : <FitIcon />}
          </button>
        </div>
      )}
    </section>
  );
}

function TileSave({ screen }: Pick<WallTileProps, 'screen'>) {
  const words = useWords();
  const save = () => {
    if (typeof screen === 'object') screen?.current?.save();
  };
  return (
    <button type="button" title={words.live.snapshot} aria-label={words.live.snapshot} onClick={save}>
      <SaveIcon />
    </button>
  );
}

function TileBar({ camera, cameras, place, onPick }: WallTileProps) {
  const words = useWords();
  return (
    <label className="tile-bar">
      {camera !== null && <StateGlyph state={stateOf(camera)} size={14} />}
      <select
        aria-label={words.wall.tile(place + 1)}
        value={camera?.id ?? ''}
        onChange={({ currentTarget }) => onPick(currentTarget.value)}
      >
        <option value="">{words.wall.empty}</option>
        {cameras.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
