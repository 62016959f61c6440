/** The heat map of the place and period, in a panel: a click goes to the area right below, or to the camera. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { api } from '../api-client.ts';
import { AreaLabels } from '../map/area-labels.tsx';
import { type AreaCollection, areaBounds, atLeast, type Bounds, watchedBounds } from '../map/areas.ts';
import { CameraMarkers } from '../map/camera-markers.tsx';
import type { CityMap, MapView, PointedPlace } from '../map/city-map.ts';
import { Legend } from '../map/legend.tsx';
import { MapButtons } from '../map/map-buttons.tsx';
import { type MapFigures, readMapFigures } from '../map/map-figures.ts';
import { drawPicture } from '../map/picture-export.ts';
import { useCityMap } from '../map/use-city-map.ts';
import { usePolled } from '../polled.ts';
import { useTheme } from '../theme.tsx';
import { useWords } from '../words/language.tsx';
import { FIRST_CHOICES } from '../workspace/choices.ts';
import { ProblemText } from '../workspace/problem-text.tsx';
import { partOf } from '../workspace/use-figures.ts';
import { comparedPeriod, dashboardAddress, type SubjectRef } from './asked.ts';
import { useKnownHere } from './known.ts';
import type { PanelProps } from './panel-card.tsx';

const EVERY_MS = 300_000;
const SPAN_MIN_M = 260;
const EDGE = { top: 24, right: 24, bottom: 24, left: 24 };
const ignore = () => {};
const NO_VALUES: ReadonlyMap<string, string> = new Map();

export function HeatPanel(props: PanelProps) {
  const { subject, asked, telling, picture } = props;
  const words = useWords();
  const { theme } = useTheme();
  const { areas, cameras } = useKnownHere();
  const container = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<MapView>();
  const pick = usePick(areas, props);
  const { map, hasFailed } = useCityMap(container, { onView: setView, onPoint: ignore, onPick: pick });
  const compare = comparedPeriod(asked.compare, telling, telling.zone);
  const figures = useFiguresHere({ ...props, view, compare });
  const inside = useMemo(
    () => cameras?.filter((camera) => isInside(camera, subject, areas)),
    [cameras, subject, areas],
  );
  useStanding(map, boundsFor(subject, areas, inside));
  useEffect(() => {
    if (map !== undefined && areas !== undefined) map.setAreas(areas);
  }, [map, areas]);
  useEffect(() => map?.setHeat(figures.data?.of === 'cells' ? figures.data.heat : null), [map, figures.data]);
  const shown = figures.data;
  useEffect(() => {
    if (map === undefined || shown === undefined) return;
    const order = { map, figures: shown, theme, words, zone: telling.zone };
    picture.current = () => drawPicture({ ...order, compare: compare === null ? 'off' : 'before', compared: compare });
    return () => {
      picture.current = null;
    };
  }, [map, shown, theme, words, telling.zone, compare, picture]);
  const printed = usePrinted(map, shown);
  return (
    <>
      <div
        ref={container}
        className="map heat-map"
        data-testid="dashboard-map"
        data-ready={map !== undefined}
        data-cells={shown?.count}
        data-pictured={printed !== undefined}
      />
      {printed !== undefined && <img className="heat-printed" src={printed} alt="" />}
      {map !== undefined && (
        <>
          <CameraMarkers
            map={map}
            cameras={inside ?? []}
            chosenId={null}
            onChoose={(id) => id !== null && goTo({ type: 'camera', id }, props)}
          />
          <AreaLabels map={map} areas={areas} cameras={cameras} values={NO_VALUES} />
          <MapButtons
            map={map}
            onFit={() => map.show(boundsFor(subject, areas, inside) ?? [-180, -60, 180, 70], EDGE)}
          />
        </>
      )}
      <Legend
        figures={shown}
        updatedAtMs={undefined}
        compare={compare === null ? 'off' : 'before'}
        cameras={undefined}
        zone={telling.zone}
        isNarrow
      />
      {figures.problem !== undefined && <ProblemText error={figures.problem} />}
      {hasFailed && <p role="alert">{words.map.failed}</p>}
    </>
  );
}

const goTo = (to: SubjectRef, { asked }: Pick<PanelProps, 'asked'>) => {
  location.hash = dashboardAddress(to, asked);
};

type FiguresOrder = PanelProps & { view: MapView | undefined; compare: { fromMs: number; toMs: number } | null };

function useFiguresHere({ asked, telling, view, compare, onSignedOut }: FiguresOrder) {
  const { fromMs, toMs, zone } = telling;
  const part = partOf(FIRST_CHOICES, view);
  const key = part === null ? null : JSON.stringify([fromMs, toMs, zone, asked.kind, compare, part]);
  return usePolled(
    key,
    (signal) => {
      if (part === null) throw new Error('nothing is asked before the map stands');
      const query = {
        fromMs,
        toMs,
        kind: asked.kind,
        measure: 'presence' as const,
        hours: '',
        zone,
        compare,
        isVersusNormal: false,
      };
      const shown = compare === null ? ('value' as const) : ('compare' as const);
      return readMapFigures({ query, part, shown, elapsedS: (toMs - fromMs) / 1000 }, signal);
    },
    { intervalMs: EVERY_MS, onSignedOut },
  );
}

/** Of the ancestors of the grid that was clicked, the one right below the place that is shown. */
function usePick(areas: AreaCollection | undefined, { subject, asked }: PanelProps) {
  const latest = useRef({ areas, subject, asked });
  latest.current = { areas, subject, asked };
  return useCallback(async ({ lon, lat }: PointedPlace) => {
    const { areas: known, subject: at, asked: choices } = latest.current;
    if (at.type !== 'area') return;
    const found = await api.locateArea({ lon, lat }).catch(() => null);
    const parents = new Map(known?.features.map(({ properties: { id, parent } }) => [id, parent]));
    let area: string | null = found;
    while (area !== null && parents.get(area) !== at.id) area = parents.get(area) ?? null;
    if (area !== null) goTo({ type: 'area', id: area }, { asked: choices });
  }, []);
}

type Placed = { id: string; area: string | null; position?: { lon: number; lat: number } };

function isInside(camera: Placed, subject: SubjectRef, areas: AreaCollection | undefined): boolean {
  if (subject.type !== 'area') return camera.id === subject.id;
  const parents = new Map(areas?.features.map(({ properties: { id, parent } }) => [id, parent]));
  for (let area: string | null = camera.area; area !== null; area = parents.get(area) ?? null)
    if (area === subject.id) return true;
  return false;
}

function boundsFor(
  subject: SubjectRef,
  areas: AreaCollection | undefined,
  cameras: readonly Placed[] | undefined,
): Bounds | null {
  const own = areas?.features.filter(({ properties }) => properties.id === subject.id) ?? [];
  // Where the cameras are is where figures can be; an area without any is shown whole. Of one camera its surroundings.
  const bounds = watchedBounds(cameras ?? [], subject.type === 'camera' ? undefined : areas) ?? areaBounds(own);
  return bounds === null ? null : atLeast(bounds, SPAN_MIN_M);
}

function useStanding(map: CityMap | undefined, bounds: Bounds | null): void {
  const key = bounds === null ? '' : bounds.join(' ');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same place again does not move the map
  useEffect(() => {
    if (map !== undefined && bounds !== null) map.show(bounds, EDGE, { isInstant: true });
  }, [map, key]);
}

const SETTLED_MS = 400;

/** Paper cannot ask the graphics card: a picture of what was last drawn stands beside the map for it. */
function usePrinted(map: CityMap | undefined, figures: MapFigures | undefined): string | undefined {
  const { theme } = useTheme();
  const [printed, setPrinted] = useState<string>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: new figures and another theme are another picture
  useEffect(() => {
    if (map === undefined || figures === undefined) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const take = () => {
      clearTimeout(timer);
      timer = setTimeout(async () => setPrinted(await urlOf(await map.picture())), SETTLED_MS);
    };
    take();
    const stop = map.onMoved(take);
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [map, figures, theme]);
  return printed;
}

async function urlOf(picture: ImageBitmap): Promise<string> {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [picture.width, picture.height];
  canvas.getContext('2d')?.drawImage(picture, 0, 0);
  picture.close();
  return canvas.toDataURL('image/jpeg', 0.9);
}
