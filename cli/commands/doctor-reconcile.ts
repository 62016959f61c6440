/** `doctor --reconcile`: zero lost and zero doubled, or the hour and the difference; exit code 1 when something differs. */
import { FaultError } from '#models/schema/fault.ts';
import type { Discrepancy, Reconciliation } from '#models/schema/reconciliation.ts';
import type { Config } from '#system/config.ts';
import { type ApiClient, openApi } from '../api-client.ts';
import { formatTable } from '../print.ts';

const HOUR_MS = 3_600_000;
const UNITS_MS: Readonly<Record<string, number>> = { m: 60_000, h: HOUR_MS, d: 24 * HOUR_MS };
const DAYS_MAX = 31;

export async function reconcile(config: Config, { last, json }: { last: string; json?: boolean }): Promise<void> {
  const toMs = Date.now();
  const fromMs = toMs - readLength(last);
  const found = await askByHour(openApi(config), fromMs, toMs);
  if (!found.isWhole) process.exitCode = 1;
  if (json === true) return console.log(JSON.stringify(found, null, 2));
  console.log(sayCounts(found));
  if (found.discrepancies.length > 0) {
    const rows = found.discrepancies.map(({ hourMs, ...rest }) => ({
      hour: hourMs === null ? '' : new Date(hourMs).toISOString().slice(0, 13),
      ...rest,
    }));
    console.log(`\nDifferences (hours in UTC)\n${formatTable(rows, ['hour', 'what', 'key', 'expected', 'found'])}`);
    console.log('\nA number that is lost may still wait in a worker’s spool: ask again when its broker is back.');
  }
}

function readLength(text: string): number {
  const [, number, unit] = /^(\d+)(m|h|d)$/.exec(text) ?? [];
  const lengthMs = Number(number) * (UNITS_MS[unit ?? ''] ?? Number.NaN);
  if (!(lengthMs > 0) || lengthMs > DAYS_MAX * 24 * HOUR_MS)
    throw new FaultError('invalid-value', `--last expects 30m, 24h or 3d, at most ${DAYS_MAX}d, got ${text}`);
  return lengthMs;
}

/** One question an hour, so that each is short whatever the time is; as many answers become one. */
async function askByHour(api: ApiClient, fromMs: number, toMs: number): Promise<Reconciliation> {
  let sum: Reconciliation | undefined;
  for (let at = Math.floor(fromMs / HOUR_MS) * HOUR_MS; at < toMs; at += HOUR_MS) {
    const part = await api.json<Reconciliation>('GET', `/reconciliation?from=${at}&to=${Math.min(toMs, at + HOUR_MS)}`);
    sum = sum === undefined ? part : together(sum, part);
  }
  if (sum === undefined) throw new FaultError('invalid-value', '--last names no time');
  return sum;
}

function together(sum: Reconciliation, part: Reconciliation): Reconciliation {
  const discrepancies: Discrepancy[] = [...sum.discrepancies, ...part.discrepancies];
  const add = <Key extends string>(a: Record<Key, number>, b: Record<Key, number>) =>
    Object.fromEntries(Object.keys(a).map((key) => [key, a[key as Key] + b[key as Key]])) as Record<Key, number>;
  return {
    fromMs: sum.fromMs,
    toMs: Math.max(sum.toMs, part.toMs),
    isWhole: sum.isWhole && part.isWhole,
    // Totals of the stream: the last is the newest.
    broker: part.broker,
    // Quarantine is counted in all at each hour.
    stored: { ...add(sum.stored, part.stored), quarantined: part.stored.quarantined },
    rolledUp: add(sum.rolledUp, part.rolledUp),
    discrepancies,
  };
}

function sayCounts({ fromMs, toMs, isWhole, broker, stored, rolledUp }: Reconciliation): string {
  const hours = (seconds: number) => `${(seconds / 3600).toFixed(1)} camera-hours`;
  const time = (ms: number) => new Date(ms).toISOString().slice(0, 16);
  return [
    `From ${time(fromMs)} to ${time(toMs)} (UTC)`,
    `  published   ${broker.published} messages since the stream was made: ${broker.acknowledged} acknowledged, ${broker.waiting} wait, ${broker.dropped} dropped`,
    `  stored      ${stored.messages} messages, ${stored.sightings} sightings, ${hours(stored.observedS)} watched; ${stored.quarantined} in quarantine in all`,
    `  rolled up   ${rolledUp.sightings} sightings, ${hours(rolledUp.observedS)} watched`,
    isWhole
      ? 'Zero lost, zero doubled: what is rolled up is what is stored.'
      : `${stored.lost} lost, ${stored.doubled} doubled.`,
  ].join('\n');
}
