/** A panel's bars: a click, or Enter, on a bar goes to the place that it stands for. */
import { useMemo, useState } from 'react';
import type { PanelAnswer } from '#models/schema/dashboard.ts';
import type { SubjectRef } from '../asked.ts';
import { partOf, type Telling } from '../panel-rows.ts';
import { barPoints } from './bar-points.ts';
import { barLines, barsHeightPx, barsOption } from './bars-option.ts';
import { ChartBox } from './chart-box.tsx';
import { SeriesLegend, useHidden } from './series-legend.tsx';

type BarsProps = { answer: PanelAnswer; telling: Telling; label: string; onGo: (to: SubjectRef) => void };

export function BarsChart({ answer, telling, label, onGo }: BarsProps) {
  const points = useMemo(() => barPoints(answer, telling), [answer, telling]);
  const { hidden, toggle } = useHidden();
  const value = partOf(answer, 'value');
  const [made] = useState(() => ({ count: 0, of: points }));
  if (made.of !== points) Object.assign(made, { of: points, count: made.count + 1 });
  if (value === undefined) return null;
  const order = { value, telling, hidden };
  return (
    <>
      <SeriesLegend
        series={points.series}
        hidden={hidden}
        onToggle={toggle}
        normal={points.normal.some((each) => each !== null) ? telling.words.dashboard.normal : null}
        hasUnwatched={false}
      />
      <ChartBox
        label={label}
        heightPx={barsHeightPx(points)}
        optionKey={`${made.count} ${[...hidden].join(' ')} ${telling.words.locale}`}
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
