/** The live wall: one, four or nine cameras at once, of an area or as somebody picked them; all stop when it is left. */
import { createRef, useMemo, useState } from 'react';
import type { CameraView } from '#models/schema/camera-view.ts';
import { api } from '../api-client.ts';
import { usePolled } from '../polled.ts';
import { useWords } from '../words/language.tsx';
import { Choice } from '../workspace/choice.tsx';
import { BackIcon, BoxIcon } from '../workspace/icons.tsx';
import { ProblemText } from '../workspace/problem-text.tsx';
import { useArea } from '../workspace/use-area.ts';
import { useIsNarrow } from '../workspace/use-is-narrow.ts';
import type { ViewProps } from '../workspace/view.ts';
import { ViewFrame } from '../workspace/view-frame.tsx';
import type { LiveScreenHandle } from './live-screen.tsx';
import { useWallKeys } from './use-wall-keys.ts';
import {
  GRIDS,
  keepChoice,
  loadChoice,
  placesOf,
  tilesOf,
  type WallChoice,
  type WallPageOf,
  withPick,
} from './wall-choice.ts';
import { WallTile } from './wall-tile.tsx';

const CAMERAS_EVERY_MS = 3000;

/** Of the area that the address names, where it names one; kept in this browser otherwise. */
function useWallChoice(): [WallChoice, (choice: WallChoice) => void] {
  const [own, setOwn] = useState(loadChoice);
  const [area, setArea] = useArea();
  const choice = useMemo((): WallChoice => {
    if (area !== null) return { ...own, from: { name: 'area', area } };
    return own.from.name === 'area' ? { ...own, from: { name: 'everywhere' } } : own;
  }, [own, area]);
  const setChoice = (next: WallChoice) => {
    setOwn(next);
    keepChoice(next);
    const wanted = next.from.name === 'area' ? next.from.area : null;
    if (wanted !== area) setArea(wanted);
  };
  return [choice, setChoice];
}

export function WallPage({ onSignedOut }: ViewProps) {
  const cameras = usePolled('cameras', (signal) => api.readCameras({ signal }), {
    intervalMs: CAMERAS_EVERY_MS,
    onSignedOut,
  });
  const [choice, setChoice] = useWallChoice();
  const [page, setPage] = useState(0);
  const change = (next: Partial<WallChoice>) => {
    setChoice({ ...choice, ...next });
    setPage(0);
  };
  const shown = tilesOf(cameras.data ?? [], choice, page);
  return (
    <ViewFrame name="wall">
      <WallBar choice={choice} shown={shown} onChange={change} onPage={setPage} />
      {cameras.data === undefined && cameras.problem !== undefined && <ProblemText error={cameras.problem} />}
      {cameras.data !== undefined && (
        <WallGrid
          cameras={cameras.data}
          choice={choice}
          shown={shown}
          onChoice={setChoice}
          onTurn={(pages) => setPage(shown.page + pages)}
        />
      )}
    </ViewFrame>
  );
}

type WallBarProps = {
  choice: WallChoice;
  shown: WallPageOf;
  onChange: (change: Partial<WallChoice>) => void;
  onPage: (page: number) => void;
};

function WallBar({ choice, shown, onChange, onPage }: WallBarProps) {
  const words = useWords();
  const from = choice.from.name === 'picked' ? 'picked' : 'all';
  const onFrom = (name: string) => onChange({ from: { name: name === 'picked' ? 'picked' : 'everywhere' } });
  return (
    <div className="wall-bar">
      <Choice
        label={words.wall.grid}
        options={GRIDS.map((grid) => ({ value: grid, text: `${grid} × ${grid}` }))}
        value={choice.grid}
        onChoose={(grid) => onChange({ grid })}
      />
      <select aria-label={words.wall.from} value={from} onChange={({ currentTarget }) => onFrom(currentTarget.value)}>
        <option value="all">{choice.from.name === 'area' ? words.wall.allHere : words.wall.all}</option>
        <option value="picked">{words.wall.picked}</option>
      </select>
      {shown.pages > 1 && (
        <div className="wall-pages">
          <button
            type="button"
            className="button-quiet"
            title={words.wall.before}
            aria-label={words.wall.before}
            disabled={shown.page === 0}
            onClick={() => onPage(shown.page - 1)}
          >
            <BackIcon />
          </button>
          <span>{words.wall.page(shown.page + 1, shown.pages)}</span>
          <button
            type="button"
            className="button-quiet is-turned"
            title={words.wall.after}
            aria-label={words.wall.after}
            disabled={shown.page === shown.pages - 1}
            onClick={() => onPage(shown.page + 1)}
          >
            <BackIcon />
          </button>
        </div>
      )}
      <span className="wall-keys">{words.wall.keys}</span>
      <button
        type="button"
        className="button-plain"
        aria-pressed={choice.hasBoxes}
        onClick={() => onChange({ hasBoxes: !choice.hasBoxes })}
      >
        <BoxIcon />
        {choice.hasBoxes ? words.live.hideBoxes : words.live.showBoxes}
      </button>
    </div>
  );
}

type WallGridProps = {
  cameras: readonly CameraView[];
  choice: WallChoice;
  shown: WallPageOf;
  onChoice: (choice: WallChoice) => void;
  onTurn: (pages: number) => void;
};

function WallGrid({ cameras, choice, shown, onChoice, onTurn }: WallGridProps) {
  const words = useWords();
  const [chosen, setChosen] = useState(0);
  const [wide, setWide] = useState<number | null>(null);
  const screens = useMemo(() => Array.from({ length: 9 }, () => createRef<LiveScreenHandle>()), []);
  const columns = Number(choice.grid);
  const isNarrow = useIsNarrow();
  const places = placesOf(choice.grid);
  const wideNow = wide !== null && wide < places && shown.tiles[wide] != null ? wide : null;
  useWallKeys({
    move: (x, y) => setChosen(step(chosen, { columns, x, y })),
    turn: onTurn,
    wide: () => setWide(wideNow === null ? chosen : null),
    narrow: () => setWide(null),
    boxes: () => onChoice({ ...choice, hasBoxes: !choice.hasBoxes }),
    save: () => screens[chosen]?.current?.save(),
    grid: (grid) => onChoice({ ...choice, grid }),
  });
  if (cameras.length === 0) {
    return (
      <div className="empty">
        <p className="empty-title">{words.wall.none}</p>
        <p>{words.wall.noneCure}</p>
      </div>
    );
  }
  const visible = wideNow === null ? shown.tiles.map((_, place) => place) : [wideNow];
  return (
    <div
      className="wall-grid"
      style={{ '--columns': wideNow !== null ? 1 : isNarrow ? Math.ceil(columns / 2) : columns } as React.CSSProperties}
    >
      {visible.map((place) => (
        <WallTile
          key={place}
          camera={shown.tiles[place] ?? null}
          cameras={cameras}
          place={place}
          hasBoxes={choice.hasBoxes}
          isChosen={place === chosen}
          isWide={place === wideNow}
          onPick={(id) => onChoice(withPick(choice, shown.tiles, place, id))}
          onChoose={() => setChosen(place)}
          onWide={() => setWide(wideNow === null ? place : null)}
          screen={screens[place] ?? null}
        />
      ))}
    </div>
  );
}

function step(place: number, { columns, x, y }: { columns: number; x: number; y: number }): number {
  const clamp = (value: number) => Math.min(Math.max(value, 0), columns - 1);
  return clamp(Math.floor(place / columns) + y) * columns + clamp((place % columns) + x);
}
