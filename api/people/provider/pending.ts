/** A sign-in that is on its way at the provider: what must fit when the browser comes back, sealed in a cookie of its own. */
import { randomNonce, randomPKCECodeVerifier, randomState } from 'openid-client';
import Type, { type Static } from 'typebox';
import { seal, unseal } from '#models/registry/seal.ts';
import { checker } from '#models/schema/check.ts';
import { FaultError } from '#models/schema/fault.ts';

export const PENDING_COOKIE = 'sharp_eyes_provider';
export const PENDING_LIFE_S = 600;

const Pending = Type.Object({
  state: Type.String(),
  nonce: Type.String(),
  verifier: Type.String(),
  redirectUri: Type.String(),
  untilMs: Type.Number(),
});
export type Pending = Static<typeof Pending>;

const checkPending = checker('a sign-in on its way', Pending);
const OWNER = 'sign-in at the provider';

export function beginPending(redirectUri: string): Pending {
  const untilMs = Date.now() + PENDING_LIFE_S * 1000;
  return { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier(), redirectUri, untilMs };
}

/** Sealed, so that any process of the API can end what another began, and nobody else can make one. */
export const sealPending = (pending: Pending, key: Buffer): string => seal(JSON.stringify(pending), key, OWNER);

/** Throws FaultError `oidc-refused` for none, one of another key, and one whose time is over. */
export function openPending(sealed: string | undefined, key: Buffer): Pending {
  if (sealed === undefined) throw refused('it did not begin in this browser, or took too long');
  const pending = readPending(sealed, key);
  if (pending.untilMs <= Date.now()) throw refused('it took too long');
  return pending;
}

function readPending(sealed: string, key: Buffer): Pending {
  try {
    return checkPending(JSON.parse(unseal(sealed, key, OWNER)));
  } catch (cause) {
    throw refused('its cookie is not one of ours', cause);
  }
}

const refused = (why: string, cause?: unknown) =>
  new FaultError('oidc-refused', `the sign-in at the provider was not taken: ${why}`, { cause });
