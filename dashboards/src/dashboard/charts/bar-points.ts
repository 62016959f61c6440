/** A panel of bars as points: one bar per label, in the order of the rows, its parts by series. */
import type { PanelAnswer, PanelValue } from '#models/schema/dashboard.ts';
import type { SubjectRef } from '../asked.ts';
import { nameOf } from '../names.ts';
import { distinct, leadsTo, partOf, type Telling, titleOf } from '../panel-rows.ts';
import { asNumber } from '../value-text.ts';
import { type Look, lookOf, orderOf } from './looks.ts';

export type BarSeries = { id: string; name: string; look: Look; values: (number | null)[] };

export type BarPoints = {
  labels: { id: string; name: string; to: SubjectRef | null }[];
  series: BarSeries[];
  normal: (number | null)[];
  observed: (number | null)[];
};

export function barPoints(answer: PanelAnswer, telling: Telling): BarPoints {
  const [label, value, by, normal, share] = (['label', 'value', 'series', 'normal', 'observed-share'] as const).map(
    (part) => partOf(answer, part),
  );
  if (label === undefined || value === undefined) return { labels: [], series: [], normal: [], observed: [] };
  const ids = distinct(answer, label);
  const places = new Map(ids.map((id, index) => [id, index]));
  const blank = () => ids.map((): number | null => null);
  const found = { normal: blank(), observed: blank() };
  const series = distinct(answer, by)
    .sort((a, b) => orderOf(a, by?.names) - orderOf(b, by?.names))
    .map((id, index) => ({
      id,
      name: by === undefined ? titleOf(value, telling.words) : nameOf(id, by.names, telling),
      look: lookOf(id, index, by?.names),
      values: blank(),
    }));
  for (const row of answer.rows) {
    const cell = (of: { index: number } | undefined): PanelValue | undefined =>
      of === undefined ? undefined : row[of.index];
    const place = places.get(String(cell(label) ?? ''));
    const one = series.find(({ id }) => id === String(cell(by) ?? ''));
    if (place === undefined || one === undefined) continue;
    one.values[place] = asNumber(cell(value));
    found.normal[place] ??= asNumber(cell(normal));
    found.observed[place] ??= asNumber(cell(share));
  }
  return {
    labels: ids.map((id) => ({ id, name: nameOf(id, label.names, telling), to: leadsTo(id, label) })),
    series,
    ...found,
  };
}
