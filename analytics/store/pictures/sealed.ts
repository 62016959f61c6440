/** Unblurred pictures lie sealed (AES-256-GCM): who can read the disk or the bucket sees nothing without the site's key. */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const VERSION = 1;
const HEAD_BYTES = 1 + 12 + 16;

export type Sealer = {
  seal: (bytes: Uint8Array, name: string) => Buffer;
  open: (bytes: Buffer, name: string) => Buffer;
};

/** `key`: the site's own (`models/registry/seal.ts`); this one is derived from it, for pictures alone. */
export function createSealer(key: Buffer): Sealer {
  const own = Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), 'sharp-eyes unblurred pictures', 32));
  return {
    seal(bytes, name) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', own, nonce).setAAD(Buffer.from(name));
      const sealed = [cipher.update(bytes), cipher.final()];
      return Buffer.concat([Buffer.from([VERSION]), nonce, cipher.getAuthTag(), ...sealed]);
    },
    /** Throws where the key is another one, or the bytes were changed or belong to another name. */
    open(bytes, name) {
      if (bytes[0] !== VERSION || bytes.length < HEAD_BYTES) throw new Error(`${name} is no sealed picture of ours`);
      const decipher = createDecipheriv('aes-256-gcm', own, bytes.subarray(1, 13)).setAAD(Buffer.from(name));
      decipher.setAuthTag(bytes.subarray(13, HEAD_BYTES));
      return Buffer.concat([decipher.update(bytes.subarray(HEAD_BYTES)), decipher.final()]);
    },
  };
}
