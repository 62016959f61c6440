/** What was published, stored and rolled up, compared: counts that reconcile are shown, not promised. */
import Type, { type Static } from 'typebox';
import { TimeMs } from './id.ts';

const Count = Type.Integer({ minimum: 0 });

export const Discrepancy = Type.Object({
  hourMs: Type.Union([TimeMs, Type.Null()], { description: 'Begin of the hour it is in; null where it has none' }),
  what: Type.String({ description: 'What differs: lost, doubled, or the table that is wrong' }),
  key: Type.String({ description: 'Camera, or the row of the table' }),
  expected: Type.String(),
  found: Type.String(),
});
export type Discrepancy = Static<typeof Discrepancy>;

export const Reconciliation = Type.Object({
  fromMs: TimeMs,
  toMs: TimeMs,
  isWhole: Type.Boolean({ description: 'Nothing lost, nothing doubled, every roll-up as the rows say' }),
  broker: Type.Object(
    {
      published: Count,
      acknowledged: Count,
      waiting: Count,
      dropped: Count,
    },
    {
      description:
        'Messages since the stream was made: what workers published is acknowledged (stored), waits, or was dropped by the stream’s limits before it was consumed',
    },
  ),
  stored: Type.Object(
    {
      messages: Count,
      sightings: Count,
      observedS: Type.Number({ minimum: 0 }),
      quarantined: Count,
      lost: Count,
      doubled: Count,
    },
    {
      description:
        'Of the time: lost are numbers that a camera’s messages skip and no quarantine explains, doubled are numbers that stand there twice',
    },
  ),
  rolledUp: Type.Object({ sightings: Type.Number({ minimum: 0 }), observedS: Type.Number({ minimum: 0 }) }),
  discrepancies: Type.Array(Discrepancy, { description: 'At most 100' }),
});
export type Reconciliation = Static<typeof Reconciliation>;
