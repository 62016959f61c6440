/** How each thing was placed, or why not; and why time was not watched although a worker had the camera. */
import { DATABASE } from '#system/store-client.ts';
import { type Migration, NAME } from './migration.ts';

type Added = readonly [table: string, name: string, type: string, after: string, comment: string];

const ADDED: readonly Added[] = [
  [
    'sightings',
    'placed_by',
    `${NAME} DEFAULT if(cells[1] = 0, 'none', 'foot')`,
    'weights',
    'foot, head (where the foot is hidden, at a height of 1.70 m), or none: seen, not placed',
  ],
  [
    'sightings',
    'unplaced_reason',
    NAME,
    'placed_by',
    'no-calibration, view-moved, horizon, beyond-reach, vague (error above the limit), outside-mask; empty where placed',
  ],
  [
    'looks',
    'unwatched_reason',
    NAME,
    'observed_ms',
    'Why the time was not watched (observed_ms 0) although the camera sent: a code of the troubleshooting page',
  ],
];

export const place: Migration = {
  number: 4,
  title: 'how things were placed, and why time was not watched',
  statements: ({ onCluster }) =>
    ADDED.map(
      ([table, name, type, after, comment]) =>
        `ALTER TABLE ${DATABASE}.${table}${onCluster} ADD COLUMN IF NOT EXISTS ${name} ${type} COMMENT '${comment}' AFTER ${after}`,
    ),
};
