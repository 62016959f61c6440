/** How much an alert matters; the last token of its subject. */
import Type, { type Static } from 'typebox';

/** The gravest first: CAP 1.2's Extreme, Severe, Moderate and Minor. */
export const SEVERITIES = ['critical', 'major', 'minor', 'info'] as const;

export const Severity = Type.Enum(SEVERITIES, {
  description: 'critical: people now; major: act soon; minor: look at it; info: to be known',
});
export type Severity = Static<typeof Severity>;

export function isSeverity(text: string): text is Severity {
  return (SEVERITIES as readonly string[]).includes(text);
}
