/** A real provider of OpenID Connect on loopback, and a person with a browser who signs in there. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Provider } from 'oidc-provider';
import { PATIENCE_MS } from '#test/site/site.ts';

export type RealProvider = AsyncDisposable & {
  issuer: string;
  /** Groups by person; everybody may sign in. */
  groups: Map<string, string[]>;
  /** Registers where browsers may be sent back to; before, it does not answer. */
  register: (redirectUri: string) => void;
};

export const CLIENT = { id: 'sharp-eyes', secret: 'a secret of the test, long enough for a key' };

/** `isInIdToken`: the groups stand in the id token too, not only in the user info. */
export async function startRealProvider({ isInIdToken = false } = {}): Promise<RealProvider> {
  const groups = new Map<string, string[]>();
  let answer = (_request: IncomingMessage, response: ServerResponse): void => {
    response.writeHead(503).end();
  };
  const server = createServer((request, response) => answer(request, response));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const issuer = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = { ...privateKey.export({ format: 'jwk' }), kid: 'test', use: 'sig', alg: 'RS256' };
  return {
    issuer,
    groups,
    register(redirectUri) {
      const provider = new Provider(issuer, {
        clients: [{ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: [redirectUri] }],
        scopes: ['openid', 'profile', 'groups'],
        claims: { openid: ['sub'], profile: ['name', 'preferred_username'], groups: ['groups'] },
        conformIdTokenClaims: !isInIdToken,
        jwks: { keys: [jwk] },
        ttl: { AccessToken: 600, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
        cookies: { keys: [randomBytes(16).toString('hex')] },
        findAccount: (_context, id) => ({
          accountId: id,
          claims: () => ({
            sub: id,
            name: `${id} of the provider`,
            preferred_username: id,
            groups: groups.get(id) ?? [],
          }),
        }),
      });
      answer = provider.callback();
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

export type Visit = { url: string; status: number; location: string | null; text: string };

let visitors = 0;

/** A browser as far as this needs one: its cookies, an address of its own, redirects followed by hand, forms sent. */
export function openVisitor() {
  const address = `198.51.100.${visitors++ % 250}`;
  const cookies = new Map<string, string>();

  async function visit(url: string, form?: Record<string, string>): Promise<Visit> {
    const response = await fetch(url, {
      method: form === undefined ? 'GET' : 'POST',
      headers: {
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        'x-forwarded-for': address,
      },
      ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    const location = response.headers.get('location');
    return {
      url,
      status: response.status,
      location: location && new URL(location, url).href,
      text: await response.text(),
    };
  }

  /** Follows the provider from the address that we lead to, through its two forms, to where it sends the browser back. */
  async function signInThere(start: string, person: string): Promise<string> {
    const { origin } = new URL(start);
    let at = await visit(start);
    for (let step = 0; step < 12; step++) {
      if (at.location !== null && new URL(at.location).origin !== origin) return at.location;
      if (at.location !== null) at = await visit(at.location);
      else if (at.text.includes('name="login"'))
        at = await visit(at.url, { prompt: 'login', login: person, password: 'x' });
      else if (at.text.includes('value="consent"')) at = await visit(at.url, { prompt: 'consent' });
      else throw new Error(`the provider answered ${at.status} at ${at.url}: ${at.text.slice(0, 200)}`);
    }
    throw new Error('the provider leads in a circle');
  }

  return { cookies, visit, signInThere };
}
