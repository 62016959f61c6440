/** What went wrong, and what to do, in the page's language. */
import { ApiProblemError, UnreachableError } from '../api-client.ts';
import { VideoRefusedError, VideoSilentError } from '../live/video-socket.ts';
import type { Words } from '../words/english.ts';
import { useWords } from '../words/language.tsx';

/** `detailLang` where the detail is in another language than the page. */
export type ProblemWords = { title: string; detail?: string; detailLang?: 'en'; cure?: string };

/** The API speaks English; where another language has words for the code, those come first and the detail follows. */
export function faultWords(
  fault: { code?: string | undefined; title?: string; detail?: string | undefined; cure?: string | undefined },
  words: Words,
): ProblemWords {
  const translated = fault.code === undefined ? undefined : words.faults?.[fault.code];
  const title =
    translated?.title ?? fault.title ?? saidAnew(fault.detail, words) ?? words.faults?.internal?.title ?? '';
  const cure = translated?.cure ?? fault.cure;
  return {
    title,
    ...(fault.detail === undefined || saidAnew(fault.detail, words) === title ? {} : detailWords(fault.detail, words)),
    ...(cure === undefined ? {} : { cure }),
  };
}

const saidAnew = (text: string | undefined, words: Words) =>
  text === undefined ? undefined : (words.detail(text) ?? text);

function detailWords(text: string, words: Words): Pick<ProblemWords, 'detail' | 'detailLang'> {
  const said = words.detail(text);
  return said === null ? { detail: text, detailLang: 'en' } : { detail: said };
}

export function errorWords(error: unknown, words: Words): ProblemWords {
  if (error instanceof ApiProblemError) return faultWords(error.problem, words);
  if (error instanceof VideoRefusedError) return faultWords(error.notice, words);
  if (error instanceof VideoSilentError) return { title: words.live.silent, cure: words.live.silentCure };
  if (error instanceof UnreachableError)
    return { title: words.connection.unreachable, cure: words.connection.unreachableCure };
  return { title: error instanceof Error ? error.message : String(error) };
}

export function ProblemText({ error }: { error: unknown }) {
  const words = useWords();
  const said = errorWords(error, words);
  return (
    <div className="problem">
      <p className="problem-title">{said.title}</p>
      {said.detail !== undefined && <p lang={said.detailLang}>{said.detail}</p>}
      {said.cure !== undefined && <p className="problem-cure">{said.cure}</p>}
    </div>
  );
}
