/** How much a panel is worth its place: by its spec, whom it serves, how much was watched, how much varies, how far from normal. */
import type { EmptyReason, PanelValue } from '#models/schema/dashboard.ts';
import type { Bilingual, PanelSpec } from '#models/schema/panel.ts';
import type { Role } from '#models/schema/user.ts';
import { columnOf, type SubjectFacts } from './empty.ts';

export type Scored = { score: number; shownBecause: Bilingual };

type Found = { rows: readonly (readonly PanelValue[])[]; empty: EmptyReason | null };

/** Departures beyond this many sigmas say nothing more. */
const SIGMAS_MAX = 6;

/** Same rows, same facts, same role: same score. An empty panel has 0. */
export function scoreOf(
  spec: PanelSpec,
  { rows, empty }: Found,
  { facts, role }: { facts: SubjectFacts; role: Role },
): Scored {
  if (empty !== null) {
    return {
      score: 0,
      shownBecause: { en: 'It says why it is empty, and what to do.', zh: '说明为何没有数据以及如何处理。' },
    };
  }
  const serves = spec.roles.includes(role);
  const coverage = coverageOf(spec, rows) ?? facts.observedShare ?? 1;
  const variation = variationOf(numbers(columnOf(spec, 'value', rows)));
  const sigmas = sigmasOf(spec, rows);
  const score =
    spec.weight * (serves ? 1.5 : 1) * (0.4 + 0.6 * coverage) * (1 + 0.5 * variation) * (1 + sigmas / SIGMAS_MAX);
  return {
    score: Math.round(score * 1000) / 1000,
    shownBecause: reasonOf(spec, rows, { serves, coverage, variation, sigmas, role }),
  };
}

type Parts = { serves: boolean; coverage: number; variation: number; sigmas: number };

const ROLE_WORDS: Record<Role, Bilingual> = {
  administrator: { en: 'administrators', zh: '管理员' },
  operator: { en: 'operators', zh: '运维人员' },
  engineer: { en: 'engineers', zh: '工程师' },
  analyst: { en: 'analysts', zh: '分析员' },
  officer: { en: 'duty officers', zh: '值班员' },
};

/** What the data says of it comes first; whom it serves is said beside. */
function reasonOf(
  spec: PanelSpec,
  rows: Found['rows'],
  { serves, coverage, variation, sigmas, role }: Parts & { role: Role },
): Bilingual {
  const said: Bilingual[] = [];
  if (sigmas >= 2)
    said.push({
      en: `a value in it is ${sigmas.toFixed(1)} sigmas away from normal`,
      zh: `其中有数值偏离常态 ${sigmas.toFixed(1)}σ`,
    });
  else if (
    spec.columns.some(({ part }) => part === 'normal') &&
    columnOf(spec, 'normal', rows).some((value) => value !== null)
  ) {
    said.push({ en: 'normal is known for it, and it holds', zh: '有常态可比，且未见异常' });
  }
  if (variation >= 0.3) {
    const percent = Math.round(variation * 100);
    said.push({ en: `its values vary by ${percent} % of their mean`, zh: `数值变化达均值的 ${percent}%` });
  }
  if (said.length === 0)
    said.push({
      en: `it has ${rows.length === 1 ? 'a row' : `${rows.length} rows`} of data`,
      zh: `有 ${rows.length} 行数据`,
    });
  said.push({
    en: `${Math.round(coverage * 100)} % of the time was watched`,
    zh: `观测了 ${Math.round(coverage * 100)}% 的时间`,
  });
  if (serves) said.push({ en: `it serves ${ROLE_WORDS[role].en}`, zh: `适合${ROLE_WORDS[role].zh}` });
  return {
    en: `Shown because ${said.map(({ en }) => en).join(', ')}.`,
    zh: `显示原因：${said.map(({ zh }) => zh).join('，')}。`,
  };
}

const numbers = (values: readonly PanelValue[]) => values.filter((value): value is number => typeof value === 'number');
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function coverageOf(spec: PanelSpec, rows: Found['rows']): number | null {
  // Of figures the second row is another period.
  const asked = spec.chart === 'headline' ? rows.slice(0, 1) : rows;
  const shares = numbers(columnOf(spec, 'observed-share', asked));
  return shares.length === 0 ? null : Math.min(1, Math.max(0, mean(shares)));
}

/** Standard deviation over the mean, at most 1. */
function variationOf(values: readonly number[]): number {
  if (values.length < 3) return 0;
  const middle = mean(values);
  if (middle === 0) return 0;
  return Math.min(1, Math.sqrt(mean(values.map((value) => (value - middle) ** 2))) / Math.abs(middle));
}

/** The largest departure of a value from the normal beside it, in its spreads, at most {@link SIGMAS_MAX}. */
function sigmasOf(spec: PanelSpec, rows: Found['rows']): number {
  const normals = spec.columns.flatMap(({ part }, at) => (part === 'normal' ? [at] : []));
  const of = (row: readonly PanelValue[], at: number) => {
    const [value, normal, spread] = [row[at - 1], row[at], row[at + 1]];
    if (typeof value !== 'number' || typeof normal !== 'number' || typeof spread !== 'number' || spread <= 0) return 0;
    return Math.abs(value - normal) / spread;
  };
  // Of figures the first row is the period, the second one of before.
  const own = spec.chart === 'headline' ? rows.slice(0, 1) : rows;
  return Math.min(SIGMAS_MAX, Math.max(0, ...own.flatMap((row) => normals.map((at) => of(row, at)))));
}
