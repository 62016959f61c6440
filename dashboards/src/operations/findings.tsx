/** What is wrong, each with its cure; the same words as in the troubleshooting page. */
import type { Finding } from '#models/schema/site-view.ts';
import { useWords } from '../words/language.tsx';
import { faultWords } from '../workspace/problem-text.tsx';

const SHOWN_MAX = 12;

export function Findings({ findings, none }: { findings: readonly Finding[]; none: string }) {
  const words = useWords();
  if (findings.length === 0) return <p className="operations-well">{none}</p>;
  return (
    <ul className="operations-findings">
      {findings.slice(0, SHOWN_MAX).map(({ code, message, cure, isWarning }) => {
        const said = faultWords({ code, detail: message, cure }, words);
        return (
          <li key={`${code} ${message}`} className={isWarning === true ? 'is-warned' : 'is-unwell'}>
            <p className="problem-title">{said.title}</p>
            {said.detail !== undefined && <p lang={said.detailLang}>{said.detail}</p>}
            {said.cure !== undefined && <p className="problem-cure">{said.cure}</p>}
            {code !== undefined && <code>{code}</code>}
          </li>
        );
      })}
      {findings.length > SHOWN_MAX && <li>+ {findings.length - SHOWN_MAX}</li>}
    </ul>
  );
}
