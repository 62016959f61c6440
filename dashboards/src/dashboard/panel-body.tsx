/** What a panel draws, by its chart; those that are heavy are loaded when they come into view. */
import { lazy, Suspense, useRef } from 'react';
import { useWords } from '../words/language.tsx';
import { dashboardAddress } from './asked.ts';
import { BarsChart } from './charts/bars-chart.tsx';
import { CarpetChart } from './charts/carpet.tsx';
import { ColumnsChart } from './charts/columns-chart.tsx';
import { HeadlineFigures } from './charts/headline.tsx';
import { LinesChart } from './charts/lines-chart.tsx';
import { StripsChart } from './charts/strips.tsx';
import { useInView } from './charts/use-in-view.ts';
import type { PanelProps } from './panel-card.tsx';
import { partOf } from './panel-rows.ts';
import { panelSays } from './panel-says.ts';
import { RowsTable } from './rows-table.tsx';

const HeatPanel = lazy(async () => ({ default: (await import('./heat-panel.tsx')).HeatPanel }));

export function PanelBody(props: PanelProps) {
  const { answer, asked, telling, hrefTo } = props;
  const drawn = { answer, telling, label: panelSays(answer, telling) };
  switch (answer.chart) {
    case 'headline':
      return <HeadlineFigures answer={answer} telling={telling} />;
    case 'lines':
      return <LinesChart {...drawn} />;
    case 'bars':
      if (partOf(answer, 'time') !== undefined) return <ColumnsChart {...drawn} />;
      return (
        <BarsChart
          {...drawn}
          onGo={(to) => {
            location.hash = dashboardAddress(to, asked);
          }}
        />
      );
    case 'carpet':
      return <CarpetChart {...drawn} />;
    case 'strips':
      return <StripsChart {...drawn} hrefTo={hrefTo} />;
    case 'table':
      return <RowsTable {...drawn} hrefTo={hrefTo} />;
    case 'heat-map':
      return <HeatPlace {...props} />;
  }
}

/** The room of the map: MapLibre is larger than all the rest of the page, so it comes when somebody gets there. */
function HeatPlace(props: PanelProps) {
  const words = useWords();
  const room = useRef<HTMLDivElement>(null);
  const isInView = useInView(room, { isSoon: false });
  const waits = <p className="heat-waits">{words.dashboard.mapWaits}</p>;
  return (
    <div ref={room} className="heat-room">
      {isInView ? (
        <Suspense fallback={waits}>
          <HeatPanel {...props} />
        </Suspense>
      ) : (
        waits
      )}
    </div>
  );
}
