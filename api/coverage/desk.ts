/** What all questions about coverage share: the planned ground, the measures of areas, and who looked how long. */
import type { Context } from '../context.ts';
import type { Period } from '../figures/period.ts';
import { createGround, type Ground } from './ground.ts';
import { createPlannedGround, type Planned } from './planned.ts';
import { readWatched, type Watched } from './watched.ts';

export type CoverageDesk = {
  planned: (signal: AbortSignal) => Promise<Planned>;
  ground: () => Ground;
  read: (
    period: Period,
    signal: AbortSignal,
  ) => Promise<{ planned: Planned; watched: ReadonlyMap<string, Watched>; ground: Ground }>;
};

export function openCoverageDesk(context: Context): CoverageDesk {
  const plannedGround = createPlannedGround(context);
  const ground = createGround(context);
  return {
    planned: plannedGround.read,
    ground,
    async read(period, signal) {
      const [planned, watched] = await Promise.all([plannedGround.read(signal), readWatched(context, period, signal)]);
      return { planned, watched, ground: ground() };
    },
  };
}
