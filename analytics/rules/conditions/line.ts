/** A thing goes over a line: one moment per crossing. */
import type { Static } from 'typebox';
import type { LineCondition } from '#models/schema/rule-condition.ts';
import type { Setting, Watcher } from '../watcher.ts';
import { watchCrossings } from './crossings.ts';

export function watchLine(when: Static<typeof LineCondition>, setting: Setting): Watcher {
  const wanted = when.direction ?? 'both';
  return watchCrossings(
    {
      line: when.line,
      hysteresis: when.hysteresis,
      onCross(thing, way, { atMs }) {
        if (wanted !== 'both' && wanted !== way) return;
        setting.emit.moment(`${thing.id}:${way}`, {
          ...{ atMs, things: [thing], kind: thing.kind },
          values: { direction: way === 'forth' ? 1 : -1 },
        });
      },
    },
    setting,
  );
}
