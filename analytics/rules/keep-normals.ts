/** Reads what is normal at the start and after every full hour; while the store does not answer, the last one holds. */
import type { ClickHouseClient } from '@clickhouse/client';
import { backoffMs, pause } from '#system/lifecycle.ts';
import type { Logger } from '#system/logs.ts';
import type { Normals } from './normal-now.ts';
import { readNormals } from './normals.ts';

type Parts = { client: ClickHouseClient; zone: string; logger: Logger };
type Options = {
  signal: AbortSignal;
  holidays: () => ReadonlySet<string>;
  onNormals: (normals: Normals) => void;
};

const HOUR_MS = 3_600_000;
/** Hours are closed three minutes after their end. */
const AFTER_HOUR_MS = 240_000;

export function keepNormals({ client, zone, logger }: Parts): (options: Options) => Promise<void> {
  return async ({ signal, holidays, onNormals }) => {
    for (let attempt = 0; !signal.aborted; ) {
      try {
        onNormals(await readNormals(client, { zone, asOfMs: Date.now(), holidays: holidays() }));
        attempt = 0;
        await pause(HOUR_MS - ((Date.now() - AFTER_HOUR_MS) % HOUR_MS), signal);
      } catch (error) {
        logger.debug({ error: (error as Error).message }, 'normals not read');
        await pause(backoffMs(attempt++, { baseMs: 1000, capMs: 60_000 }), signal);
      }
    }
  };
}
