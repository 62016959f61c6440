/** The page after signing in: reads what the API knows, and lays map, figures and cameras over the window. */
import type { FeatureCollection } from 'geojson';
import { type ReactNode, useCallback, useMemo, useRef, useState } from 'react';
import { CameraPanel } from '../cameras/camera-panel.tsx';
import { usePresentNow } from '../detections/present-now.ts';
import { CellCard } from '../map/cell-card.tsx';
import type { CityMap, MapView, PointedPlace } from '../map/city-map.ts';
import { ExportMenu } from '../map/export-menu.tsx';
import { framesOf, stepFor } from '../map/frames.ts';
import { Legend } from '../map/legend.tsx';
import { figuresAt, type MapFigures, readMapFigures } from '../map/map-figures.ts';
import { MapPane } from '../map/map-pane.tsx';
import { PlayBar } from '../map/play-bar.tsx';
import { NO_TRACKS } from '../map/sample-tracks.ts';
import { type TimePlay, useTimePlay } from '../map/use-time-play.ts';
import { WhyPanel } from '../map/why-panel.tsx';
import { BottomSheet } from './bottom-sheet.tsx';
import { type Choices, type Chosen, comparedSpan } from './choices.ts';
import { Notices } from './notices.tsx';
import { Overview } from './overview.tsx';
import { rangeKey, type Span, spanOf } from './time-range.ts';
import { Toolbar } from './toolbar.tsx';
import { useChoices } from './use-choices.ts';
import { type Figures, queryOf, questionKey, questionOf, useFigures } from './use-figures.ts';
import { useIsNarrow } from './use-is-narrow.ts';
import { usePicked } from './use-picked.ts';
import type { ViewProps } from './view.ts';

/** The steps of the chosen span; it stands still while it is played. */
function usePlay(choices: Choices, figures: Figures): TimePlay {
  const { range, step } = choices;
  const { zone, part } = figures;
  const rangeName = rangeKey(range);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a span that moves with the clock must not cut the steps anew
  const frames = useMemo(
    () => (step === null ? [] : framesOf(spanOf(range, zone), step, zone)),
    [rangeName, step, zone],
  );
  const key = step === null || part === null ? null : `${step} ${questionKey(choices, part, zone)}`;
  return useTimePlay(key, frames, (span: Span, signal) => {
    if (part === null) throw new Error('nothing is asked before the map stands');
    return readMapFigures(questionOf(choices, span, { part, zone }), signal);
  });
}

const round = (value: number, digits: number) => Number(value.toFixed(digits));

export function Workspace({ onSignedOut }: ViewProps) {
  const isNarrow = useIsNarrow();
  const { choices, setChoices, at, keepAt } = useChoices();
  const [view, setView] = useState<MapView>();
  const [pointed, setPointed] = useState<PointedPlace | null>(null);
  const [map, setMap] = useState<CityMap>();
  const [tracks, setTracks] = useState<FeatureCollection>(NO_TRACKS);
  const figures = useFigures(choices, view, onSignedOut);
  const play = usePlay(choices, figures);
  const present = usePresentNow();
  const isPlayed = choices.step !== null;
  const shown = isPlayed ? play.figures : figures.heat.data;
  const latest = useRef<MapFigures | undefined>(shown);
  latest.current = shown;

  const onView = useCallback(
    (next: MapView) => {
      setView(next);
      if (next.isByHand) keepAt([round(next.longitude, 6), round(next.latitude, 6), round(next.zoom, 2)].join(','));
    },
    [keepAt],
  );
  const { choose, isPicked } = usePicked({ choices, setChoices });
  const chooseCamera = useCallback(
    (id: string | null) => choose(id === null ? null : { what: 'camera', id }),
    [choose],
  );
  const onPick = useCallback(
    (place: PointedPlace) => {
      const found = latest.current === undefined ? undefined : figuresAt(latest.current, place);
      if (found !== undefined && found.row.observedS > 0) choose({ what: found.what, id: found.id });
    },
    [choose],
  );

  const { chosen, compare, range } = choices;
  const cameraId = chosen?.what === 'camera' ? chosen.id : null;
  const queryNow = () => queryOf(choices, spanOf(range, figures.zone), figures.zone);
  const panel = panelOf({ choices, figures, queryNow, choose, setTracks, onSignedOut });
  const overview = (
    <Overview
      figures={figures}
      present={present}
      chosenId={cameraId}
      onChoose={chooseCamera}
      onSignedOut={onSignedOut}
    />
  );
  const scaled = shown === undefined || play.scale === undefined || !isPlayed ? shown : { ...shown, scale: play.scale };
  const order =
    map === undefined || scaled === undefined
      ? null
      : { map, figures: scaled, zone: figures.zone, compare: compare.name, compared: comparedSpan(compare, scaled) };
  return (
    <div className={`workspace${isNarrow ? ' is-narrow' : ''}${panel === null ? '' : ' has-camera'}`}>
      <MapPane
        areas={figures.areas}
        cameras={figures.cameras.data}
        chosen={chosen}
        figures={shown}
        fixedScale={isPlayed ? play.scale : undefined}
        tracks={tracks}
        pointed={pointed}
        at={at}
        isNarrow={isNarrow}
        isPicked={isPicked}
        onChoose={choose}
        onView={onView}
        onPoint={setPointed}
        onPick={onPick}
        onMap={setMap}
      />
      <div className="stage">
        <Toolbar
          choices={choices}
          setChoices={setChoices}
          zone={figures.zone}
          onPlay={() => setChoices({ step: isPlayed ? null : stepFor(spanOf(range, figures.zone)) })}
          exportMenu={<ExportMenu order={order} part={figures.part} queryNow={queryNow} />}
        />
        <Notices figures={figures} />
        {choices.step !== null && (
          <PlayBar play={play} step={choices.step} zone={figures.zone} onStep={(step) => setChoices({ step })} />
        )}
        <Legend
          figures={scaled}
          updatedAtMs={isPlayed ? undefined : figures.heat.updatedAtMs}
          compare={compare.name}
          cameras={figures.cameras.data}
          zone={figures.zone}
          isNarrow={isNarrow}
        />
        <CellCard pointed={pointed} figures={shown} />
      </div>
      {isNarrow ? (
        <BottomSheet detail={panel} isRaised={figures.cameras.data?.length === 0}>
          {overview}
        </BottomSheet>
      ) : (
        <>
          <aside className="panel">{overview}</aside>
          {panel !== null && <aside className="drawer">{panel}</aside>}
        </>
      )}
    </div>
  );
}

type PanelOrder = {
  choices: Choices;
  figures: Figures;
  queryNow: () => ReturnType<typeof queryOf>;
  choose: (chosen: Chosen | null) => void;
  setTracks: (tracks: FeatureCollection) => void;
  onSignedOut: () => void;
};

/** The panel of what is chosen: a camera, or what a cell's or an area's figure is made of. */
function panelOf({ choices, figures, queryNow, choose, setTracks, onSignedOut }: PanelOrder): ReactNode {
  const { chosen } = choices;
  if (chosen === null) return null;
  const close = () => choose(null);
  const cameras = figures.cameras.data;
  if (chosen.what === 'camera') {
    const camera = cameras?.find(({ id }) => id === chosen.id);
    return camera === undefined ? null : <CameraPanel camera={camera} key={camera.id} onClose={close} />;
  }
  const area = figures.areas.data?.features.find(({ properties }) => properties.id === chosen.id);
  return (
    <WhyPanel
      key={`${chosen.what} ${chosen.id}`}
      what={chosen.what}
      id={chosen.id}
      name={area?.properties.name}
      questionKey={questionKey(choices, null, figures.zone)}
      queryNow={queryNow}
      zone={figures.zone}
      cameras={cameras}
      onTracks={setTracks}
      onCamera={(id) => choose({ what: 'camera', id })}
      onClose={close}
      onSignedOut={onSignedOut}
    />
  );
}
