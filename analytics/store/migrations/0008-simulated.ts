/** Which times hold simulated rows, so that nobody takes them for what cameras saw. */
import { DATABASE } from '#system/store-client.ts';
import { columns, type Migration, UTC_MS } from './migration.ts';

export const simulated: Migration = {
  number: 8,
  title: 'simulated history',
  statements: ({ onCluster, replacing }) => [
    `CREATE TABLE IF NOT EXISTS ${DATABASE}.simulated${onCluster} (
${columns([
  ['simulated_from', UTC_MS, 'Begin of a time whose rows (model simulated, revision 0) no camera saw'],
  ['simulated_to', UTC_MS, 'Its end'],
  ['sightings', 'UInt64', 'Sightings written'],
  ['looks', 'UInt64', 'Messages written'],
  ['written_at', `${UTC_MS} DEFAULT now64(3)`, 'When it was whole: stored and rolled up'],
])}
) ENGINE = ${replacing('simulated', 'written_at')}
ORDER BY (simulated_from, simulated_to)
COMMENT 'Times that the demo filled with a simulated past; read it with FINAL'`,
  ],
};
