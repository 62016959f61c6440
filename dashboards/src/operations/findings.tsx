/** What is wrong, each with its cure; the same words as in the troubleshooting page. The same trouble is told once. */
import type { Finding } from '#models/schema/site-view.ts';
import { useWords } from '../words/language.tsx';
import { faultWords, type ProblemWords } from '../workspace/problem-text.tsx';

/** Of one trouble; what there is beyond it is counted. */
const DETAILS_MAX = 6;

type Trouble = ProblemWords & { code: string | undefined; isWarning: boolean; details: Finding[] };

export function Findings({ findings, none }: { findings: readonly Finding[]; none: string }) {
  const words = useWords();
  if (findings.length === 0) return <p className="operations-well">{none}</p>;
  const troubles = Object.values(
    Object.groupBy(findings, ({ code, cure, isWarning, message }) =>
      JSON.stringify([code ?? message, cure, isWarning === true]),
    ),
  ).flatMap((same = []): Trouble[] => {
    const [first] = same;
    if (first === undefined) return [];
    const { code, isWarning = false, message: detail } = first;
    return [{ ...faultWords({ ...first, detail }, words), code, isWarning, details: same }];
  });
  return (
    <ul className="operations-findings">
      {troubles.map(({ title, cure, code, isWarning, details }) => (
        <li key={`${code} ${details[0]?.message}`} className={isWarning ? 'is-warned' : 'is-unwell'}>
          <p className="problem-title">
            {title}
            {details.length > 1 && <span>×{details.length}</span>}
          </p>
          {details.slice(0, DETAILS_MAX).map((one) => (
            <Detail key={one.message} {...one} title={title} />
          ))}
          {details.length > DETAILS_MAX && <p>+ {details.length - DETAILS_MAX}</p>}
          {cure !== undefined && <p className="problem-cure">{cure}</p>}
          {code !== undefined && <code>{code}</code>}
        </li>
      ))}
    </ul>
  );
}

/** Nothing where the title says as much. */
function Detail({ code, message, title }: Finding & { title: string }) {
  const { detail, detailLang } = faultWords({ code, title, detail: message }, useWords());
  return detail === undefined ? null : <p lang={detailLang}>{detail}</p>;
}
