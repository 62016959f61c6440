/** Links to unblurred pictures: for one person, one alert and a few minutes; any API process of the site knows them. */
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

export type UnblurredPasses = {
  issue: (alert: string, user: string) => { pass: string; expiresAtMs: number };
  isGood: (pass: string, wanted: { alert: string; user: string }) => boolean;
};

const LIFETIME_MS = 5 * 60_000;

/** `key`: the site's own; a pass is `<end>.<HMAC-SHA-256>`, base64url. */
export function createUnblurredPasses(key: Buffer, now: () => number = Date.now): UnblurredPasses {
  const own = Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), 'sharp-eyes links to unblurred pictures', 32));
  const sign = (alert: string, user: string, end: number) =>
    createHmac('sha256', own).update(`${alert}\n${user}\n${end}`).digest('base64url');
  return {
    issue(alert, user) {
      const expiresAtMs = now() + LIFETIME_MS;
      return { pass: `${expiresAtMs}.${sign(alert, user, expiresAtMs)}`, expiresAtMs };
    },
    isGood(pass, { alert, user }) {
      const [end = '', signature = ''] = pass.split('.');
      const endMs = Number(end);
      if (!Number.isSafeInteger(endMs) || endMs < now()) return false;
      const [expected, given] = [Buffer.from(sign(alert, user, endMs)), Buffer.from(signature)];
      return given.length === expected.length && timingSafeEqual(given, expected);
    },
  };
}
