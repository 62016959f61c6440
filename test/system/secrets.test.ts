import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { ROOT_DIR } from '#system/config.ts';

it('gives processes that start at the same moment one and the same whole secret', async () => {
  const folder = mkdtempSync(resolve(tmpdir(), 'sharp-eyes-secrets-'));
  try {
    const path = resolve(folder, 'secrets', 'one');
    const script = `import { ensureSecret } from ${JSON.stringify(resolve(ROOT_DIR, 'system/secrets.ts'))};
      while (Date.now() < Number(process.argv[1]));
      process.stdout.write(ensureSecret(process.argv[2]));`;
    const atMs = Date.now() + 700;
    const said = await Promise.all(
      Array.from({ length: 6 }, async () => {
        const args = ['--input-type=module-typescript', '-e', script, String(atMs), path];
        return (await promisify(execFile)(process.execPath, args)).stdout;
      }),
    );
    expect(said[0]).toMatch(/^[\w-]{32}$/);
    expect(new Set(said).size).toBe(1);
    expect(readdirSync(resolve(folder, 'secrets'))).toEqual(['one']);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
