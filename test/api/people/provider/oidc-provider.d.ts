/** What the tests use of oidc-provider, which brings no types. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  type Claims = { sub: string } & Record<string, unknown>;
  export class Provider {
    constructor(
      issuer: string,
      configuration: {
        clients: readonly Record<string, unknown>[];
        scopes: readonly string[];
        claims: Record<string, readonly string[]>;
        conformIdTokenClaims: boolean;
        jwks: { keys: readonly unknown[] };
        ttl: Record<string, number>;
        cookies: { keys: readonly string[] };
        findAccount: (context: unknown, id: string) => { accountId: string; claims: () => Claims };
      },
    );
    callback(): (request: IncomingMessage, response: ServerResponse) => void;
  }
}
