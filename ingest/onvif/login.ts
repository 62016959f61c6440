/**
 * Signs requests in the way that a device takes, found with the fewest failures.
 *
 * States: unknown → (an unsigned request is answered) open, or (a signature is taken) proven. A request that is refused
 * while unknown says by its challenges what the device takes: HTTP digest where it offers that, else WS-Security as
 * digest, then as text. At most two signatures are refused for one password; then the verdict is remembered, and the
 * same password is not sent again. A refusal while proven is about the user's rights, or an old nonce.
 */
import { FaultError } from '#models/schema/fault.ts';
import type { LoginMethod, Logins } from './logins.ts';
import { type Refusal, refusalFault, verdictOf } from './refusal.ts';
import {
  basicAuthorization,
  bestDigest,
  type Challenge,
  type Credentials,
  type DigestChallenge,
  digestAuthorization,
  securityHeader,
} from './sign.ts';
import type { Target } from './target.ts';

export type Signature = {
  /** Markup for the SOAP header. */
  security: string;
  authorization: (method: string, uri: string) => string | undefined;
};

export type Tried<Answer> = { answer: Answer } | { refusal: Refusal };
export type Send<Answer> = (signature: Signature) => Promise<Tried<Answer>>;

export type LoginOptions = {
  target: Target;
  logins: Logins;
  credentials?: Credentials | undefined;
  /** Sends the password readable to whoever listens. */
  isBasicAllowed?: boolean;
  /** `http`: pictures and pages, which WS-Security cannot sign. */
  kind?: 'soap' | 'http';
  /** The device's time, as well as it is known. */
  deviceNowMs: () => number;
};

export type Login = {
  /** Undefined before anything was answered. */
  method(): LoginMethod | undefined;
  /** The algorithm of HTTP digest, where that is the method. */
  algorithm(): string | undefined;
  /** Throws FaultError `camera-login-needed` or one of refusal.ts; what `send` throws passes through. */
  run<Answer>(send: Send<Answer>): Promise<Answer>;
};

const FAILURES_MAX = 2;
/** Devices lock for 5 to 30 minutes, and each try starts that anew. */
const REMEMBER_REFUSAL_MS = 30 * 60_000;

export const UNSIGNED: Signature = { security: '', authorization: () => undefined };

export function createLogin(options: LoginOptions): Login {
  const { target, logins, credentials, isBasicAllowed = false, kind = 'soap', deviceNowMs } = options;
  const memory = logins.of(target, `${kind} ${credentials?.user ?? ''}`);
  let method: LoginMethod | undefined;
  let digest: DigestChallenge | undefined;
  let uses = 0;

  const learn = (challenges: readonly Challenge[]) => {
    const best = bestDigest(challenges);
    if (best === undefined || best.nonce === digest?.nonce) return;
    digest = best;
    uses = 0;
  };

  const signatureOf = (chosen: LoginMethod): Signature => {
    if (credentials === undefined || chosen === 'none') return UNSIGNED;
    if (chosen === 'wsse-digest' || chosen === 'wsse-text') {
      const secret = chosen === 'wsse-digest' ? 'digest' : 'text';
      return { ...UNSIGNED, security: securityHeader(credentials, secret, deviceNowMs()) };
    }
    const authorization = (verb: string, uri: string) => {
      if (chosen === 'http-basic') return basicAuthorization(credentials);
      return digest && digestAuthorization(credentials, digest, { method: verb, uri, count: ++uses });
    };
    return { security: '', authorization };
  };

  const attempt = async <Answer>(send: Send<Answer>, chosen: LoginMethod): Promise<Tried<Answer>> => {
    const tried = await send(signatureOf(chosen));
    if ('refusal' in tried) learn(tried.refusal.challenges);
    return tried;
  };

  /** A nonce may have grown old: where the device names another, that is tried once. */
  const attemptProven = async <Answer>(send: Send<Answer>, chosen: LoginMethod): Promise<Tried<Answer>> => {
    const before = digest?.nonce;
    const tried = await attempt(send, chosen);
    const isRenewed = 'refusal' in tried && chosen === 'http-digest' && digest?.nonce !== before;
    return isRenewed ? await attempt(send, chosen) : tried;
  };

  const signIn = async <Answer>(send: Send<Answer>): Promise<Answer> => {
    if (credentials === undefined) throw new Error('nobody is to sign in');
    const secret = logins.hash(credentials.password);
    refuseAgain(memory.refused, secret, target.host);
    const known = memory.method === 'none' || memory.method === 'http-digest' ? undefined : memory.method;
    let last: Refusal | undefined;
    if (known === undefined) {
      const open = await attempt(send, 'none');
      if ('answer' in open) {
        method = 'none';
        return open.answer;
      }
      last = open.refusal;
      refuseHopeless(last, target.host, isBasicAllowed);
    }
    const order = methodsFor(last, { known, isBasicAllowed }).filter(
      (one) => kind === 'soap' || one.startsWith('http'),
    );
    for (const chosen of order.slice(0, FAILURES_MAX)) {
      const tried = await attempt(send, chosen);
      if ('answer' in tried) {
        method = chosen;
        Object.assign(memory, { method, goodSecret: secret });
        delete memory.refused;
        return tried.answer;
      }
      last = tried.refusal;
      if (verdictOf(last) === 'camera-locked') break;
    }
    const fault = verdictFault(last, memory.goodSecret === secret);
    memory.refused = { secret, fault, atMs: performance.now() };
    throw fault;
  };

  const verdictFault = (refusal: Refusal | undefined, wasGood: boolean): FaultError => {
    const last = refusal ?? { status: 0, challenges: [], codes: [], said: '' };
    const code = verdictOf(last);
    if (code === 'camera-unauthorised' && wasGood) {
      const more = '; the same password was right before: it is locked out, or the password was changed on the device';
      return refusalFault('camera-locked', target.host, last, more);
    }
    return refusalFault(code, target.host, last);
  };

  return {
    method: () => method,
    algorithm: () => (method === 'http-digest' ? digest?.algorithm : undefined),
    async run(send) {
      if (method !== undefined) {
        const tried = await attemptProven(send, method);
        if ('answer' in tried) return tried.answer;
        if (method !== 'none') throw refusalFault(provenCode(tried.refusal), target.host, tried.refusal);
        method = undefined;
      }
      if (credentials !== undefined) return await logins.alone(target, () => signIn(send));
      const tried = await attempt(send, 'none');
      if ('answer' in tried) {
        method = 'none';
        return tried.answer;
      }
      throw new FaultError('camera-login-needed', `${target.host} wants a user and a password`);
    },
  };
}

const provenCode = (refusal: Refusal) => {
  const code = verdictOf(refusal);
  return code === 'camera-unauthorised' ? 'camera-forbidden' : code;
};

function refuseAgain(
  refused: { secret: string; fault: FaultError; atMs: number } | undefined,
  secret: string,
  host: string,
): void {
  if (refused === undefined || refused.secret !== secret) return;
  const sinceMs = performance.now() - refused.atMs;
  if (sinceMs > REMEMBER_REFUSAL_MS) return;
  const message = `${host}: not tried again, so that the device does not lock out; ${Math.round(sinceMs / 1000)} s ago: ${refused.fault.message}`;
  throw new FaultError(refused.fault.code, message, { cause: refused.fault });
}

/** What no signature of ours can open is said before a password is sent. */
function refuseHopeless({ challenges, codes, status, said }: Refusal, host: string, isBasicAllowed: boolean): void {
  const refusal = { challenges, codes, status, said };
  if (verdictOf(refusal) === 'camera-locked') throw refusalFault('camera-locked', host, refusal);
  if (challenges.length === 0) return;
  const digests = challenges.filter(({ scheme }) => scheme === 'digest');
  if (digests.length > 0 && bestDigest(challenges) === undefined) {
    const wanted = digests.map(({ fields }) => fields.get('algorithm') ?? 'none named').join(', ');
    throw new FaultError('camera-needs-sha-256', `${host} wants a digest that is not known here: ${wanted}`);
  }
  if (digests.length === 0 && challenges.some(({ scheme }) => scheme === 'basic') && !isBasicAllowed) {
    throw new FaultError('camera-basic-only', `${host} takes the password readable only (HTTP basic)`);
  }
}

function methodsFor(
  refusal: Refusal | undefined,
  { known, isBasicAllowed }: { known: LoginMethod | undefined; isBasicAllowed: boolean },
): LoginMethod[] {
  if (known !== undefined) return [known];
  const schemes = refusal?.challenges.map(({ scheme }) => scheme) ?? [];
  if (schemes.includes('digest')) return ['http-digest', 'wsse-digest'];
  if (schemes.includes('basic') && isBasicAllowed) return ['http-basic', 'wsse-digest'];
  return ['wsse-digest', 'wsse-text'];
}
