import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT_DIR } from '#system/config.ts';

describe('the log of a process', () => {
  it('does not keep it from ending when whoever reads it is gone', async () => {
    const script = `
      import { createLogger } from '#system/logs.ts';
      const logger = createLogger('test', { logLevel: 'info' });
      process.once('message', () => {
        for (let line = 0; line < 100; line++) logger.info('said to nobody');
        process.exit(7);
      });
      process.send('ready');
    `;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: resolve(ROOT_DIR),
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    const ended = new Promise<number | null>((done) => child.once('exit', done));
    await new Promise((done) => child.once('message', done));
    child.stdout?.destroy();
    child.send('go');
    const timer = setTimeout(() => child.kill('SIGKILL'), 60_000);
    expect(await ended).toBe(7);
    clearTimeout(timer);
  });
});
