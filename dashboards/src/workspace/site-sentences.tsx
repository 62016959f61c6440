/** What is missing before anything can be seen, in the API's own sentences; and what no camera saw. */
import { Fragment } from 'react';
import type { SiteView } from '#models/schema/site-view.ts';
import { formatSpan } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';

/** Said by the list of cameras. */
export const NO_CAMERA = 'no-camera';

export function SiteSentences({ site }: { site: SiteView | undefined }) {
  const words = useWords();
  const sentences = (site?.sentences ?? []).filter(({ code }) => code !== NO_CAMERA);
  const past = site?.simulated;
  if (sentences.length === 0 && past === undefined) return null;
  return (
    <section className="sentences">
      {past === undefined || site === undefined ? null : (
        <p>{words.past.simulated(formatSpan(past, words, site.timeZone))}</p>
      )}
      {sentences.map(({ code, text }) => (
        <p key={code}>
          <WithCommands text={words.sentences[code] ?? text} />
        </p>
      ))}
    </section>
  );
}

const COMMAND = /(\.\/sharp-eyes(?: -{0,2}[a-z][\w./:…-]*| <[^>]+>)+)/;

/** Commands inside a sentence stand out, so that they can be copied; their words are not broken at hyphens. */
export function WithCommands({ text }: { text: string }) {
  return text
    .split(COMMAND)
    .map((part) =>
      part.startsWith('./sharp-eyes') ? <Command key={part} words={part.split(' ')} /> : <span key={part}>{part}</span>,
    );
}

function Command({ words }: { words: readonly string[] }) {
  return (
    <code>
      {words.map((word, index) => (
        <Fragment key={word}>
          {index === 0 ? '' : ' '}
          <span className="command-word">{word}</span>
        </Fragment>
      ))}
    </code>
  );
}
