/** Import of totals: every fault of every row is found before anything is written; all of it or nothing. */
import { readTotals } from '#models/registry/totals/read-totals.ts';
import type { Area } from '#models/schema/area.ts';
import { FaultError } from '#models/schema/fault.ts';
import {
  type AreaTotals,
  TOTALS_MAX,
  type Total,
  type TotalsOutcome,
  type TotalsProblem,
} from '#models/schema/total.ts';
import type { Context } from '../context.ts';

const WRITES_AT_ONCE = 64;
const TOLD_MAX = 200;
const SAID_MAX = 5;

type Plan = { writes: AreaTotals[]; added: number; changed: number; unchanged: number; problems: TotalsProblem[] };

export async function importTotals(text: string, isDryRun: boolean, context: Context): Promise<TotalsOutcome> {
  const { rows, problems } = readTotals(text);
  const plan = planTotals({ rows, problems }, context);
  if (plan.problems.length > 0 && !isDryRun) throw refusal(plan.problems);
  if (!isDryRun) await write(plan.writes, context);
  const { added, changed, unchanged, writes } = plan;
  const told = plan.problems.toSorted((a, b) => a.row - b.row).slice(0, TOLD_MAX);
  const counts = { added, changed, unchanged, areas: writes.length };
  return { isDryRun, rows: rows.length, ...counts, problems: told, problemCount: plan.problems.length };
}

/** What an import would do with what is there; a total of the same area, figure and day takes the former's place. */
function planTotals(sheet: ReturnType<typeof readTotals>, { areas, totals }: Context): Plan {
  const problems = [...sheet.problems];
  const find = finder(areas.list());
  const byArea = new Map<string, { fresh: Map<string, { row: number; total: Total }>; row: number }>();
  for (const { row, area: name, total } of sheet.rows) {
    const found = find(name);
    if (typeof found !== 'string') {
      problems.push({ row, column: 'area', message: found.message });
      continue;
    }
    const held = byArea.get(found) ?? { fresh: new Map(), row };
    byArea.set(found, held);
    const key = keyOf(total);
    const twin = held.fresh.get(key);
    if (twin === undefined) held.fresh.set(key, { row, total });
    else problems.push({ row, column: 'figure', message: `row ${twin.row} has the same area, figure and day` });
  }
  const plan: Plan = { writes: [], added: 0, changed: 0, unchanged: 0, problems };
  for (const [area, { fresh, row }] of byArea) {
    const kept = new Map((totals.get(area)?.totals ?? []).map((total) => [keyOf(total), total]));
    const before = { ...plan };
    for (const [key, { total }] of fresh) {
      const was = kept.get(key);
      if (was === undefined) plan.added += 1;
      else if (was.value === total.value && was.source === total.source) plan.unchanged += 1;
      else plan.changed += 1;
      kept.set(key, total);
    }
    if (kept.size > TOTALS_MAX) {
      problems.push({
        row,
        column: 'area',
        message: `"${area}" would have ${kept.size} totals, ${TOTALS_MAX} is the most`,
      });
    }
    if (plan.added + plan.changed === before.added + before.changed) continue;
    plan.writes.push({ area, totals: [...kept.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)) });
  }
  return plan;
}

const keyOf = ({ asOf, figure }: Total) => `${asOf} ${figure}`;

/** An id, or a name that only one area has. */
function finder(areas: readonly Area[]): (name: string) => string | { message: string } {
  const ids = new Set(areas.map(({ id }) => id));
  const byName = new Map<string, string[]>();
  for (const { id, name } of areas) byName.set(name, [...(byName.get(name) ?? []), id]);
  return (name) => {
    if (ids.has(name)) return name;
    const named = byName.get(name) ?? [];
    if (named.length === 1) return named[0]!;
    const shown = name.slice(0, 60);
    if (named.length === 0) return { message: `there is no area "${shown}": ./sharp-eyes grid export - tells all` };
    return { message: `${named.length} areas are called "${shown}", name its id: ${named.slice(0, 4).join(', ')}` };
  };
}

/** Each guarded by its revision: two imports at once shall not mix. */
async function write(writes: readonly AreaTotals[], { totals }: Context): Promise<void> {
  for (let start = 0; start < writes.length; start += WRITES_AT_ONCE) {
    await Promise.all(
      writes.slice(start, start + WRITES_AT_ONCE).map((value) => {
        const revision = totals.entry(value.area)?.revision;
        return revision === undefined ? totals.create(value.area, value) : totals.put(value.area, value, revision);
      }),
    );
  }
}

function refusal(problems: readonly TotalsProblem[]): FaultError {
  const sorted = problems.toSorted((a, b) => a.row - b.row);
  const said = sorted.slice(0, SAID_MAX).map(({ row, column, message }) => `row ${row}, ${column}: ${message}`);
  const more = problems.length > SAID_MAX ? `; and ${problems.length - SAID_MAX} more` : '';
  return new FaultError('invalid-value', `nothing was imported. ${said.join('; ')}${more}`, {
    about: { problems: sorted.slice(0, TOLD_MAX) },
    cure: 'Correct the rows that are named; --dry-run lists all of them.',
  });
}
