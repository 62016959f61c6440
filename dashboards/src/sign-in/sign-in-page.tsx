/** The door: a password form, the way to a provider, and what went wrong with the last attempt in words. */
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { ApiProblemError } from '../api-client.ts';
import { useWords } from '../words/language.tsx';
import { LanguageButton, ThemeButton } from '../workspace/preference-buttons.tsx';
import { ProblemText } from '../workspace/problem-text.tsx';
import { Mark } from './mark.tsx';
import { ProviderDoor } from './provider-door.tsx';
import type { Session } from './session.tsx';

type SignInProps = {
  session: Extract<Session, { state: 'signed-out' }>;
  signIn: (user: string, password: string) => Promise<void>;
};

export function SignInPage({ session, signIn }: SignInProps) {
  const words = useWords();
  return (
    <main className="sign-in">
      <div className="sign-in-preferences">
        <LanguageButton />
        <ThemeButton />
      </div>
      <section className="sign-in-card">
        <header className="sign-in-head">
          <Mark size={44} />
          <div>
            <h1>{words.name}</h1>
            <p>{words.signIn.lead}</p>
          </div>
        </header>
        <SignInForm session={session} signIn={signIn} />
        <ProviderDoor refusal={session.refusal} />
      </section>
      <p className="sign-in-hint">{words.signIn.hint}</p>
    </main>
  );
}

function SignInForm({ session, signIn }: SignInProps) {
  const words = useWords();
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState(session.error);
  const [isLinkError, setIsLinkError] = useState(session.isLinkError === true);
  const first = useRef<HTMLInputElement>(null);
  // The form is all there is on this page.
  useEffect(() => first.current?.focus(), []);
  const [userId, passwordId] = [useId(), useId()];

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setIsBusy(true);
    setError(undefined);
    setIsLinkError(false);
    try {
      await signIn(String(form.get('user')).trim(), String(form.get('password')));
    } catch (failure) {
      setError(failure);
      setIsBusy(false);
    }
  };

  return (
    <form className="sign-in-form" onSubmit={submit}>
      <label htmlFor={userId}>{words.signIn.user}</label>
      <input
        id={userId}
        ref={first}
        name="user"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
      />
      <label htmlFor={passwordId}>{words.signIn.password}</label>
      <input id={passwordId} name="password" type="password" autoComplete="current-password" required />
      <button type="submit" className="button-primary" disabled={isBusy}>
        {isBusy ? words.signIn.busy : words.signIn.submit}
      </button>
      <div role="alert" className="sign-in-error">
        {error !== undefined && <SignInError error={error} isLink={isLinkError} />}
        {error === undefined && session.hasEnded === true && <p className="muted">{words.signIn.ended}</p>}
      </div>
    </form>
  );
}

/** The API says of a wrong password and of no session the same; here it is clear which one it was. */
function SignInError({ error, isLink }: { error: unknown; isLink: boolean }) {
  const { signIn } = useWords();
  const isRefused = error instanceof ApiProblemError && [400, 401, 404].includes(error.problem.status);
  if (!isRefused) return <ProblemText error={error} />;
  return (
    <div className="problem">
      <p className="problem-title">{isLink ? signIn.linkFailed : signIn.wrong}</p>
      <p className="problem-cure">{isLink ? signIn.linkCure : signIn.wrongCure}</p>
    </div>
  );
}
