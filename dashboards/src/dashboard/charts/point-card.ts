/** The card of one point in time: each series' figure, what is normal, how much was watched. Elements, so that names stay text. */

import { formatShare, formatSpan } from '../../words/figures.ts';
import { type Column, cellText, type Telling } from '../panel-rows.ts';
import { unitText } from '../value-text.ts';
import type { LinePoints } from './line-points.ts';
import type { Look } from './looks.ts';

type CardLine = { name: string; text: string; look?: Look };

/** A sample of a line as it is drawn, for cards and legends. */
export function lineSample({ colour, dash }: Look): string {
  return `<svg width="18" height="8" viewBox="0 0 18 8" aria-hidden="true"><path d="M0 4h18" fill="none" stroke="${colour}" stroke-width="2"${dash.length === 0 ? '' : ` stroke-dasharray="${dash.join(' ')}"`}/></svg>`;
}

export function cardOf(title: string, lines: readonly CardLine[]): HTMLElement {
  const card = document.createElement('div');
  card.className = 'chart-card';
  const head = document.createElement('p');
  head.textContent = title;
  card.append(head);
  for (const { name, text, look } of lines) {
    const line = document.createElement('p');
    const sample = document.createElement('span');
    // Colours and dashes are our own, nothing that somebody typed.
    if (look !== undefined) sample.innerHTML = lineSample(look);
    const label = document.createElement('span');
    label.textContent = name;
    const value = document.createElement('b');
    value.textContent = text;
    line.append(sample, label, value);
    card.append(line);
  }
  return card;
}

type CardOrder = { value: Column; telling: Telling; hidden: ReadonlySet<string> };

/** The words of a point, also for those who hear them. */
export function pointLines(points: LinePoints, place: number, { value, telling, hidden }: CardOrder): CardLine[] {
  const { words } = telling;
  const share = points.observed[place];
  return [
    ...points.series
      .filter(({ id }) => !hidden.has(id))
      .flatMap(({ name, look, values, normal, spread, compare }): CardLine[] => {
        const line = { name, look, text: cellText(values[place], value, telling) };
        const text = (each: number | null | undefined) => (each == null ? '' : unitText(each, value.unit, words));
        const usual = [text(normal[place]), text(spread[place])].filter((part) => part !== '').join(' ± ');
        const was = text(compare[place]);
        return [
          line,
          ...(normal[place] == null ? [] : [{ name: words.dashboard.normal, text: usual }]),
          ...(was === '' ? [] : [{ name: words.dashboard.before, text: was }]),
        ];
      }),
    ...(share === null || share === undefined
      ? []
      : [{ name: words.dashboard.states.observed!, text: formatShare(share, words) }]),
  ];
}

export function pointTitle({ times, stepMs }: LinePoints, place: number, { words, zone }: Telling): string {
  const atMs = times[place] ?? 0;
  return formatSpan({ fromMs: atMs, toMs: Number.isFinite(stepMs) ? atMs + stepMs : atMs }, words, zone);
}

export const pointCard = (points: LinePoints, place: number, order: CardOrder): HTMLElement =>
  cardOf(pointTitle(points, place, order.telling), pointLines(points, place, order));
