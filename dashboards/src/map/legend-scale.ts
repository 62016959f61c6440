/** The scale in words and numbers: where its ticks stand, what they say, and what it is a scale of. */
import type { Words } from '../words/english.ts';
import type { CompareName } from '../workspace/choices.ts';
import { scalePlace } from './heat-columns.ts';
import type { MapFigures } from './map-figures.ts';
import { differenceText, isSum, measureText, sigmasText } from './measure.ts';

export type Tick = { place: number; text: string };

/** A tenth and four tenths stand about a third and two thirds along a square-root scale. */
const ROOT_SHARES = [0, 0.1, 0.4, 1];
const EVEN_SHARES = [0, 0.25, 0.5, 0.75, 1];
const DIVERGING_SHARES = [-1, -0.25, 0, 0.25, 1];
const SIGMAS = [-4, -2, 0, 2, 4];

type Scaled = Pick<MapFigures, 'scale' | 'measure' | 'shown'>;

export function ticksOf({ scale, measure, shown }: Scaled, words: Words): Tick[] {
  const tick = (tone: number, text: string) => ({
    place: scale.isDiverging ? scalePlace(tone, scale) : zeroBased(tone, scale),
    text,
  });
  if (shown === 'normal') return SIGMAS.map((tone) => tick(tone, tone === 0 ? '0' : sigmasText(tone, words)));
  if (shown === 'compare')
    return DIVERGING_SHARES.map((share) =>
      tick(share * scale.end, share === 0 ? '0' : differenceText(share * scale.end, measure, words)),
    );
  return (scale.isRoot ? ROOT_SHARES : EVEN_SHARES)
    .map((share) => share * scale.end)
    .filter((tone) => measure !== 'tracks' || Number.isInteger(tone))
    .map((tone) => tick(tone, measureText(tone, measure, words)));
}

const zeroBased = (tone: number, scale: Scaled['scale']) => (tone === 0 ? 0 : scalePlace(tone, scale));

/** The words below the two ends and the middle of a diverging scale: direction is told by more than colour. */
export function endsOf(shown: MapFigures['shown'], words: Words): readonly [string, string, string] | null {
  const { less, same, more, lessUsual, usual, moreUsual } = words.heat;
  if (shown === 'value') return null;
  const [low, middle, high] = shown === 'normal' ? [lessUsual, usual, moreUsual] : [less, same, more];
  return [`− ${low}`, middle, `${high} +`];
}

/** "Presence, People, against a week before" */
export function titleOf(figures: MapFigures, compare: CompareName, words: Words): string {
  const { kind, measure, shown } = figures;
  const name = [words.heat.measures[measure], kind === null ? words.allKinds : words.kinds[kind]].join(' · ');
  if (shown === 'value') return name;
  return `${name}, ${shown === 'normal' ? words.heat.againstNormal : (words.heat.against[compare] ?? '')}`;
}

export function unitOf({ measure, shown }: Scaled, words: Words): string {
  if (shown === 'normal') return `σ: ${words.heat.card.spread}`;
  if (shown === 'compare' && isSum(measure)) return words.heat.perHour;
  return words.heat.units[measure];
}
