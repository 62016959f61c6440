/** One table of an area: how long things were there and how many tracks, per kind and over time. */
import Type, { type Static } from 'typebox';
import { TimeMs } from './id.ts';
import { Kind } from './kind.ts';

export const SummaryKind = Type.Object({
  kind: Kind,
  presenceS: Type.Number({ description: 'Seconds that things of this kind were there, summed over things' }),
  tracks: Type.Integer({ description: 'Distinct tracks' }),
});
export type SummaryKind = Static<typeof SummaryKind>;

export const Summary = Type.Object({
  fromMs: TimeMs,
  toMs: TimeMs,
  observedS: Type.Number({ description: 'Seconds that cameras watched, summed over cameras: the rates’ denominator' }),
  kinds: Type.Array(SummaryKind),
  series: Type.Array(Type.Object({ bucketMs: TimeMs, ...SummaryKind.properties })),
  bucketS: Type.Number({ description: 'Length of one bucket of the series, seconds' }),
});
export type Summary = Static<typeof Summary>;
