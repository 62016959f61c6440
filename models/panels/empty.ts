/** Why a panel has nothing to show, and what to do about it: decided by what it needs and what came. */
import type { EmptyReason, PanelValue } from '#models/schema/dashboard.ts';
import type { Bilingual, PanelSpec } from '#models/schema/panel.ts';

/** What is known of the subject and the period before any panel is looked at. */
export type SubjectFacts = {
  cameras: number;
  calibrated: number;
  /** Camera-seconds watched in the period. */
  observedS: number;
  observedShare: number | null;
  rules: number;
  hasChildren: boolean;
  /** Of the eight weeks before the period, those in which anything was watched. */
  earlierWeeks: number;
};

type Found = { rows: readonly (readonly PanelValue[])[]; failed: string | null };
type Code = EmptyReason['code'];

const CURES: Record<Code, Bilingual> = {
  'not-observed': {
    en: 'No camera of it was watched then: see its cameras’ health, or choose another time. The hour that runs comes three minutes after its end.',
    zh: '该时段没有摄像机在观测：请查看摄像机状态，或选择其他时段。当前小时在结束三分钟后统计。',
  },
  'nothing-seen': {
    en: 'It was watched and there was nothing: choose a longer time or another kind.',
    zh: '有观测但没有目标出现：请选择更长的时段或其他类别。',
  },
  'too-few': {
    en: 'There is too little to show it honestly: choose a longer time.',
    zh: '数据太少，无法如实呈现：请选择更长的时段。',
  },
  'not-calibrated': {
    en: 'None of its cameras is calibrated: calibrate one on its page, so that things have places.',
    zh: '没有已标定的摄像机：请在摄像机页面标定，目标才有位置。',
  },
  'no-normal-yet': {
    en: 'Normal needs the same hours of three earlier weeks, each watched for at least half of the time.',
    zh: '常态需要此前三周同一时段的数据，且每周至少观测一半时间。',
  },
  'nothing-unusual': {
    en: 'No hour was far from what is normal for its hour of the week.',
    zh: '没有任何时段明显偏离该周内小时的常态。',
  },
  'no-rules': {
    en: 'No rule raises alerts here: add one on the page of rules.',
    zh: '这里没有告警规则：请在规则页面添加。',
  },
  'no-children': { en: 'There are no areas below it: see its cameras.', zh: '没有下级区域：请查看其摄像机。' },
  'not-allowed': {
    en: 'Your role does not see these figures: ask an administrator.',
    zh: '您的角色不能查看这些数字：请联系管理员。',
  },
  failed: {
    en: 'Its question to the store failed: the message says why. Where the panel is your own, mend its SQL.',
    zh: '查询存储失败，原因见消息；若为自定义面板，请修正其 SQL。',
  },
};

export const because = (code: Code, facts: EmptyReason['facts'] = {}): EmptyReason => ({
  code,
  facts,
  cure: CURES[code],
});

const NORMAL_WEEKS_MIN = 3;

/** null where it has something to show. */
export function emptyReason(spec: PanelSpec, { rows, failed }: Found, facts: SubjectFacts): EmptyReason | null {
  const { needs, minRows, minTotal, minObservedShare } = spec.when;
  if (needs.includes('children') && !facts.hasChildren) return because('no-children');
  if (needs.includes('calibration') && facts.calibrated === 0)
    return because('not-calibrated', { cameras: facts.cameras });
  if (needs.includes('rules') && facts.rules === 0) return because('no-rules');
  if (failed !== null) return because('failed', { message: failed });
  const total = totalOf(spec, rows);
  const isNothing = rows.length === 0 || (hasNumbers(spec) && total === 0);
  if (isNothing && facts.observedS === 0 && !needs.includes('rules')) return because('not-observed', { observedS: 0 });
  if (minObservedShare > 0 && (facts.observedShare ?? 0) < minObservedShare) {
    return because('not-observed', { observedShare: facts.observedShare ?? 0, needed: minObservedShare });
  }
  if (needs.includes('normal') && !columnOf(spec, 'normal', rows).some((value) => value !== null))
    return because('no-normal-yet');
  if (rows.length === 0 && needs.includes('departures'))
    return because(facts.earlierWeeks < NORMAL_WEEKS_MIN ? 'no-normal-yet' : 'nothing-unusual');
  if (isNothing && (minRows > 0 || minTotal > 0))
    return because('nothing-seen', { observedS: Math.round(facts.observedS) });
  if (rows.length < minRows) return because('too-few', { rows: rows.length, needed: minRows });
  if (total < minTotal) return because('too-few', { total, needed: minTotal });
  return null;
}

type Rows = readonly (readonly PanelValue[])[];

export function columnOf(spec: PanelSpec, part: PanelSpec['columns'][number]['part'], rows: Rows): PanelValue[] {
  const at = spec.columns.findIndex((column) => column.part === part);
  return at < 0 ? [] : rows.map((row) => row[at] ?? null);
}

const hasNumbers = (spec: PanelSpec) => spec.columns.some(({ part }) => part === 'value');

export function totalOf(spec: PanelSpec, rows: Rows): number {
  return columnOf(spec, 'value', rows).reduce<number>(
    (sum, value) => sum + (typeof value === 'number' ? Math.abs(value) : 0),
    0,
  );
}
