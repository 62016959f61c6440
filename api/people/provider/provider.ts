/**
 * The OpenID Connect provider where people may sign in: authorization code with PKCE, state and nonce (OpenID Connect Core
 * 1.0, RFC 7636). The id token's signature is checked although it comes from the provider itself.
 */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientSecretBasic,
  type Configuration,
  calculatePKCECodeChallenge,
  clockTolerance,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  None,
} from 'openid-client';
import { FaultError } from '#models/schema/fault.ts';
import type { Config } from '#system/config.ts';
import type { Pending } from './pending.ts';

/** Who came back: `claims` are those of the id token, and of the user info where those lack some. */
export type Person = { issuer: string; subject: string; claims: Record<string, unknown> };

export type Provider = {
  name: string;
  /** Resolves when the provider answers; throws FaultError `oidc-unreachable`. */
  reach: () => Promise<void>;
  /** Where the browser goes to sign in. */
  leadTo: (pending: Pending) => Promise<URL>;
  /** From the address that the browser came back to; throws FaultError `oidc-refused` or `oidc-unreachable`. */
  redeem: (cameBackTo: URL, pending: Pending) => Promise<Person>;
};

const TIMEOUT_S = 5;
/** Whether the provider is there is asked at most this often, however many look at the sign-in page. */
const GOOD_FOR_MS = 30_000;
const DOWN_FOR_MS = 2000;

export function openProvider(config: Config, now: () => number = Date.now): Provider {
  let asked: { found: Promise<Configuration>; untilMs: number } | undefined;

  function find(): Promise<Configuration> {
    if (asked !== undefined && asked.untilMs > now()) return asked.found;
    const fresh = { found: discover(config), untilMs: now() + GOOD_FOR_MS };
    asked = fresh;
    fresh.found.catch(() => {
      fresh.untilMs = now() + DOWN_FOR_MS;
    });
    return fresh.found;
  }

  return {
    name: config.oidcName === '' ? new URL(config.oidcIssuer).host : config.oidcName,
    async reach() {
      await find();
    },
    async leadTo({ state, nonce, verifier, redirectUri }) {
      return buildAuthorizationUrl(await find(), {
        redirect_uri: redirectUri,
        scope: [...new Set(['openid', 'profile', ...config.oidcScopes])].join(' '),
        code_challenge: await calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
        nonce,
      });
    },
    async redeem(cameBackTo, pending) {
      const found = await find();
      try {
        return await redeem(found, cameBackTo, { pending, rolesClaim: config.oidcRolesClaim });
      } catch (cause) {
        throw explain(cause as Error, config.oidcIssuer);
      }
    },
  };
}

async function discover(config: Config): Promise<Configuration> {
  const issuer = new URL(config.oidcIssuer);
  const secret = readClientSecret(config.dataDir);
  const execute = [enableNonRepudiationChecks];
  if (issuer.protocol === 'http:') execute.push(allowInsecureRequests);
  try {
    return await discovery(
      issuer,
      config.oidcClientId,
      { [clockTolerance]: config.oidcClockSkewS },
      secret === undefined ? None() : ClientSecretBasic(secret),
      { execute, timeout: TIMEOUT_S },
    );
  } catch (cause) {
    throw unreachable(cause as Error, config.oidcIssuer);
  }
}

async function redeem(
  found: Configuration,
  cameBackTo: URL,
  { pending, rolesClaim }: { pending: Pending; rolesClaim: string },
): Promise<Person> {
  const tokens = await authorizationCodeGrant(found, cameBackTo, {
    expectedState: pending.state,
    expectedNonce: pending.nonce,
    pkceCodeVerifier: pending.verifier,
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  if (claims === undefined) throw new Error('the provider sent no id token');
  const isEnough = claims[rolesClaim.split('.')[0] ?? ''] !== undefined || claims[rolesClaim] !== undefined;
  const more =
    isEnough || found.serverMetadata().userinfo_endpoint === undefined
      ? {}
      : await fetchUserInfo(found, tokens.access_token, claims.sub);
  return { issuer: claims.iss, subject: claims.sub, claims: { ...more, ...claims } };
}

/** A file of its own, or the environment: never in the configuration, which is shown. */
function readClientSecret(dataDir: string): string | undefined {
  const path = resolve(dataDir, 'secrets', 'oidc-client-secret');
  const given = process.env.SHARP_EYES_OIDC_CLIENT_SECRET ?? (existsSync(path) ? readFileSync(path, 'utf8') : '');
  return given.trim() === '' ? undefined : given.trim();
}

/** Errors of a line that is down, of openid-client and of fetch. */
const isOfTheLine = (error: Error & { code?: string }) => error.code === 'OAUTH_TIMEOUT' || error instanceof TypeError;

function explain(error: Error & { code?: string }, issuer: string): FaultError {
  if (isOfTheLine(error)) return unreachable(error, issuer);
  return new FaultError('oidc-refused', `the sign-in at ${issuer} was not taken: ${sentenceOf(error)}`, {
    cause: error,
  });
}

function unreachable(error: Error, issuer: string): FaultError {
  return new FaultError('oidc-unreachable', `${issuer} does not answer as a provider: ${sentenceOf(error)}`, {
    cause: error,
  });
}

/** openid-client says what failed, its cause says why; neither holds a secret or a code. */
function sentenceOf(error: Error & { error?: string; error_description?: string }): string {
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
  const said = error.error === undefined ? '' : ` (${error.error}${describe(error.error_description)})`;
  return `${error.message}${cause}${said}`.slice(0, 300);
}

const describe = (text: string | undefined) => (text === undefined ? '' : `: ${text}`);
