/** A panel's bars: a click, or Enter, on a bar goes to the place that it stands for. */
import { useMemo } from 'react';
import type { PanelAnswer } from '#models/schema/dashboard.ts';
import type { SubjectRef } from '../asked.ts';
import { partOf, type Telling } from '../panel-rows.ts';
import { barPoints } from './bar-points.ts';
import { barLines, barsHeightPx, barsOption } from './bars-option.ts';
import { ChartBox } from './chart-box.tsx';
import { SeriesLegend, useHidden } from './series-legend.tsx';
import { useCount } from './use-count.ts';

type BarsProps = { answer: PanelAnswer; telling: Telling; label: string; onGo: (to: SubjectRef) => void };

export function BarsChart({ answer, telling, label, onGo }: BarsProps) {
  const points = useMemo(() => barPoints(answer, telling), [answer, telling]);
  const { hidden, toggle } = useHidden();
  const value = partOf(answer, 'value');
  const count = useCount(points);
  if (value === undefined) return null;
  const hasNormal = points.normal.some((each) => each !== null);
  const order = { value, telling, hidden };
  return (
    <>
      <SeriesLegend
        series={points.series}
        hidden={hidden}
        onToggle={toggle}
        besides={hasNormal ? [{ name: telling.words.dashboard.normal, dash: 'mark' }] : []}
        hasUnwatched={false}
        isHatched
      />
      <ChartBox
        label={label}
        heightPx={barsHeightPx(points)}
        optionKey={`${count} ${[...hidden].join(' ')} ${telling.words.locale}`}
        optionFor={(widthPx) => barsOption({ points, ...order, widthPx })}
        axis="y"
        places={points.labels.map((_, index) => index)}
        sayPlace={(place) =>
          `${points.labels[place]?.name ?? ''}: ${barLines(points, place, order)
            .map(({ name, text }) => `${name} ${text}`)
            .join(', ')}`
        }
        onPick={(place) => {
          const to = points.labels[place]?.to;
          if (to !== null && to !== undefined) onGo(to);
        }}
      />
    </>
  );
}
