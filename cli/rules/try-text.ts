/** What a rule would have done, for a terminal: per day, over the week, samples, what is different, what is proposed. */
import type { Alert } from '#models/schema/alert.ts';
import type { RuleTry, RuleTryQuestion, TriedRule } from '#models/schema/rule-try.ts';
import { formatTable, type Row } from '../print.ts';

const DAY_MS = 86_400_000;
const BAR = 30;
const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const SHADES = ' .:-=+*#';
const SAMPLES_SHOWN = 5;
const ONLY_SHOWN = 3;

export function tryText({ rule, against }: RuleTryQuestion, result: RuleTry): string {
  const { tried, fromMs, toMs, zone } = result;
  const days = (toMs - fromMs) / DAY_MS;
  const parts = [
    `${rule.id}, ${stamp(fromMs, zone)} to ${stamp(toMs, zone)} (${zone}): ${sum(tried, days)}`,
    ...(tried.note === undefined ? [] : [`Note: ${tried.note}`]),
    perDay(tried),
    week(tried),
    samples(tried, zone),
    watched(result),
    comparison(against?.id, result, days),
    proposal(result),
    `Read ${result.looks} looks and ${result.sightings} sightings in ${(result.tookMs / 1000).toFixed(1)} s.`,
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

const sum = ({ alerts, held, incidents }: TriedRule, days: number) =>
  `${alerts} alerts (${perDayText(alerts / days)} a day) in ${incidents} incidents, ${held} more were held`;

const perDayText = (value: number) => (value >= 10 ? value.toFixed(0) : value.toPrecision(2));

function perDay({ perDay: days }: TriedRule): string {
  const most = Math.max(1, ...days.map(({ alerts }) => alerts));
  const rows = days.map(({ day, alerts, held }): Row => {
    return { day, alerts, held, '': '█'.repeat(Math.round((alerts / most) * BAR)) };
  });
  return formatTable(rows, ['day', 'alerts', 'held', '']);
}

/** A line per weekday, a sign per hour. */
function week({ perWeekHour: hours, alerts }: TriedRule): string {
  if (alerts === 0) return '';
  const most = Math.max(1, ...hours);
  const sign = (count: number) =>
    count === 0 ? ' ' : SHADES[Math.max(1, Math.ceil((count / most) * (SHADES.length - 1)))];
  const lines = DAYS.map(
    (name, day) =>
      `${name} |${hours
        .slice(day * 24, day * 24 + 24)
        .map(sign)
        .join('')}|`,
  );
  return ['     0     6     12    18', ...lines, `    most in an hour of the week: ${most}`].join('\n');
}

function samples({ samples: all }: TriedRule, zone: string): string {
  if (all.length === 0) return '';
  const step = Math.max(1, all.length / SAMPLES_SHOWN);
  const shown = Array.from(
    { length: Math.min(SAMPLES_SHOWN, all.length) },
    (_, index) => all[Math.floor(index * step)]!,
  );
  const lines = shown.map(({ alert, tracks }) => {
    const ways = tracks.map(({ track, points }) => {
      const [first, last] = [points[0], points.at(-1)];
      return first === undefined || last === undefined ? track : `${track} ${foot(first.box)} → ${foot(last.box)}`;
    });
    return `  ${line(alert, zone)}${ways.length === 0 ? '' : `\n      ${ways.join('; ')}`}`;
  });
  return ['For example (feet in the picture, from … to):', ...lines].join('\n');
}

const foot = ([x = 0, y = 0, width = 0, height = 0]: readonly number[]) =>
  `${(x + width / 2).toFixed(2)},${(y + height).toFixed(2)}`;

const line = ({ atMs, camera, text }: Alert, zone: string) => `${stamp(atMs, zone)}  ${camera ?? 'area'}  ${text}`;

function watched({ watched: cameras, observedS, wantedS }: RuleTry): string {
  const share = wantedS === 0 ? 0 : observedS / wantedS;
  const least = [...cameras].sort((a, b) => a.watchedShare - b.watchedShare)[0];
  const said = `Watched for ${percent(share)} of the time`;
  if (least === undefined || share > 0.995) return `${said}.`;
  return `${said}; least ${least.camera}, ${percent(least.watchedShare)}. What nobody saw raised nothing.`;
}

const percent = (share: number) => `${(share * 100).toFixed(share > 0.99 && share < 1 ? 1 : 0)} %`;

function comparison(id: string | undefined, { against, differences, zone }: RuleTry, days: number): string {
  if (against === null || differences === null) return '';
  const { both, onlyRule, onlyAgainst, onlyRuleAlerts, onlyAgainstAlerts } = differences;
  const some = (alerts: readonly Alert[]) => alerts.slice(0, ONLY_SHOWN).map((alert) => `    ${line(alert, zone)}`);
  return [
    `Against ${id}: ${sum(against, days)}`,
    `  in both: ${both}`,
    `  only this: ${onlyRule}`,
    ...some(onlyRuleAlerts),
    `  only the other: ${onlyAgainst}`,
    ...some(onlyAgainstAlerts),
  ].join('\n');
}

function proposal({ proposal: told }: RuleTry): string {
  if (told === null) return '';
  const { path, now, value, isEnough, alertsPerDay, perValue } = told;
  const said = isEnough
    ? `Proposed: ${path}: ${value} (now ${now ?? 'its default'}) gives ${perDayText(alertsPerDay)} alerts a day.`
    : `No ${path} up to ${value} is enough: it still gives ${perDayText(alertsPerDay)} alerts a day.`;
  const rows = perValue.map(({ value: one, alerts, held }): Row => ({ [path]: one, alerts, held }));
  return `${said}\n${formatTable(rows, [path, 'alerts', 'held'])}`;
}

const stamp = (atMs: number, zone: string) =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' }).format(atMs);
