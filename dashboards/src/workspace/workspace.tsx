/** The page after signing in: reads what the API knows, and lays map, figures and cameras over the window. */
import { useCallback, useMemo, useState } from 'react';
import type { Measure } from '#models/schema/heat-map.ts';
import type { Kind } from '#models/schema/kind.ts';
import type { Me } from '#models/schema/person-view.ts';
import { api } from '../api-client.ts';
import { CameraPanel } from '../cameras/camera-panel.tsx';
import { usePresentNow } from '../detections/present-now.ts';
import { CellCard } from '../map/cell-card.tsx';
import type { MapView, PointedCell } from '../map/city-map.ts';
import { resolutionAt, scaleEnd } from '../map/heat-cells.ts';
import { Legend } from '../map/legend.tsx';
import { MapPane } from '../map/map-pane.tsx';
import { usePolled } from '../polled.ts';
import { BottomSheet } from './bottom-sheet.tsx';
import { Brand } from './brand.tsx';
import { Notices } from './notices.tsx';
import { Overview } from './overview.tsx';
import { queryBounds } from './query-bounds.ts';
import { rangeKey, spanOf, type TimeRange } from './time-range.ts';
import { Toolbar } from './toolbar.tsx';
import { useIsNarrow } from './use-is-narrow.ts';

export type Choices = { range: TimeRange; kind: Kind | null; measure: Measure };

type WorkspaceProps = { me: Me; signOut: () => void; onSignedOut: () => void };

const FIRST_CHOICES: Choices = { range: { name: 'hour' }, kind: null, measure: 'presence' };

/** Everything that is read again and again, each question at its own pace. */
function useFigures(choices: Choices, view: MapView | undefined, onSignedOut: () => void) {
  const { range, kind, measure } = choices;
  const bbox = view === undefined ? undefined : queryBounds(view);
  const resolution = view === undefined ? 0 : resolutionAt(view.zoom, view.latitude);
  const heatKey = bbox === undefined ? null : [rangeKey(range), kind, measure, resolution, ...bbox].join(' ');
  const often = { intervalMs: 5000, onSignedOut };
  return {
    heat: usePolled(
      heatKey,
      (signal) => api.readHeatMap({ ...spanOf(range), kind, measure, resolution, bbox: bbox ?? [] }, { signal }),
      often,
    ),
    summary: usePolled(rangeKey(range), (signal) => api.readSummary(spanOf(range), { signal }), often),
    cameras: usePolled('cameras', (signal) => api.readCameras({ signal }), { intervalMs: 3000, onSignedOut }),
    areas: usePolled('areas', (signal) => api.readAreas({ signal }), { intervalMs: 60_000, onSignedOut }),
    site: usePolled('site', (signal) => api.readSite({ signal }), { intervalMs: 15_000, onSignedOut }),
  };
}

export function Workspace({ me, signOut, onSignedOut }: WorkspaceProps) {
  const isNarrow = useIsNarrow();
  const [choices, setChoices] = useState(FIRST_CHOICES);
  const [view, setView] = useState<MapView>();
  const [pointed, setPointed] = useState<PointedCell | null>(null);
  const [chosenId, setChosenId] = useState<string | null>(null);
  const figures = useFigures(choices, view, onSignedOut);
  const present = usePresentNow();

  const cameras = figures.cameras.data;
  const chosen = cameras?.find((camera) => camera.id === chosenId) ?? null;
  const end = useMemo(() => scaleEnd(figures.heat.data), [figures.heat.data]);
  const cells = useMemo(() => new Map(figures.heat.data?.cells.map((cell) => [cell.cell, cell])), [figures.heat.data]);
  const choose = useCallback((camera: string | null) => setChosenId(camera), []);

  const overview = <Overview figures={figures} present={present} chosenId={chosenId} onChoose={choose} />;
  const panel = chosen === null ? null : <CameraPanel camera={chosen} key={chosen.id} onClose={() => choose(null)} />;
  return (
    <main className={`workspace${isNarrow ? ' is-narrow' : ''}${panel === null ? '' : ' has-camera'}`}>
      <MapPane
        areas={figures.areas}
        cameras={cameras}
        chosenId={chosenId}
        heatMap={figures.heat.data}
        end={end}
        pointed={pointed}
        isNarrow={isNarrow}
        onChoose={choose}
        onView={setView}
        onPoint={setPointed}
      />
      <div className="stage">
        {isNarrow && <Brand me={me} signOut={signOut} />}
        <Toolbar choices={choices} onChoices={setChoices} />
        <Notices figures={figures} />
        <Legend heat={figures.heat} end={end} choices={choices} onChoices={setChoices} isNarrow={isNarrow} />
        <CellCard
          pointed={pointed}
          cell={pointed === null ? undefined : cells.get(pointed.cell)}
          heat={figures.heat.data}
        />
      </div>
      {isNarrow ? (
        <BottomSheet detail={panel} isRaised={cameras?.length === 0}>
          {overview}
        </BottomSheet>
      ) : (
        <>
          <aside className="panel">
            <Brand me={me} signOut={signOut} />
            {overview}
          </aside>
          {panel !== null && <aside className="drawer">{panel}</aside>}
        </>
      )}
    </main>
  );
}

export type Figures = ReturnType<typeof useFigures>;
