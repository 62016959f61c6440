/** Camera passwords are sealed before they reach the registry: AES-256-GCM, bound to the camera's id. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

const VERSION = 1;

/** 32 bytes, kept in `<dataDir>/secrets/seal.key` (mode 0600); made at first use. Workers elsewhere need a copy. */
export function loadSealKey(dataDir: string): Buffer {
  const path = resolve(dataDir, 'secrets', 'seal.key');
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    try {
      writeFileSync(path, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  return Buffer.from(readFileSync(path, 'utf8').trim(), 'base64url');
}

/** Returns version byte, 12-byte nonce, 16-byte tag and ciphertext as base64url. */
export function seal(secret: string, key: Buffer, owner: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(owner));
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return Buffer.concat([Buffer.from([VERSION]), nonce, cipher.getAuthTag(), sealed]).toString('base64url');
}

/** Throws when the key is another one, the text was changed, or it belongs to another owner. */
export function unseal(text: string, key: Buffer, owner: string): string {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes[0] !== VERSION || bytes.length < 29) throw new Error(`the sealed password of ${owner} is not one of ours`);
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(1, 13)).setAAD(Buffer.from(owner));
  decipher.setAuthTag(bytes.subarray(13, 29));
  return decipher.update(bytes.subarray(29), undefined, 'utf8') + decipher.final('utf8');
}
