/** The figures of the cell that is pointed at. */
import type { HeatCell, HeatMap } from '#models/schema/heat-map.ts';
import { formatDuration, formatNumber } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import type { PointedCell } from './city-map.ts';
import { cellSizeM } from './heat-cells.ts';

type CellCardProps = { pointed: PointedCell | null; cell: HeatCell | undefined; heat: HeatMap | undefined };

/** A rate of less watching than this would be noise. */
const OBSERVED_MIN_S = 1;

export function CellCard({ pointed, cell, heat }: CellCardProps) {
  const words = useWords();
  if (pointed === null || cell === undefined || heat === undefined) return null;
  const isPresence = heat.measure === 'presence';
  const value = cell.value ?? 0;
  const rate = isPresence ? value / cell.observedS : (value * 3600) / cell.observedS;
  const what = heat.kind === null ? words.allKinds : words.kinds[heat.kind];
  const isLeft = pointed.x > innerWidth - 260;
  return (
    <div
      className={`cell-card by-${pointed.by}${isLeft ? ' is-left' : ''}`}
      style={{ '--x': `${pointed.x}px`, '--y': `${pointed.y}px` } as React.CSSProperties}
      role="status"
      data-testid="cell-card"
    >
      <p className="cell-card-head">
        <span>{what}</span>
        <span className="muted">{words.cell.size(`${cellSizeM(heat.resolution)} ${words.units.metre}`)}</span>
      </p>
      <p className="cell-card-value">
        {value <= 0 ? words.cell.empty : isPresence ? formatDuration(value, words) : formatNumber(value, words)}
      </p>
      <dl className="facts">
        {value > 0 && cell.observedS >= OBSERVED_MIN_S && (
          <>
            <dt>{isPresence ? words.cell.atOnce : words.cell.perHour}</dt>
            <dd>{formatNumber(rate, words)}</dd>
          </>
        )}
        <dt>{words.cell.observed}</dt>
        <dd>{formatDuration(cell.observedS, words)}</dd>
      </dl>
    </div>
  );
}
