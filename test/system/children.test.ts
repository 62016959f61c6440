import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { superviseChildren } from '#system/children.ts';
import { ROOT_DIR } from '#system/config.ts';
import { testLogger, until } from '#test/site/site.ts';

// The engine of a store that was asked to end now and then did not come back from its last call.
it('kills a child that says it stops and hangs in the attempt, and starts it again', async () => {
  const folder = mkdtempSync(resolve(tmpdir(), 'sharp-eyes-children-'));
  const script = `import { startLife, sayReady } from ${JSON.stringify(resolve(ROOT_DIR, 'system/lifecycle.ts'))};
    import { pino } from ${JSON.stringify(resolve(ROOT_DIR, 'node_modules/pino/pino.js'))};
    const life = startLife(pino({ level: 'silent' }), { stopTimeoutS: 1 });
    life.signal.addEventListener('abort', () => { setTimeout(() => { for (;;); }, 100); });
    sayReady();
    setInterval(() => {}, 1000);`;
  try {
    await using children = superviseChildren({
      runDir: resolve(folder, 'run'),
      logDir: resolve(folder, 'logs'),
      logger: testLogger,
      stopTimeoutMs: 100,
    });
    const args = ['--input-type=module-typescript', '-e', script];
    await children.start({ name: 'hanging', command: process.execPath, args });
    const first = children.status()[0]?.pid;
    process.kill(first!, 'SIGTERM');
    await until('another one is ready', () => children.status().some(({ pid, isReady }) => isReady && pid !== first));
    expect(children.status()[0]?.restarts).toBe(1);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
