/** Signing in at a provider of OpenID Connect: which ways there are, off to the provider, and back from it to the page. */
import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { FAULTS, FaultError, faultCodeOf } from '#models/schema/fault.ts';
import { SignInWays } from '#models/schema/sign-in.ts';
import type { App } from '../app.ts';
import type { Context } from '../context.ts';
import { type Exchange, letIn } from '../people/let-in.ts';
import { admit } from '../people/provider/admit.ts';
import { beginPending, openPending, PENDING_COOKIE, PENDING_LIFE_S, sealPending } from '../people/provider/pending.ts';
import { openProvider, type Provider } from '../people/provider/provider.ts';

const tags = ['people'];
const Redirect = Type.Null({ description: 'To the address in `Location`' });

export function addProviderSignInRoutes(app: App, context: Context): void {
  const { config } = context;
  const provider = config.oidcIssuer === '' ? undefined : openProvider(config);

  app.get('/sign-in/ways', {
    config: { action: 'public' },
    schema: { tags, operationId: 'listSignInWays', summary: 'Ways to sign in', response: { 200: SignInWays } },
    handler: async () => ({ provider: provider === undefined ? null : await look(provider, context) }),
  });

  app.get('/sign-in/provider', {
    config: { action: 'public' },
    schema: {
      tags,
      operationId: 'beginProviderSignIn',
      summary: 'For a browser: on to the provider, which sends it back to /sign-in/provider/return',
      response: { 303: Redirect },
    },
    handler: async (request, reply) => {
      try {
        const pending = beginPending(`${pageOf(request, context)}api/v1/sign-in/provider/return`);
        const url = await setUp(provider).leadTo(pending);
        reply.setCookie(PENDING_COOKIE, sealPending(pending, context.sealKey), {
          ...cookieOptions(context),
          maxAge: PENDING_LIFE_S,
        });
        return reply.redirect(url.href, 303);
      } catch (error) {
        return sendBack(error as Error, { request, reply }, context);
      }
    },
  });

  app.get('/sign-in/provider/return', {
    config: { action: 'sign-in' },
    schema: {
      tags,
      operationId: 'endProviderSignIn',
      summary: 'Where the provider sends the browser back to; on to the page, signed in or with the fault’s code',
      response: { 303: Redirect },
    },
    handler: async (request, reply) => {
      reply.clearCookie(PENDING_COOKIE, cookieOptions(context));
      try {
        await comeBack(setUp(provider), { request, reply }, context);
        return reply.redirect(`${pageOf(request, context)}#signed-in`, 303);
      } catch (error) {
        return sendBack(error as Error, { request, reply }, context);
      }
    },
  });
}

async function comeBack(provider: Provider, { request, reply }: Exchange, context: Context): Promise<void> {
  // Per address only, as with links: nobody guesses what is sealed.
  const succeed = await context.attempts.begin(`(provider) ${request.ip}`, request.ip);
  const pending = openPending(request.cookies[PENDING_COOKIE], context.sealKey);
  const cameBackTo = new URL(pending.redirectUri);
  cameBackTo.search = request.url.split('?')[1] ?? '';
  const person = await provider.redeem(cameBackTo, pending);
  const user = await admit(person, context);
  succeed();
  await letIn(user, { request, reply }, context);
  Object.assign(request.auditNote, { provider: person.issuer, roles: user.roles, scope: user.scope });
}

/** A person sees the page, not JSON: it is told the code alone, since anybody can write the rest of an address. */
function sendBack(error: Error, { request, reply }: Exchange, context: Context) {
  const code = faultCodeOf(error);
  const { status } = FAULTS[code];
  Object.assign(request.auditNote, {
    status,
    code,
    why: error instanceof FaultError ? error.message : 'an error of ours',
  });
  if (status >= 500) request.log.error({ requestId: request.id, code, err: error }, 'sign-in at the provider failed');
  return reply.redirect(`${pageOf(request, context)}#sign-in-refused=${code}`, 303);
}

async function look(provider: Provider, { logger }: Context): Promise<SignInWays['provider']> {
  const isReachable = await provider.reach().then(
    () => true,
    (error: Error) => {
      logger.warn({ error: error.message }, 'provider of the sign-in not reached');
      return false;
    },
  );
  return { name: provider.name, isReachable };
}

function setUp(provider: Provider | undefined): Provider {
  if (provider === undefined) throw new FaultError('oidc-unset', 'oidcIssuer is not set');
  return provider;
}

/** The page's address, with a slash at its end: what people call it, else what this request called it. */
function pageOf(request: FastifyRequest, { config }: Context): string {
  const named = config.publicUrl === '' ? `${request.protocol}://${request.host}` : config.publicUrl;
  return `${named.replace(/\/+$/, '')}/`;
}

/** Lax: the browser comes back from another site, by a link that it follows. */
const cookieOptions = ({ config }: Context) =>
  ({ path: '/', httpOnly: true, sameSite: 'lax', secure: config.publicUrl.startsWith('https:') }) as const;
