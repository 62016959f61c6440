/** From the session's state to what is shown: the door, a word while nobody answers, or the views. */
import { Mark } from './sign-in/mark.tsx';
import { type Session, useSession } from './sign-in/session.tsx';
import { SignInPage } from './sign-in/sign-in-page.tsx';
import { ThemeProvider } from './theme.tsx';
import { LanguageProvider, useWords } from './words/language.tsx';
import { Shell } from './workspace/shell.tsx';

export function App({ opening }: { opening: Promise<Session> }) {
  return (
    <LanguageProvider>
      <ThemeProvider>
        <Gate opening={opening} />
      </ThemeProvider>
    </LanguageProvider>
  );
}

function Gate({ opening }: { opening: Promise<Session> }) {
  const words = useWords();
  const { session, signIn, signOut, end } = useSession(opening);
  if (session.state === 'signed-out') return <SignInPage session={session} signIn={signIn} />;
  if (session.state === 'checking') return <Curtain text={words.loading} />;
  if (session.state === 'unreachable')
    return <Curtain text={words.connection.unreachable} detail={words.connection.unreachableCure} />;
  return <Shell me={session.me} signOut={signOut} onSignedOut={end} />;
}

function Curtain({ text, detail }: { text: string; detail?: string }) {
  return (
    <main className="curtain" aria-busy={detail === undefined}>
      <Mark size={44} />
      <p role="status">{text}</p>
      {detail !== undefined && <p className="muted">{detail}</p>}
    </main>
  );
}
