/** Sessions, API tokens and sign-in links: random secrets, of which only the SHA-256 is kept, with an end. */
import { createHash, randomBytes } from 'node:crypto';
import type { People } from '#models/registry/registry.ts';
import { FaultError } from '#models/schema/fault.ts';
import type { Token, User } from '#models/schema/user.ts';
import type { Mirror } from '../registry/mirror.ts';
import type { Principal } from '../rights/authorize.ts';

export type Purpose = Token['purpose'];

export type Sessions = {
  /** Who the secret stands for, or null: unknown, expired, of another purpose, or its user is disabled. */
  find: (secret: string, purpose: 'session' | 'api') => Principal | null;
  issue: (
    user: string,
    options: { purpose: Purpose; name: string; lifeMs: number },
  ) => Promise<{ secret: string; token: Token }>;
  /** Takes a one-time code: whoever is first gets its user, everybody else nobody. */
  redeem: (code: string) => Promise<User>;
  list: () => Token[];
  /** Ends those that match; returns how many. */
  end: (isMeant: (token: Token, key: string) => boolean) => Promise<number>;
  /** Aborts when the principal's token ends, expires, or its user is changed: streams live no longer than rights. */
  lifeOf: (principal: Principal) => AbortSignal & Disposable;
};

type Places = { people: People; users: Mirror<User>; tokens: Mirror<Token> };

export const hashSecret = (secret: string) => createHash('sha256').update(secret).digest('hex');

const SECRET_PATTERN = /^se_[\w-]{32,64}$/;
/** Longest wait that setTimeout takes. */
const TIMER_MAX_MS = 2 ** 31 - 1;

export function openSessions({ people, users, tokens }: Places): Sessions {
  function alive(key: string, purpose: Purpose): { token: Token; user: User } | undefined {
    const token = tokens.get(key);
    if (token === undefined || token.purpose !== purpose || token.expiresAtMs <= Date.now()) return undefined;
    const user = users.get(token.user);
    return user?.isEnabled === true ? { token, user } : undefined;
  }

  function find(secret: string, purpose: 'session' | 'api'): Principal | null {
    if (!SECRET_PATTERN.test(secret)) return null;
    const tokenKey = hashSecret(secret);
    const found = alive(tokenKey, purpose);
    if (found === undefined) return null;
    const { id, name, roles, scope } = found.user;
    return { user: { id, name, roles, scope }, via: purpose, tokenKey, expiresAtMs: found.token.expiresAtMs };
  }

  async function issue(user: string, { purpose, name, lifeMs }: { purpose: Purpose; name: string; lifeMs: number }) {
    const secret = `se_${randomBytes(32).toString('base64url')}`;
    const nowMs = Date.now();
    const id = randomBytes(8).toString('hex');
    const token: Token = { id, user, purpose, name, createdAtMs: nowMs, expiresAtMs: nowMs + lifeMs };
    await tokens.create(hashSecret(secret), token);
    return { secret, token };
  }

  async function redeem(code: string): Promise<User> {
    const refused = new FaultError('unauthenticated', 'this sign-in link was used already, or its time is over', {
      cure: 'Sign in with your password, or start again for a new link.',
    });
    const key = hashSecret(code);
    // From the bucket itself: of two processes of the API only one may win, by the revision.
    const entry = await people.tokens.get(key);
    if (entry?.value.purpose !== 'sign-in-link') throw refused;
    await people.tokens.remove(key, entry.revision).catch(() => {
      throw refused;
    });
    const user = users.get(entry.value.user);
    if (entry.value.expiresAtMs <= Date.now() || user?.isEnabled !== true) throw refused;
    return user;
  }

  return {
    find,
    issue,
    redeem,
    list: () => tokens.list(),
    async end(isMeant) {
      let ended = 0;
      for (const { key, value } of await people.tokens.list()) {
        if (!isMeant(value, key)) continue;
        await tokens.remove(key);
        ended++;
      }
      return ended;
    },
    lifeOf: (principal) => watchLife(principal, { users, tokens }),
  };
}

function watchLife(principal: Principal, { users, tokens }: Omit<Places, 'people'>): AbortSignal & Disposable {
  const controller = new AbortController();
  const stopTokens = tokens.onChange((key, token) => {
    if (key === principal.tokenKey && token === undefined) end('the sign-in ended');
  });
  const stopUsers = users.onChange((key) => {
    if (key === principal.user.id) end('the user was changed');
  });
  const timer = setTimeout(
    () => end('the sign-in expired'),
    Math.min(TIMER_MAX_MS, Math.max(0, principal.expiresAtMs - Date.now())),
  );
  function release(): void {
    clearTimeout(timer);
    stopTokens();
    stopUsers();
  }
  function end(reason: string): void {
    release();
    controller.abort(new FaultError('unauthenticated', reason));
  }
  return Object.assign(controller.signal, { [Symbol.dispose]: release });
}
