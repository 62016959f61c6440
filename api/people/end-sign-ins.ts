/** What a new password does to whoever signed in with the old one: all of it ends, and is counted for the answer. */
import type { SignInsEnded } from '#models/schema/person-view.ts';
import type { Context } from '../context.ts';
import { renewCliToken } from './first-start.ts';

/**
 * Ends sessions, tokens and sign-in links of the user, but not `kept` (the key of a token). The token that the command
 * line of this machine reads from its file is replaced, so that only copies of it end.
 */
export async function endSignIns(user: string, context: Context, kept?: string): Promise<SignInsEnded> {
  const { sessions, config } = context;
  const end = (purpose: string) =>
    sessions.end((token, key) => token.user === user && token.purpose === purpose && key !== kept);
  const ended = { sessionsEnded: await end('session'), tokensEnded: await end('api') };
  await end('sign-in-link');
  await renewCliToken(config, context);
  return ended;
}
