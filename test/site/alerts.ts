/** The real alerts process for a site of a test. */
import { resolve } from 'node:path';
import { ROOT_DIR } from '#system/config.ts';
import type { Site } from './site.ts';

export async function startAlerts({ children, env }: Pick<Site, 'children' | 'env'>): Promise<void> {
  await children.start({
    name: 'alerts',
    command: process.execPath,
    args: [resolve(ROOT_DIR, 'analytics/alerts/main.ts')],
    env,
  });
}
