/** One table (一表): people, place, event, thing and situation of an area, and of the areas right below it. */
import { useState } from 'react';
import { DashboardLink } from '../dashboard/dashboard-link.tsx';
import { usePolled } from '../polled.ts';
import { inZone } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { withArea } from '../workspace/kept.ts';
import { useKnownSite } from '../workspace/known.tsx';
import { ProblemText } from '../workspace/problem-text.tsx';
import { useRange } from '../workspace/time-bar.tsx';
import { rangeKey, spanOf } from '../workspace/time-range.ts';
import { useTopArea } from '../workspace/top-area.ts';
import { usePlace, type ViewProps } from '../workspace/view.ts';
import { ViewFrame } from '../workspace/view-frame.tsx';
import { BelowTable } from './below-table.tsx';
import { OwnTable } from './own-table.tsx';
import { tableApi } from './table-api.ts';

const EVERY_MS = 60_000;
/** Drawn while figures are on their way. */
const LINES = ['1', '2', '3', '4', '5', '6', '7', '8'];

export function TablePage({ onSignedOut }: ViewProps) {
  const words = useWords();
  const place = usePlace();
  const chosen = place.rest;
  const [range] = useRange('table');
  const { areas, zone } = useKnownSite();
  useTopArea(chosen === '');
  const [skipped, setSkipped] = useState({ area: '', count: 0 });
  const skip = skipped.area === chosen ? skipped.count : 0;
  const spanNow = () => spanOf(range, zone ?? 'UTC');
  const table = usePolled(
    chosen === '' || zone === undefined ? null : `${chosen} ${rangeKey(range)} ${zone} ${skip}`,
    (signal) => tableApi.read(chosen, { ...spanNow(), skip }, { signal }),
    { intervalMs: EVERY_MS, onSignedOut },
  );
  const { data } = table;
  const [own] = data?.areas ?? [];
  const time = (ms: number) =>
    new Date(ms).toLocaleString(words.locale, { ...inZone(words), dateStyle: 'medium', timeStyle: 'short' });
  return (
    <ViewFrame name="table">
      <div className="table-line">
        <h2>
          {words.table.title}
          {own !== undefined && <span className="table-of">{own.name}</span>}
        </h2>
        {own !== undefined && <DashboardLink to={{ type: 'area', id: own.id }} name={own.name} />}
        <button type="button" className="button-plain table-print" onClick={() => print()}>
          {words.table.print}
        </button>
        {chosen !== '' && (
          <a className="button-plain" href={tableApi.csv(chosen, spanNow())} download>
            {words.table.csv}
          </a>
        )}
      </div>
      {areas.data?.features.length === 0 && <p className="table-none">{words.table.none}</p>}
      {table.problem !== undefined && (
        <div className="notice is-problem" role="status">
          <ProblemText error={table.problem} />
        </div>
      )}
      {data === undefined && table.problem === undefined && areas.data?.features.length !== 0 && (
        <div className="placeholders table-sheet" role="status" aria-label={words.loading}>
          {LINES.map((line) => (
            <i key={line} />
          ))}
        </div>
      )}
      {data !== undefined && (
        <div className={table.isStale ? 'table-sheet is-stale' : 'table-sheet'}>
          <p className="table-path">
            {data.path.map(({ id, name }) => (
              <a key={id} href={withArea(place, id)}>
                {name}
              </a>
            ))}
            <span>{`${time(data.fromMs)} – ${time(data.toMs)}`}</span>
          </p>
          {data.missingHours !== undefined && (
            <p className="table-none" role="status">
              {words.heat.missingHours(data.missingHours)}
            </p>
          )}
          <OwnTable table={data} />
          {data.areas.length > 1 && <BelowTable table={data} skipTo={(count) => setSkipped({ area: chosen, count })} />}
        </div>
      )}
    </ViewFrame>
  );
}
