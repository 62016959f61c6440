/** A panel's lines: the chart and its legend, whose entries switch series off and on. */
import { useMemo, useState } from 'react';
import type { PanelAnswer } from '#models/schema/dashboard.ts';
import { partOf, type Telling, titleOf } from '../panel-rows.ts';
import { ChartBox } from './chart-box.tsx';
import { linePoints } from './line-points.ts';
import { linesOption } from './lines-option.ts';
import { pointLines, pointTitle } from './point-card.ts';
import { SeriesLegend, useHidden } from './series-legend.tsx';

type LinesProps = { answer: PanelAnswer; telling: Telling; label: string };

const HEIGHT_PX = 220;

export function LinesChart({ answer, telling, label }: LinesProps) {
  const { words } = telling;
  const points = useMemo(() => linePoints(answer, telling), [answer, telling]);
  const { hidden, toggle } = useHidden();
  const value = partOf(answer, 'value');
  const normal = partOf(answer, 'normal');
  const [made] = useState(() => ({ count: 0, of: points }));
  if (made.of !== points) Object.assign(made, { of: points, count: made.count + 1 });
  if (value === undefined) return null;
  const order = { value, telling, hidden };
  const isSingle = points.series.length - hidden.size === 1;
  const hasNormal =
    isSingle && points.series.some((one) => !hidden.has(one.id) && one.normal.some((each) => each !== null));
  const normalName = normal === undefined ? words.dashboard.normal : titleOf(normal, words);
  return (
    <>
      <SeriesLegend
        series={points.series}
        hidden={hidden}
        onToggle={toggle}
        normal={hasNormal ? normalName : null}
        hasUnwatched={points.unwatched.length > 0}
      />
      <ChartBox
        label={label}
        heightPx={HEIGHT_PX}
        optionKey={`${made.count} ${[...hidden].join(' ')} ${words.locale}`}
        optionFor={(widthPx) => linesOption({ points, ...order, widthPx, normalName })}
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
