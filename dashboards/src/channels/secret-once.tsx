/** What is told once: names and values, each copied with one click, until the person says that they have it. */
import { useState } from 'react';
import { copyText } from '../health/copy-button.tsx';
import { useWords } from '../words/language.tsx';

type SecretOnceProps = { values: readonly (readonly [name: string, value: string])[]; onDone: () => void };

export function SecretOnce({ values, onDone }: SecretOnceProps) {
  const said = useWords().channels;
  const [copied, setCopied] = useState<string>();
  return (
    <section className="outlet-once" aria-label={said.once}>
      <p>{said.once}</p>
      <dl>
        {values.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <code>{value}</code>
              <button
                type="button"
                className="button-quiet"
                aria-label={`${said.copy}: ${name}`}
                onClick={() => void copyText(value).then(() => setCopied(name))}
              >
                <span aria-live="polite">{copied === name ? said.copied : said.copy}</span>
              </button>
            </dd>
          </div>
        ))}
      </dl>
      <button type="button" className="button-plain" onClick={onDone}>
        {said.done}
      </button>
    </section>
  );
}
