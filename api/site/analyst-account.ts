/** With whose rights analysts ask a ClickHouse server of one's own, and whether that works. */
import type { Finding } from '#models/schema/site-view.ts';
import { DATABASE } from '#system/store-client.ts';
import type { Context } from '../context.ts';
import { storeFault } from '../figures/store-fault.ts';

const TIMEOUT_MS = 3000;
const PAGE = 'docs/clickhouse-server.md has the statements';

/** The embedded store has accounts of its own: nothing to find. */
export async function findInAnalystAccount({ config, analyst }: Context): Promise<Finding[]> {
  if (config.clickhouseUrl === '') return [];
  if (config.clickhouseReaderUrl === '') {
    const message =
      'analysts ask ClickHouse with the account that writes: readonly=2 keeps them from changing anything, but url(), s3() and other databases are open to them as far as its grants go';
    return [{ message, cure: `Make an account for them and set CLICKHOUSE_READER_URL; ${PAGE}.`, isWarning: true }];
  }
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const query = `SELECT 1 FROM ${DATABASE}.sightings LIMIT 0`;
    await analyst.query({ query, format: 'JSONEachRow', abort_signal: signal });
    return [];
  } catch (error) {
    const { code, message } = storeFault(error, { isOurs: false });
    const said = `the account of CLICKHOUSE_READER_URL cannot read ${DATABASE}.sightings: ${message}`;
    return [{ code, message: said, cure: `Correct its password, grants or settings profile; ${PAGE}.` }];
  }
}
