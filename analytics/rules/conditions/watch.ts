/** From a condition to what watches one camera for it. */
import type { SimpleCondition } from '#models/schema/rule-condition.ts';
import type { Setting, Watcher } from '../watcher.ts';
import { watchCamera } from './camera.ts';
import { watchCount, watchDensity } from './count.ts';
import { watchFlowImbalance } from './flow-imbalance.ts';
import { watchLine } from './line.ts';
import { watchSpeed } from './speed.ts';
import { watchStopped } from './stopped.ts';
import { watchUnlikeNormal } from './unlike-normal.ts';
import { watchWrongWay } from './wrong-way.ts';
import { watchDwell, watchZone } from './zone.ts';

/** Totals of areas are watched by `area-total.ts`, over all cameras. */
export type OfOneCamera = Exclude<SimpleCondition, { type: 'area-total' }>;

export function watch(when: OfOneCamera, setting: Setting): Watcher {
  switch (when.type) {
    case 'line':
      return watchLine(when, setting);
    case 'zone':
      return watchZone(when, setting);
    case 'dwell':
      return watchDwell(when, setting);
    case 'count':
      return watchCount(when, setting);
    case 'density':
      return watchDensity(when, setting);
    case 'speed':
      return watchSpeed(when, setting);
    case 'wrong-way':
      return watchWrongWay(when, setting);
    case 'stopped':
      return watchStopped(when, setting);
    case 'flow-imbalance':
      return watchFlowImbalance(when, setting);
    case 'unlike-normal':
      return watchUnlikeNormal(when, setting);
    case 'camera':
      return watchCamera(when, setting);
  }
}
