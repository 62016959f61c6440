/** Random secrets that this installation makes for itself, each a file of mode 0600 below `<dataDir>/secrets`. */
import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Reads the secret at `path`, making 24 random bytes (base64url) at first use; processes that race get the same one. */
export function ensureSecret(path: string): string {
  if (!existsSync(path)) makeSecret(path);
  return readFileSync(path, 'utf8').trim();
}

/** Linked into place once it is whole, so that nobody reads half of it. */
function makeSecret(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}-${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}
