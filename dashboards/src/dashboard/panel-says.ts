/** The main thing that a chart shows, for those who hear it. */
import type { PanelAnswer } from '#models/schema/dashboard.ts';
import { formatNumber, formatShare } from '../words/figures.ts';
import { barPoints } from './charts/bar-points.ts';
import { carpetFigures } from './charts/carpet.tsx';
import { linePoints } from './charts/line-points.ts';
import { pointTitle } from './charts/point-card.ts';
import { sharesOf, stripsOf } from './charts/strip-runs.ts';
import { hourName, languageOf, partOf, type Telling } from './panel-rows.ts';
import { unitText } from './value-text.ts';

const STRIPS_SAID = 3;

export function panelSays(answer: PanelAnswer, telling: Telling): string {
  const { words } = telling;
  const said = words.dashboard.says;
  const head = `${answer.title[languageOf(words)]}. ${said.chart[answer.chart]}.`;
  return [head, ...mainThings(answer, telling)].join(' ');
}

function mainThings(answer: PanelAnswer, telling: Telling): string[] {
  const { words } = telling;
  const said = words.dashboard.says;
  switch (answer.chart === 'bars' && partOf(answer, 'time') !== undefined ? 'lines' : answer.chart) {
    case 'lines': {
      const points = linePoints(answer, telling);
      const name = (series: string, place: number) =>
        [points.series.length > 1 ? series : '', pointTitle(points, place, telling)].filter(Boolean).join(', ');
      return extremes(
        points.series.flatMap(({ values, name: series }) =>
          values.map((value, place) => ({ value, where: () => name(series, place) })),
        ),
        answer,
        telling,
      );
    }
    case 'bars': {
      const points = barPoints(answer, telling);
      return extremes(
        points.series.flatMap(({ values }) =>
          values.map((value, place) => ({ value, where: () => points.labels[place]?.name ?? '' })),
        ),
        answer,
        telling,
      );
    }
    case 'carpet':
      return extremes(
        carpetFigures(answer).values.map((value, hour) => ({ value, where: () => hourName(hour, words) })),
        answer,
        telling,
      );
    case 'strips':
      return stripsOf(answer, telling)
        .slice(0, STRIPS_SAID)
        .flatMap((strip) => {
          const [most] = sharesOf(strip);
          return most === undefined ? [] : [said.states(strip.name, formatShare(most.share, words), most.name)];
        });
    default:
      return [said.rows(formatNumber(answer.rows.length, words))];
  }
}

function extremes(
  all: { value: number | null; where: () => string }[],
  answer: PanelAnswer,
  { words }: Telling,
): string[] {
  const said = words.dashboard.says;
  const unit = partOf(answer, 'value')?.unit;
  const known = all.filter((each) => each.value !== null) as { value: number; where: () => string }[];
  const [first] = known;
  if (first === undefined) return [said.none];
  const most = known.reduce((best, each) => (each.value > best.value ? each : best), first);
  const least = known.reduce((best, each) => (each.value < best.value ? each : best), first);
  const text = (value: number) => unitText(value, unit, words);
  return [
    said.highest(text(most.value), most.where()),
    said.lowest(text(least.value), least.where()),
    ...(answer.chart === 'lines' || answer.chart === 'bars' ? [said.keys] : []),
  ];
}
