/** An alert in one sentence of the page's language, from its condition and what was measured. */
import type { Alert } from '#models/schema/alert.ts';
import { measuredOf, VALUE_NAMES } from '../words/alerts.ts';
import type { Words } from '../words/english.ts';
import { formatDuration, formatNumber } from '../words/figures.ts';

export function alertSentence(alert: Alert, words: Words): string {
  // Words of the rule's own author are said as they are, in whatever language they stand.
  if (alert.hasOwnText === true) return alert.text;
  const number = (value: number | undefined) => (value === undefined ? '?' : formatNumber(value, words));
  const seconds = measuredOf(alert, VALUE_NAMES.duration);
  const measured = measuredOf(alert, VALUE_NAMES.value);
  return words.alerts.sentences[alert.condition]({
    kind: alert.kind === undefined ? words.alerts.anything : words.kindOfOne[alert.kind],
    value: number(alert.condition === 'flow-imbalance' && measured !== undefined ? measured * 100 : measured),
    limit: number(alert.values.limit),
    count: number(measuredOf(alert, VALUE_NAMES.count)),
    duration: seconds === undefined ? '?' : formatDuration(seconds, words),
  });
}
