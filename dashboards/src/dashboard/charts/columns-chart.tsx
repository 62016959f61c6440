/** A panel's bars over time, the parts of its series upon each other. */
import { useMemo } from 'react';
import type { PanelAnswer } from '#models/schema/dashboard.ts';
import { partOf, type Telling } from '../panel-rows.ts';
import { ChartBox } from './chart-box.tsx';
import { columnsOption } from './columns-option.ts';
import { linePoints } from './line-points.ts';
import { pointLines, pointTitle } from './point-card.ts';
import { SeriesLegend, useHidden } from './series-legend.tsx';
import { useCount } from './use-count.ts';

const HEIGHT_PX = 200;

export function ColumnsChart({ answer, telling, label }: { answer: PanelAnswer; telling: Telling; label: string }) {
  const points = useMemo(() => linePoints(answer, telling), [answer, telling]);
  const { hidden, toggle } = useHidden();
  const count = useCount(points);
  const value = partOf(answer, 'value');
  if (value === undefined) return null;
  const order = { value, telling, hidden };
  return (
    <>
      <SeriesLegend
        series={points.series}
        hidden={hidden}
        onToggle={toggle}
        besides={[]}
        hasUnwatched={false}
        isHatched
      />
      <ChartBox
        label={label}
        heightPx={HEIGHT_PX}
        optionKey={`${count} ${[...hidden].join(' ')} ${telling.words.locale}`}
        optionFor={(widthPx) => columnsOption({ points, ...order, widthPx })}
        axis="x"
        places={points.times}
        sayPlace={(place) =>
          `${pointTitle(points, place, telling)}: ${pointLines(points, place, order)
            .map(({ name, text }) => `${name} ${text}`)
            .join(', ')}`
        }
      />
    </>
  );
}
