/** Alerts against what is normal, and against the compared period; and the grave ones. Of a rule they are asked for alone. */
import { type ClaimGroup, type Facts, numberOf, type Said } from './claim.ts';
import { figure } from './format.ts';

/** Weeks count in which half of the time was watched, so that no alert is not mistaken for nobody looking. */
export function aboveNormal(facts: Facts): Said[] {
  const [alerts, weeks, normal] = ['alerts', 'weeks', 'alerts_normal'].map((name) => numberOf(facts, name) ?? 0) as [
    number,
    number,
    number,
  ];
  // A count varies by its root at the least.
  if (weeks < 3 || alerts < normal + Math.max(3, 2 * Math.sqrt(normal))) return [];
  return [
    {
      id: 'alerts-above-normal',
      text: {
        en: `${figure(alerts)} alerts, where ${figure(normal)} are normal for these hours (median of ${weeks} earlier times).`,
        zh: `告警 ${figure(alerts)} 次，这些时段的常态为 ${figure(normal)} 次（此前 ${weeks} 次的中位数）。`,
      },
      panel: 'alerts-by-severity',
      weight: 2.5,
    },
  ];
}

const SQL = `
SELECT countIf(at >= {{from}} AND at < {{to}}) AS alerts, countIf(at >= {{from}} AND at < {{to}} AND severity = 'critical') AS critical,
  countIf(at >= {{compare_from}} AND at < {{compare_to}}) AS alerts_before
FROM alert_log
WHERE {{place}} AND {{kind}} AND ((at >= {{from}} AND at < {{to}}) OR (at >= {{compare_from}} AND at < {{compare_to}}))
HAVING alerts > 0`;

export const alertCounts: ClaimGroup = {
  subjects: ['rule'],
  needsBelow: false,
  sql: SQL,
  say: counted,
};

export function counted(facts: Facts): Said[] {
  const [alerts, critical, before] = ['alerts', 'critical', 'alerts_before'].map(
    (name) => numberOf(facts, name) ?? 0,
  ) as [number, number, number];
  if (alerts === 0) return [];
  const graveEn = critical === 0 ? 'none of them critical' : `${figure(critical)} of them critical`;
  const graveZh = critical === 0 ? '没有紧急告警' : `其中紧急 ${figure(critical)} 次`;
  return [
    {
      id: 'alerts-counted',
      text: {
        en: `${figure(alerts)} alerts, ${graveEn}; ${figure(before)} in the compared period.`,
        zh: `告警 ${figure(alerts)} 次，${graveZh}；对比时段 ${figure(before)} 次。`,
      },
      panel: 'alerts-by-severity',
      weight: critical > 0 ? 2 : 0.9,
    },
  ];
}
