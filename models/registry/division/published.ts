/** Published versions of the division, each with its areas: written once, read by who shows or counts by them. */
import type { NatsConnection } from '@nats-io/nats-core';
import { Area } from '../../schema/area.ts';
import { Division } from '../../schema/division.ts';
import { BUCKETS } from '../../wire/streams.ts';
import { openTable, type Table } from '../table.ts';

export type Published = {
  /** Key: the version's number. A version is there for readers once `isReady`. */
  divisions: Table<Division>;
  /** Key: `<version>.<area>`. */
  areas: Table<Area>;
  /** Oldest first, ready ones only. */
  versions: () => Promise<Division[]>;
  /** Undefined where there is no such version. */
  areasOf: (version: number) => Promise<Area[] | undefined>;
  /** Throws FaultError `already-exists` where another took the number meanwhile. */
  publish: (division: Omit<Division, 'isReady'>, areas: readonly Area[]) => Promise<Division>;
};

const WRITES_AT_ONCE = 64;

export async function openPublished(connection: NatsConnection): Promise<Published> {
  const divisions = await openTable(connection, Division, BUCKETS.divisions);
  const areas = await openTable(connection, Area, BUCKETS.publishedAreas);
  return {
    divisions,
    areas,
    async versions() {
      const all = (await divisions.list()).map(({ value }) => value);
      return all.filter(({ isReady }) => isReady).sort((a, b) => a.version - b.version);
    },
    async areasOf(version) {
      const entry = await divisions.get(String(version));
      if (entry === undefined || !entry.value.isReady) return undefined;
      const found = (await areas.listUnder(String(version))).map(({ value }) => value);
      return found.sort((a, b) => (a.id < b.id ? -1 : 1));
    },
    async publish(division, published) {
      // The number is taken first, so that two who publish at once do not write into one version.
      const key = String(division.version);
      const revision = await divisions.create(key, { ...division, isReady: false });
      for (let start = 0; start < published.length; start += WRITES_AT_ONCE) {
        const some = published.slice(start, start + WRITES_AT_ONCE);
        await Promise.all(some.map((area) => areas.put(`${key}.${area.id}`, area)));
      }
      const ready = { ...division, isReady: true };
      await divisions.put(key, ready, revision);
      return ready;
    },
  };
}
