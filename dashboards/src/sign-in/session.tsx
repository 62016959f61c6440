/**
 * Who is signed in. States: checking (asking who we are, or redeeming a link) → signed-in, signed-out or unreachable;
 * signed-in → signed-out when a request is answered 401 or the person leaves; unreachable tries again by itself.
 */
import { useCallback, useEffect, useState } from 'react';
import type { Me } from '#models/schema/person-view.ts';
import { ApiProblemError, api, apiUrl } from '../api-client.ts';

export type Session =
  | { state: 'checking' }
  | { state: 'unreachable' }
  | { state: 'signed-out'; error?: unknown; isLinkError?: boolean; hasEnded?: boolean; refusal?: string }
  | { state: 'signed-in'; me: Me };

/** The cookie is hidden from scripts, so this remembers that asking who we are is worth a request. */
const WAS_SIGNED_IN = 'sharp-eyes.signed-in';
const LINK = /^#sign-in=([^&]+)$/;
/** What the API answers to a browser that comes back from the provider: the address's end. */
const CAME_BACK = /^#(?:signed-in|sign-in-refused=([a-z-]+))$/;
/** Where the person wanted to go before they were sent to the provider. */
const WANTED_PLACE = 'sharp-eyes.wanted-place';
const RETRY_MS = 3000;

/** Takes the one-time code out of the address bar, so that it is in no history and no screenshot. */
export function takeLinkCode(): string | null {
  const code = LINK.exec(location.hash)?.[1];
  if (code === undefined) return null;
  history.replaceState(history.state, '', location.pathname + location.search);
  return decodeURIComponent(code);
}

/** Off to the provider; the way back ends at `takeReturn`. */
export function leaveForProvider(): void {
  sessionStorage.setItem(WANTED_PLACE, location.hash);
  location.assign(apiUrl('sign-in/provider'));
}

/** undefined: nobody came back; '' signed in; else the code of what went wrong. The address becomes the one before. */
function takeReturn(): string | undefined {
  const [said, refusal = ''] = CAME_BACK.exec(location.hash) ?? [];
  if (said === undefined) return undefined;
  const wanted = sessionStorage.getItem(WANTED_PLACE) ?? '';
  sessionStorage.removeItem(WANTED_PLACE);
  history.replaceState(history.state, '', location.pathname + location.search + wanted);
  return refusal;
}

async function askWhoWeAre(): Promise<Session> {
  try {
    return { state: 'signed-in', me: await api.readMe() };
  } catch (error) {
    if (!(error instanceof ApiProblemError)) return { state: 'unreachable' };
    localStorage.removeItem(WAS_SIGNED_IN);
    return { state: 'signed-out', hasEnded: error.problem.status === 401 };
  }
}

async function redeem(code: string): Promise<Session> {
  try {
    const me = await api.signInByLink(code);
    localStorage.setItem(WAS_SIGNED_IN, 'yes');
    return { state: 'signed-in', me };
  } catch (error) {
    const session = localStorage.getItem(WAS_SIGNED_IN) === null ? null : await askWhoWeAre();
    return session?.state === 'signed-in' ? session : { state: 'signed-out', error, isLinkError: true };
  }
}

/** The first answer; called once, before anything is drawn, since a link's code works once. */
export function openSession(): Promise<Session> {
  const code = takeLinkCode();
  if (code !== null) return redeem(code);
  const refusal = takeReturn();
  if (refusal === '') localStorage.setItem(WAS_SIGNED_IN, 'yes');
  else if (refusal !== undefined) return Promise.resolve({ state: 'signed-out', refusal });
  if (localStorage.getItem(WAS_SIGNED_IN) === null) return Promise.resolve({ state: 'signed-out' });
  return askWhoWeAre();
}

export type SessionControl = {
  session: Session;
  signIn: (user: string, password: string) => Promise<void>;
  signOut: () => void;
  /** For whoever was answered 401. */
  end: () => void;
};

export function useSession(opening: Promise<Session>): SessionControl {
  const [session, setSession] = useState<Session>({ state: 'checking' });
  useEffect(() => {
    void opening.then(setSession);
  }, [opening]);
  useEffect(() => {
    if (session.state !== 'unreachable') return;
    const timer = setTimeout(async () => setSession(await askWhoWeAre()), RETRY_MS);
    return () => clearTimeout(timer);
  }, [session]);
  useEffect(() => {
    const onLink = async () => {
      const code = takeLinkCode();
      if (code !== null) setSession(await redeem(code));
    };
    addEventListener('hashchange', onLink);
    return () => removeEventListener('hashchange', onLink);
  }, []);
  const end = useCallback(() => {
    localStorage.removeItem(WAS_SIGNED_IN);
    setSession((now) => (now.state === 'signed-in' ? { state: 'signed-out', hasEnded: true } : now));
  }, []);
  const signIn = useCallback(async (user: string, password: string) => {
    const me = await api.signIn(user, password);
    localStorage.setItem(WAS_SIGNED_IN, 'yes');
    setSession({ state: 'signed-in', me });
  }, []);
  const signOut = useCallback(() => {
    localStorage.removeItem(WAS_SIGNED_IN);
    // Whatever the API says, this page is left; a session that could not be ended expires by itself.
    void api.signOut().catch(() => {});
    setSession({ state: 'signed-out' });
  }, []);
  return { session, signIn, signOut, end };
}
