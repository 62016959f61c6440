/** Short-lived tokens for live pictures: who was told where to look may connect for a moment, to one camera only. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

export const LIVE_PURPOSES = ['mjpeg', 'jpeg', 'video', 'proof', 'evidence'] as const;
export type LivePurpose = (typeof LIVE_PURPOSES)[number];

export type Pass = { camera: string; purpose: LivePurpose; expiresAtMs: number };

export type Passes = {
  issue: (camera: string, purpose: LivePurpose) => { token: string; expiresAtMs: number };
  isGood: (token: string, wanted: { camera: string; purpose: LivePurpose }) => boolean;
};

/** Time to connect; a connection that was made stays. */
const LIFETIME_MS = 30_000;

/** The secret is this process's own and ends with it. A token is `<expiry>.<HMAC-SHA-256>`, base64url. */
export function createPasses(now: () => number = Date.now): Passes {
  const secret = randomBytes(32);
  const sign = ({ camera, purpose, expiresAtMs }: Pass) =>
    createHmac('sha256', secret).update(`${camera}\n${purpose}\n${expiresAtMs}`).digest('base64url');
  return {
    issue(camera, purpose) {
      const expiresAtMs = now() + LIFETIME_MS;
      return { token: `${expiresAtMs}.${sign({ camera, purpose, expiresAtMs })}`, expiresAtMs };
    },
    isGood(token, { camera, purpose }) {
      const [expiry = '', signature = ''] = token.split('.');
      const expiresAtMs = Number(expiry);
      if (!Number.isSafeInteger(expiresAtMs) || expiresAtMs < now()) return false;
      const expected = Buffer.from(sign({ camera, purpose, expiresAtMs }));
      const given = Buffer.from(signature);
      return given.length === expected.length && timingSafeEqual(given, expected);
    },
  };
}
