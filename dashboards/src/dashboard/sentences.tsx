/** What stands out, in plain sentences; each opens the query that gives its numbers again, and leads to its panel. */
import type { Sentence } from '#models/schema/dashboard.ts';
import { useWords } from '../words/language.tsx';
import { panelElementId } from './panel-card.tsx';
import { languageOf } from './panel-rows.ts';
import { SqlText } from './sql-text.tsx';

type SentencesProps = { sentences: readonly Sentence[]; panels: ReadonlySet<string> };

function showPanel(id: string): void {
  const panel = document.getElementById(panelElementId(id));
  panel?.scrollIntoView({ block: 'start' });
  panel?.focus({ preventScroll: true });
}

export function Sentences({ sentences, panels }: SentencesProps) {
  const words = useWords();
  const said = words.dashboard;
  return (
    <section className="dash-sentences" aria-label={said.sentences}>
      <h3>{said.sentences}</h3>
      {sentences.length === 0 && <p className="muted">{said.noSentences}</p>}
      <ul>
        {sentences.map(({ id, text, sql, panel }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: one rule may say several sentences, which hold no state
          <li key={`${id} ${index}`} data-sentence={id}>
            <details>
              <summary>{text[languageOf(words)]}</summary>
              <div>
                {panel !== null && panels.has(panel) && (
                  <button type="button" className="button-plain" onClick={() => showPanel(panel)}>
                    {said.toPanel}
                  </button>
                )}
                <p className="unseen">{said.sentenceSql}</p>
                <SqlText sql={sql} />
              </div>
            </details>
          </li>
        ))}
      </ul>
    </section>
  );
}
