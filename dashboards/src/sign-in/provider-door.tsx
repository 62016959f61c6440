/** The way in over a provider, where one is set up: its button, whether it answers, and why it let nobody in. */
import { useEffect, useState } from 'react';
import type { SignInWays } from '#models/schema/sign-in.ts';
import { api } from '../api-client.ts';
import { useWords } from '../words/language.tsx';
import { leaveForProvider } from './session.tsx';

/** A provider that does not answer is looked for again, while somebody waits at the door. */
const LOOK_AGAIN_MS = 3000;

export function ProviderDoor({ refusal }: { refusal: string | undefined }) {
  const words = useWords().providerSignIn;
  const provider = useProvider();
  const [isLeaving, setIsLeaving] = useState(false);
  const said = refusal === undefined ? undefined : (words.refusals[refusal] ?? words.refused);
  if (provider === null && said === undefined) return null;
  const leave = () => {
    setIsLeaving(true);
    leaveForProvider();
  };
  return (
    <div className="provider-door">
      {provider !== null && (
        <>
          <p className="provider-or">{words.or}</p>
          <button
            type="button"
            className="button-plain"
            onClick={leave}
            disabled={isLeaving || !provider.isReachable}
            aria-describedby={provider.isReachable ? undefined : 'provider-silent'}
          >
            {words.signInWith(provider.name)}
          </button>
        </>
      )}
      {provider?.isReachable === false && (
        <p id="provider-silent" className="provider-silent" role="status">
          {words.silent(provider.name)}
        </p>
      )}
      {said !== undefined && (
        <div role="alert" className="sign-in-error">
          <div className="problem">
            <p className="problem-title">{said.title}</p>
            <p className="problem-cure">{said.cure}</p>
          </div>
        </div>
      )}
    </div>
  );
}

function useProvider(): SignInWays['provider'] {
  const [provider, setProvider] = useState<SignInWays['provider']>(null);
  useEffect(() => {
    const leaving = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async () => {
      // Who cannot be asked has no button: the password's form says that nobody answers.
      const ways = await api.readSignInWays({ signal: leaving.signal }).catch(() => null);
      if (leaving.signal.aborted) return;
      if (ways !== null) setProvider(ways.provider);
      if (ways?.provider?.isReachable !== true && ways?.provider !== null) timer = setTimeout(look, LOOK_AGAIN_MS);
    };
    void look();
    return () => {
      leaving.abort();
      clearTimeout(timer);
    };
  }, []);
  return provider;
}
