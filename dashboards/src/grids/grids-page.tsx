/** The view of grids: the division on a map; beside it what the check found, the import, and the published versions. */
import { useMemo, useState } from 'react';
import type { AreaLevel } from '#models/schema/area.ts';
import type { DivisionFault, DivisionReport } from '#models/schema/division.ts';
import { UnreachableError } from '../api-client.ts';
import { atLeast, type Bounds } from '../map/areas.ts';
import { usePolled } from '../polled.ts';
import { useWords } from '../words/language.tsx';
import { Choice } from '../workspace/choice.tsx';
import { ProblemText } from '../workspace/problem-text.tsx';
import type { ViewProps } from '../workspace/view.ts';
import { ViewFrame } from '../workspace/view-frame.tsx';
import { AreaCard } from './area-card.tsx';
import { COLOURINGS, type Colouring, levelsThere, shapeBounds } from './division.ts';
import type { Mark } from './division-map.ts';
import { DivisionPane } from './division-pane.tsx';
import { FaultPanel } from './fault-panel.tsx';
import { gridsApi } from './grids-api.ts';
import { ImportPanel } from './import-panel.tsx';
import { ToneLegend } from './tone-legend.tsx';
import { VersionsPanel } from './versions-panel.tsx';

const LEVELS: readonly AreaLevel[] = ['city', 'district', 'street', 'village', 'grid'];
const READ_EVERY_MS = 60_000;
const FAULT_SPAN_M = 60;
const AREA_SPAN_M = 120;
/** Hard faults, as the API counts them before it publishes. */
const HARD: readonly string[] = [
  'polygon-invalid',
  'gap',
  'overlap',
  'outside-parent',
  'wrong-parent',
  'orphan',
  'not-computed',
];

type Tab = 'faults' | 'import' | 'versions';

export function GridsPage({ me, onSignedOut }: ViewProps) {
  const words = useWords();
  const mayChange = me.user.roles.includes('administrator') && me.user.scope.length === 0;
  const [tab, setTab] = useState<Tab>('faults');
  const [level, setLevel] = useState<AreaLevel>('grid');
  const [colouring, setColouring] = useState<Colouring>('households');
  const [fault, setFault] = useState<DivisionFault | null>(null);
  const [areaId, setAreaId] = useState<string | null>(null);
  const [target, setTarget] = useState<{ bounds: Bounds } | null>(null);
  const polling = { intervalMs: READ_EVERY_MS, onSignedOut };
  const areas = usePolled('areas', (signal) => gridsApi.readAreas({ signal }), polling);
  const check = usePolled('check', (signal) => gridsApi.check({ signal }), polling);
  const versions = usePolled('versions', (signal) => gridsApi.readVersions({ signal }), polling);
  const there = useMemo(() => levelsThere(areas.data), [areas.data]);
  const marks = useMemo(() => marksOf(check.data, fault), [check.data, fault]);
  const area = areas.data?.features.find(({ properties }) => properties.id === areaId);
  const problem = areas.problem ?? check.problem ?? versions.problem;

  const lookAt = (bounds: Bounds | null, spanM: number) => {
    if (bounds !== null) setTarget({ bounds: atLeast(bounds, spanM) });
  };
  const showPlace = ([lon, lat]: [number, number]) => lookAt([lon, lat, lon, lat], FAULT_SPAN_M);
  const showFault = (chosen: DivisionFault) => {
    setFault(chosen);
    if (chosen.geometry !== null) lookAt(shapeBounds(chosen.geometry as never), FAULT_SPAN_M);
    else showArea(chosen.areas[0] ?? '');
  };
  const showArea = (id: string) => {
    const found = areas.data?.features.find(({ properties }) => properties.id === id);
    setAreaId(found === undefined ? null : id);
    if (found === undefined) return;
    setLevel(found.properties.level);
    lookAt(shapeBounds(found.geometry), AREA_SPAN_M);
  };
  const refresh = () => {
    setFault(null);
    for (const each of [areas, check, versions]) each.refresh();
  };
  const hardFaults = HARD.reduce((sum, code) => sum + (check.data?.counts[code] ?? 0), 0);
  const tabs: Tab[] = mayChange ? ['faults', 'import', 'versions'] : ['faults', 'versions'];
  return (
    <ViewFrame name="grids">
      <h2 className="unseen">{words.grids.title}</h2>
      <DivisionPane
        areas={areas.data}
        level={level}
        colouring={colouring}
        marks={marks}
        chosenId={areaId}
        target={target}
        onPoint={setAreaId}
      >
        <div className="grid-tools">
          <Choice
            label={words.grids.level}
            options={LEVELS.filter((each) => there.has(each)).map((value) => ({
              value,
              text: words.grids.levels[value],
            }))}
            value={level}
            onChoose={setLevel}
          />
          {level === 'grid' && there.has('grid') && (
            <Choice
              label={words.grids.colour}
              options={COLOURINGS.map((value) => ({ value, text: words.grids.colourings[value] }))}
              value={colouring}
              onChoose={setColouring}
            />
          )}
        </div>
        {level === 'grid' && <ToneLegend areas={areas.data} colouring={colouring} />}
        {area !== undefined && <AreaCard area={area.properties} onClose={() => setAreaId(null)} />}
        {areas.data?.features.length === 0 && (
          <div className="grid-empty">
            <p className="problem-title">{words.grids.empty}</p>
            <p>{words.grids.emptyLead}</p>
          </div>
        )}
      </DivisionPane>
      <aside className="grid-side">
        <Choice
          label={words.grids.tabsLabel}
          options={tabs.map((value) => ({ value, text: words.grids.tabs[value] }))}
          value={tab}
          onChoose={setTab}
        />
        {problem !== undefined && (
          <div className={`notice ${problem instanceof UnreachableError ? 'is-lost' : 'is-problem'}`} role="status">
            <ProblemText error={problem} />
          </div>
        )}
        <div className="grid-side-content">
          {tab === 'faults' && <FaultPanel report={check.data} chosen={fault} onChoose={showFault} />}
          {tab === 'import' && <ImportPanel onImported={refresh} onShow={showPlace} />}
          {tab === 'versions' && (
            <VersionsPanel
              versions={versions.data ?? []}
              mayPublish={mayChange && (areas.data?.features.length ?? 0) > 0}
              hardFaults={hardFaults}
              onPublished={versions.refresh}
              onShow={showArea}
            />
          )}
        </div>
      </aside>
    </ViewFrame>
  );
}

const DOUBLE: readonly string[] = ['overlap', 'outside-parent', 'wrong-parent'];
const MARKS_MAX = 2000;

/** Ground that is faulty, and the place of the chosen fault where it has no ground of its own. */
function marksOf(report: DivisionReport | undefined, chosen: DivisionFault | null): Mark[] {
  const found = (report?.faults ?? []).filter(({ geometry }) => geometry !== null).slice(0, MARKS_MAX);
  const all = chosen === null || found.includes(chosen) ? found : [...found, chosen];
  return all.flatMap((fault): Mark[] => {
    const kind = fault.geometry === null ? 'place' : DOUBLE.includes(fault.code) ? 'double' : 'missing';
    const geometry = fault.geometry ?? (fault.at === null ? null : { type: 'Point', coordinates: fault.at });
    if (geometry === null) return [];
    return [
      { type: 'Feature', properties: { kind, isChosen: fault === chosen }, geometry: geometry as Mark['geometry'] },
    ];
  });
}
