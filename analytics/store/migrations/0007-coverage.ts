/** What a camera sees of a cell: whether something hides it, how tall people are there, and how many of them are found. */
import { DATABASE } from '#system/store-client.ts';
import type { Migration } from './migration.ts';

export const coverageLooks: Migration = {
  number: 7,
  title: 'what a camera sees of a cell',
  statements: ({ onCluster }) => [
    `ALTER TABLE ${DATABASE}.coverage${onCluster}
      ADD COLUMN IF NOT EXISTS hidden_by LowCardinality(String) DEFAULT ''
        COMMENT 'Empty where the camera sees it; building: a house stands between; mask: outside of the drawn ground or where it may not look',
      ADD COLUMN IF NOT EXISTS person_px Float32 DEFAULT 0
        COMMENT 'How tall a person is there, pixels of a picture 720 high; 0 where that was not worked out',
      ADD COLUMN IF NOT EXISTS recall_day Float32 DEFAULT 0
        COMMENT 'Share of the people there that one look is expected to find by day',
      ADD COLUMN IF NOT EXISTS recall_night Float32 DEFAULT 0
        COMMENT 'The same by night'`,
  ],
};
