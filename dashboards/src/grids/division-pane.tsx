/** The map of the division with its buttons, its names and its legend. */
import type { Feature } from 'geojson';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import type { AreaLevel } from '#models/schema/area.ts';
import { type AreaLabel, areaBounds, type Bounds, labelsOf } from '../map/areas.ts';
import { useTheme } from '../theme.tsx';
import { useWords } from '../words/language.tsx';
import { FitIcon, MinusIcon, PlusIcon } from '../workspace/icons.tsx';
import { type Colouring, type DivisionAreas, toneOf } from './division.ts';
import type { DivisionMap, DrawnAreas, Mark } from './division-map.ts';

const NAMES_MAX = 60;
/** A name is shown while its area is at least so wide. */
const NAME_WIDTH_PX = 64;
const NO_MARKS: readonly Mark[] = [];

type DivisionPaneProps = {
  areas: DivisionAreas | undefined;
  level: AreaLevel;
  colouring?: Colouring;
  marks?: readonly Mark[];
  chosenId?: string | null;
  /** Where to look; a new object looks again. */
  target?: { bounds: Bounds } | null;
  onPoint?: (area: string | null) => void;
  children?: ReactNode;
};

export function DivisionPane({
  areas,
  level,
  colouring = 'plain',
  marks = NO_MARKS,
  chosenId = null,
  target = null,
  onPoint,
  children,
}: DivisionPaneProps) {
  const words = useWords();
  const container = useRef<HTMLDivElement>(null);
  const { map, hasFailed } = useDivisionMap(container, onPoint);
  const drawn = useMemo(() => drawnAreas(areas, colouring), [areas, colouring]);
  useEffect(() => map?.setAreas(drawn), [map, drawn]);
  useEffect(() => map?.setLevel(level), [map, level]);
  useEffect(() => map?.setMarks(marks), [map, marks]);
  useEffect(() => map?.chooseArea(chosenId), [map, chosenId]);

  const everything = useMemo(() => areaBounds(areas?.features ?? []), [areas]);
  const hasShown = useRef(false);
  useEffect(() => {
    if (map === undefined || everything === null || hasShown.current) return;
    hasShown.current = true;
    map.show(everything, { isInstant: true });
  }, [map, everything]);
  useEffect(() => {
    if (target !== null) map?.show(target.bounds);
  }, [map, target]);

  const buttons = [
    { title: words.map.zoomIn, icon: <PlusIcon />, act: () => map?.zoomBy(1) },
    { title: words.map.zoomOut, icon: <MinusIcon />, act: () => map?.zoomBy(-1) },
    { title: words.map.fit, icon: <FitIcon />, act: () => everything !== null && map?.show(everything) },
  ];
  return (
    <div className="division-pane">
      <div ref={container} className="map" data-testid="division-map" data-ready={map !== undefined} />
      {map !== undefined && <AreaNames map={map} areas={areas} level={level} />}
      <div className="map-buttons">
        {buttons.map(({ title, icon, act }) => (
          <button key={title} type="button" title={title} aria-label={title} onClick={act}>
            {icon}
          </button>
        ))}
      </div>
      {children}
      {hasFailed && (
        <div className="map-failed" role="alert">
          <p className="problem-title">{words.map.failed}</p>
          <p>{words.map.failedCure}</p>
        </div>
      )}
    </div>
  );
}

function drawnAreas(areas: DivisionAreas | undefined, colouring: Colouring): DrawnAreas {
  const features = (areas?.features ?? []).map(
    ({ geometry, properties }): Feature<typeof geometry, DrawnAreas['features'][number]['properties']> => {
      const { id, name, level } = properties;
      return { type: 'Feature', geometry, properties: { id, name, level, tone: toneOf(properties, colouring) } };
    },
  );
  return { type: 'FeatureCollection', features };
}

/** Opened once; `onPoint` is asked for at each click, so that it may change. */
function useDivisionMap(container: React.RefObject<HTMLDivElement | null>, onPoint: DivisionPaneProps['onPoint']) {
  const words = useWords();
  const { theme } = useTheme();
  const [map, setMap] = useState<DivisionMap>();
  const [hasFailed, setHasFailed] = useState(false);
  const label = words.grids.title;
  const first = useRef({ theme, label });
  const latest = useRef(onPoint);
  latest.current = onPoint;
  useEffect(() => {
    const element = container.current;
    if (element === null) return;
    let opened: DivisionMap | undefined;
    let hasLeft = false;
    const open = async () => {
      const { openDivisionMap } = await import('./division-map.ts');
      opened = await openDivisionMap(element, { ...first.current, onPoint: (area) => latest.current?.(area) });
      if (hasLeft) opened.remove();
      else setMap(opened);
    };
    open().catch((error: unknown) => {
      setHasFailed(true);
      console.warn('the map cannot be drawn', error);
    });
    return () => {
      hasLeft = true;
      opened?.remove();
    };
  }, [container]);
  useEffect(() => map?.setTheme(theme), [map, theme]);
  useEffect(() => map?.setLabel(label), [map, label]);
  return { map, hasFailed };
}

type Shown = { label: AreaLabel; x: number; y: number };

/** Names of the chosen level, where they have room; the largest areas first. */
function AreaNames({ map, areas, level }: { map: DivisionMap; areas: DivisionAreas | undefined; level: AreaLevel }) {
  const labels = useMemo(
    () => (areas === undefined ? [] : labelsOf(areas).filter((label) => label.level === level)),
    [areas, level],
  );
  const [shown, setShown] = useState<Shown[]>([]);
  useEffect(() => {
    const place = () => setShown(placed(map, labels));
    place();
    return map.onMoved(place);
  }, [map, labels]);
  return (
    <div className="division-names" aria-hidden="true">
      {shown.map(({ label, x, y }) => (
        <span key={label.id} style={{ left: x, top: y }}>
          {label.name}
        </span>
      ))}
    </div>
  );
}

function placed(map: DivisionMap, labels: readonly AreaLabel[]): Shown[] {
  const found: (Shown & { width: number })[] = [];
  for (const label of labels) {
    const [west, south, east, north] = label.bounds;
    const width = map.project(east, south).x - map.project(west, north).x;
    const { x, y } = map.project(label.lon, label.lat);
    if (width >= NAME_WIDTH_PX && x > 0 && y > 0 && x < innerWidth && y < innerHeight)
      found.push({ label, x, y, width });
  }
  return found.sort((a, b) => b.width - a.width).slice(0, NAMES_MAX);
}
