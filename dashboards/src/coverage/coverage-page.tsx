/** Coverage: which ground is seen by day and by night, what stays blind, what is planned and not watched, what would help. */
import { useEffect, useMemo, useState } from 'react';
import type { CoverageCell, CoverageReport, PlaceCoverage, Suggestion } from '#models/schema/coverage.ts';
import { api, UnreachableError } from '../api-client.ts';
import { DashboardLink } from '../dashboard/dashboard-link.tsx';
import type { AreaCollection } from '../map/areas.ts';
import type { MapView } from '../map/city-map.ts';
import { usePolled } from '../polled.ts';
import { useWords } from '../words/language.tsx';
import { useKnownSite } from '../workspace/known.tsx';
import { ProblemText } from '../workspace/problem-text.tsx';
import { queryBounds } from '../workspace/query-bounds.ts';
import { useArea } from '../workspace/use-area.ts';
import type { ViewProps } from '../workspace/view.ts';
import { ViewFrame } from '../workspace/view-frame.tsx';
import { AreaShares } from './area-shares.tsx';
import { coverageApi, type Light, type PeriodName } from './coverage-api.ts';
import { CoverageChoices } from './coverage-choices.tsx';
import { CoverageHead } from './coverage-head.tsx';
import { CoverageLegend } from './coverage-legend.tsx';
import { CoverageMap } from './coverage-map.tsx';
import { HardlyWatched } from './hardly-watched.tsx';
import { PlacesList } from './places-list.tsx';
import { Suggestions } from './suggestions.tsx';

const REPORT_EVERY_MS = 10_000;
const NO_CELLS: readonly CoverageCell[] = [];
const NO_PLACES: readonly PlaceCoverage[] = [];

type Asked = { area: string | null; period: PeriodName; view: MapView | undefined; onSignedOut: () => void };

function useCoverage({ area, period, view, onSignedOut }: Asked) {
  const bbox = view === undefined ? undefined : queryBounds(view);
  const question = { area, period };
  const often = { intervalMs: REPORT_EVERY_MS, onSignedOut };
  return {
    report: usePolled(`${area} ${period}`, (signal) => coverageApi.readReport(question, { signal }), often),
    cells: usePolled(
      bbox === undefined ? null : [area, period, ...bbox].join(' '),
      (signal) => coverageApi.readCells(question, bbox ?? [], { signal }),
      often,
    ),
    areas: useKnownSite().areas,
    cameras: usePolled('cameras', (signal) => api.readCameras({ signal }), { intervalMs: 15_000, onSignedOut }),
  };
}

export function CoveragePage({ onSignedOut }: ViewProps) {
  const words = useWords();
  const [light, setLight] = useState<Light>('day');
  const [area, setArea] = useArea();
  const [period, setPeriod] = useState<PeriodName>('week');
  const [view, setView] = useState<MapView>();
  const [suggestion, setSuggestion] = useState<Suggestion | null>(null);
  const [place, setPlace] = useState<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was suggested for one area says nothing of another
  useEffect(() => setSuggestion(null), [area]);
  const { report, cells, areas, cameras } = useCoverage({ area, period, view, onSignedOut });
  const problem = report.problem ?? cells.problem;
  const places = report.data?.places ?? NO_PLACES;
  const choosePlace = (id: string) => {
    setSuggestion(null);
    setPlace(id === place ? null : id);
  };
  const chooseSuggestion = (chosen: Suggestion | null) => {
    setPlace(null);
    setSuggestion(chosen);
  };
  const chooseLight = (next: Light) => {
    setSuggestion(null);
    setLight(next);
  };
  return (
    <ViewFrame name="coverage">
      <h2 className="unseen">{words.coverage.title}</h2>
      <aside className="coverage-panel">
        <CoverageChoices choices={{ light, area, period }} onLight={chooseLight} onPeriod={setPeriod} />
        {problem !== undefined && (
          <div className={`notice ${problem instanceof UnreachableError ? 'is-lost' : 'is-problem'}`} role="status">
            <ProblemText error={problem} />
          </div>
        )}
        {report.data !== undefined && (
          <PanelSections
            {...{ report: report.data, areas: areas.data, area, light, place, suggestion }}
            onArea={setArea}
            onPlace={choosePlace}
            onSuggestion={chooseSuggestion}
          />
        )}
      </aside>
      <div className="coverage-stage">
        <CoverageMap
          areas={areas.data}
          area={area}
          cameras={cameras.data ?? []}
          cells={cells.data?.cells ?? NO_CELLS}
          places={places}
          light={light}
          suggestion={suggestion}
          chosenPlace={place}
          onView={setView}
          onPlace={choosePlace}
        />
        <CoverageLegend hasGain={suggestion !== null} />
      </div>
    </ViewFrame>
  );
}

type SectionsProps = {
  report: CoverageReport;
  areas: AreaCollection | undefined;
  area: string | null;
  light: Light;
  place: string | null;
  suggestion: Suggestion | null;
  onArea: (area: string | null) => void;
  onPlace: (id: string) => void;
  onSuggestion: (suggestion: Suggestion | null) => void;
};

function PanelSections({ report, area, light, place, suggestion, ...on }: SectionsProps) {
  const { coverage } = useWords();
  const own = report.areas.find((each) => each.area === area);
  const shown = useMemo(() => childrenOf(report, area), [report, area]);
  return (
    <>
      <CoverageHead report={report} area={area} light={light} />
      {own !== undefined && <DashboardLink to={{ type: 'area', id: own.area }} name={own.name} />}
      <section>
        <h3>{coverage.places}</h3>
        <p className="coverage-note">{coverage.placesNote}</p>
        <PlacesList places={report.places} light={light} chosenId={place} onChoose={on.onPlace} />
      </section>
      <section>
        <h3>{coverage.suggest}</h3>
        <Suggestions
          key={`${area} ${light}`}
          area={area}
          light={light}
          chosen={suggestion}
          onChoose={on.onSuggestion}
        />
      </section>
      <section>
        <h3>{coverage.hardly}</h3>
        <HardlyWatched cameras={report.cameras} light={light} />
      </section>
      {shown.length > 0 && (
        <section>
          <h3>{coverage.areas}</h3>
          <AreaShares areas={shown} light={light} onChoose={on.onArea} />
        </section>
      )}
    </>
  );
}

/** Areas right below the chosen one; without one those at the top of what is seen, and below a lone one its parts. */
function childrenOf({ areas }: CoverageReport, area: string | null) {
  if (area !== null) return areas.filter(({ parent }) => parent === area);
  const known = new Set(areas.map((each) => each.area));
  const top = areas.filter(({ parent }) => parent === null || !known.has(parent));
  return top.length === 1 ? areas.filter(({ parent }) => parent === top[0]?.area) : top;
}
