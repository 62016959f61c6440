/** A query as it runs, with a button that copies it. */
import { useState } from 'react';
import { copyText } from '../health/copy-button.tsx';
import { useWords } from '../words/language.tsx';

export function SqlText({ sql }: { sql: string }) {
  const words = useWords();
  const [copied, setCopied] = useState('');
  return (
    <div className="sql-text">
      <p>
        <span className="muted">{words.dashboard.sqlNote}</span>
        <button type="button" className="button-plain" onClick={() => copyText(sql).then(() => setCopied(sql))}>
          <span aria-live="polite">{copied === sql ? words.dashboard.copied : words.dashboard.copy}</span>
        </button>
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls */}
      <pre tabIndex={0}>{sql}</pre>
    </div>
  );
}
