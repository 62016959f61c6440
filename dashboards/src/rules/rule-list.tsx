/** The rules, each with whether it runs and how good it is. */
import type { RuleView } from '#models/schema/rule-view.ts';
import { SeverityGlyph } from '../alerts/severity-glyph.tsx';
import type { Words } from '../words/english.ts';
import { formatNumber } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { hrefOf } from '../workspace/view.ts';

type StateName = keyof Words['rules']['states'];

export function stateOfRule({ isEnabled, version, state }: RuleView): StateName {
  if (!isEnabled) return 'disabled';
  if (state === null || state.version < version) return 'unknown';
  return state.state;
}

function precisionText({ precision }: RuleView, words: Words): string {
  if (precision === undefined) return '';
  const marks = precision.right + precision.wrong + precision.useless;
  const number = (value: number) => formatNumber(value, words);
  const loud = words.rules.perMonth(number(precision.alerts));
  if (marks === 0) return `${loud} · ${words.rules.unmarked}`;
  return `${loud} · ${words.rules.precision(number(Math.round((precision.right / marks) * 100)), number(marks))}`;
}

export function RuleRows({ rules, chosen }: { rules: readonly RuleView[]; chosen: string }) {
  const words = useWords();
  const said = words.rules;
  return (
    <ul className="rule-rows" aria-label={said.title}>
      {rules.map((rule) => {
        const { precision } = rule;
        const state = stateOfRule(rule);
        return (
          <li key={rule.id}>
            <a
              className="rule-row"
              href={hrefOf('rules', rule.id)}
              aria-current={rule.id === chosen ? 'true' : undefined}
            >
              <SeverityGlyph severity={rule.severity} />
              <span className="rule-row-said">
                <b>{rule.name}</b>
                <span className="muted">{said.conditions[rule.when.type]}</span>
                <span className="muted">{precisionText(rule, words)}</span>
              </span>
              <span className="rule-row-side">
                <span className={`rule-state is-${state}`}>{said.states[state]}</span>
                {precision?.isNoisy === true && (
                  <span className="rule-noisy" title={precision.proposal}>
                    {said.noisy}
                  </span>
                )}
              </span>
            </a>
          </li>
        );
      })}
    </ul>
  );
}
