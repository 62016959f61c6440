/** The real store process for a test; `openStoreClient(site.config, account)` talks to it. */
import { resolve } from 'node:path';
import { ROOT_DIR } from '#system/config.ts';
import type { Site } from './site.ts';

/** Starts `analytics/store/main.ts` on the site’s port and data folder; it is killed and restarted as `store`. */
export async function startStore(site: Pick<Site, 'children' | 'env'>): Promise<void> {
  await site.children.start({
    name: 'store',
    command: process.execPath,
    args: [resolve(ROOT_DIR, 'analytics/store/main.ts')],
    env: site.env,
  });
}
