/** A panel's lines: the chart and its legend, whose entries switch series off and on. */
import { useMemo } from 'react';
import type { PanelAnswer } from '#models/schema/dashboard.ts';
import { partOf, type Telling, titleOf } from '../panel-rows.ts';
import { ChartBox } from './chart-box.tsx';
import { linePoints } from './line-points.ts';
import { linesOption } from './lines-option.ts';
import { pointLines, pointTitle } from './point-card.ts';
import { SeriesLegend, useHidden } from './series-legend.tsx';
import { useCount } from './use-count.ts';

type LinesProps = { answer: PanelAnswer; telling: Telling; label: string };

const HEIGHT_PX = 220;
const NORMAL_DASH = [4, 3];
const COMPARE_DASH = [1.5, 3];

export function LinesChart({ answer, telling, label }: LinesProps) {
  const { words } = telling;
  const points = useMemo(() => linePoints(answer, telling), [answer, telling]);
  const { hidden, toggle } = useHidden();
  const value = partOf(answer, 'value');
  const normal = partOf(answer, 'normal');
  const count = useCount(points);
  if (value === undefined) return null;
  const order = { value, telling, hidden };
  const shown = points.series.filter(({ id }) => !hidden.has(id));
  const [only] = shown.length === 1 ? shown : [];
  const has = (values: readonly (number | null)[] | undefined) => values?.some((each) => each !== null) === true;
  const compare = partOf(answer, 'compare');
  const normalName = normal === undefined ? words.dashboard.normal : titleOf(normal, words);
  const compareName = compare === undefined ? '' : titleOf(compare, words);
  const besides = [
    ...(has(only?.normal) ? [{ name: normalName, dash: NORMAL_DASH }] : []),
    ...(has(only?.compare) ? [{ name: compareName, dash: COMPARE_DASH }] : []),
  ];
  return (
    <>
      <SeriesLegend
        series={points.series}
        hidden={hidden}
        onToggle={toggle}
        besides={besides}
        hasUnwatched={points.unwatched.length > 0}
      />
      <ChartBox
        label={label}
        heightPx={HEIGHT_PX}
        optionKey={`${count} ${[...hidden].join(' ')} ${words.locale}`}
        optionFor={(widthPx) => linesOption({ points, ...order, widthPx, normalName, compareName })}
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
