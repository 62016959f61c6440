/** A real ingest worker process for a site of a test. */
import { resolve } from 'node:path';
import { ROOT_DIR } from '#system/config.ts';
import { workerEnvironment } from '#system/worker-environment.ts';
import type { Site } from './site.ts';

export async function startWorker({ children, config, env }: Site, name: string): Promise<void> {
  await children.start({
    name,
    command: process.execPath,
    args: [resolve(ROOT_DIR, 'ingest/main.ts'), '--name', name],
    env: { ...env, ...workerEnvironment(config) },
  });
}
