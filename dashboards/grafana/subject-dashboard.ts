/** Dashboards over ClickHouse: one of a level of areas, of cameras, of rules, and one per role; all from the same panels as our page. */
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  CustomVariableBuilder,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  QueryVariableBuilder,
  VariableHide,
  type VariableModel,
  VariableRefresh,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { toGrafanaSql } from '#models/panels/grafana-sql.ts';
import { AREA_LEVELS, type AreaLevel } from '#models/schema/area.ts';
import { KINDS } from '#models/schema/kind.ts';
import type { Bilingual, PanelSpec, SubjectType } from '#models/schema/panel.ts';
import type { Role } from '#models/schema/user.ts';
import { type GrafanaChoices, type Say, speaker } from './choices.ts';
import { placed } from './grid.ts';
import { grafanaPanel } from './panel.ts';
import { CLICKHOUSE } from './sources.ts';

/** Of which subjects a dashboard is: `level` null is an area of any. */
export type Of = { type: SubjectType; level: AreaLevel | null; role?: Role };

export type DashboardFile = { name: string; dashboard: Dashboard };

/** Hours: what the roll-ups hold, however long the time that is looked at. */
const STEP_S = 3600;

const LEVEL_WORDS: Record<AreaLevel, Bilingual> = {
  city: { en: 'City', zh: '市' },
  district: { en: 'District', zh: '区县' },
  street: { en: 'Street', zh: '街镇' },
  village: { en: 'Village', zh: '村居' },
  grid: { en: 'Grid', zh: '网格' },
};

const areaTitle = (level: AreaLevel): Bilingual => ({
  en: `Area · ${LEVEL_WORDS[level].en}`,
  zh: `区域 · ${LEVEL_WORDS[level].zh}`,
});

const ROLE_TITLES: Partial<Record<Role, Bilingual>> = {
  engineer: { en: 'Health of cameras', zh: '摄像机健康' },
  analyst: { en: 'Figures of an area', zh: '区域数据分析' },
  officer: { en: 'Alerts', zh: '告警' },
};

const SUBJECTS_SQL: Record<SubjectType, string> = {
  area: `SELECT id, concat(name, ' · ', level) FROM areas ORDER BY indexOf([${AREA_LEVELS.map((level) => `'${level}'`).join(', ')}], level), name`,
  camera: 'SELECT id, name FROM cameras ORDER BY name',
  rule: 'SELECT rule, any(rule_name) AS name FROM alert_log GROUP BY rule ORDER BY name',
};

/** All of them, without those that no panel is for. */
export function subjectDashboards(panels: readonly PanelSpec[], choices: GrafanaChoices): DashboardFile[] {
  const wanted: { name: string; title: Bilingual; of: Of }[] = [
    ...AREA_LEVELS.map((level) => ({
      ...{ name: `area-${level}`, title: areaTitle(level), of: { type: 'area' as const, level } },
    })),
    { name: 'camera', title: { en: 'Camera', zh: '摄像机' }, of: { type: 'camera', level: null } },
    { name: 'rule', title: { en: 'Rule', zh: '规则' }, of: { type: 'rule', level: null } },
    ...(['engineer', 'analyst', 'officer'] as const).map((role) => ({
      ...{ name: `role-${role}`, title: ROLE_TITLES[role]!, of: { type: 'area' as const, level: null, role } },
    })),
  ];
  return wanted.flatMap(({ name, title, of }) => {
    const chosen = panels.filter((spec) => isOf(spec, of));
    return chosen.length === 0 ? [] : [{ name, dashboard: subjectDashboard(chosen, { name, title, of, choices }) }];
  });
}

/** Where the level is not known, what asks for the areas right below cannot be answered. */
export function isOf(spec: PanelSpec, { type, level, role }: Of): boolean {
  if (!spec.subjects.includes(type)) return false;
  if (role !== undefined && !spec.roles.includes(role)) return false;
  const isLevelKnown = level !== null;
  if (!isLevelKnown && (spec.levels !== undefined || /\{\{(below|level)\}\}/.test(spec.sql))) return false;
  if (isLevelKnown && spec.levels !== undefined && !spec.levels.includes(level)) return false;
  const hasBelow = isLevelKnown && level !== AREA_LEVELS.at(-1);
  return hasBelow || !(spec.when.needs.includes('children') || spec.sql.includes('{{below}}'));
}

type Asked = { name: string; title: Bilingual; of: Of; choices: GrafanaChoices };

function subjectDashboard(specs: readonly PanelSpec[], { name, title, of, choices }: Asked): Dashboard {
  const { type, level, role } = of;
  const say = speaker(choices.language);
  const below = level === null ? null : (AREA_LEVELS[AREA_LEVELS.indexOf(level) + 1] ?? null);
  const made = frame(name, { title: say(title), choices })
    .time({ from: 'now-7d', to: 'now' })
    .refresh('5m')
    .withVariable(subjectVariable(of, say))
    .withVariable(kindVariable(say))
    .withVariable(zoneVariable(choices.zone))
    .link(pageLink(type, { say, pageUrl: choices.pageUrl }));
  const mapUrl = `${choices.pageUrl}/#/map?area=\${subject}`;
  for (const [at, { spec, gridPos }] of placed(specs, role).entries()) {
    const sql = toGrafanaSql(spec.sql, { type, level, below, stepS: STEP_S });
    made.withPanel(grafanaPanel(spec, { sql, id: at + 1, gridPos, say, mapUrl }));
  }
  return made.build();
}

/** What all of ours share: a fixed id, so that links last; the zone; a list of the others. */
export function frame(name: string, { title, choices }: { title: string; choices: GrafanaChoices }): DashboardBuilder {
  const say = speaker(choices.language);
  return new DashboardBuilder(title)
    .uid(`sharp-eyes-${name}`)
    .tags(['sharp-eyes'])
    .timezone(choices.zone)
    .weekStart('monday')
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .link(
      new DashboardLinkBuilder(say({ en: 'Other dashboards', zh: '其他仪表板' }))
        .type(DashboardLinkType.Dashboards)
        .tags(['sharp-eyes'])
        .asDropdown(true)
        .keepTime(true),
    );
}

function pageLink(type: SubjectType, { say, pageUrl }: { say: Say; pageUrl: string }): DashboardLinkBuilder {
  const time = `from=\${__from:date:iso}&to=\${__to:date:iso}`;
  return new DashboardLinkBuilder(say({ en: 'The same in Sharp Eyes', zh: '在雪亮中查看' }))
    .type(DashboardLinkType.Link)
    .url(`${pageUrl}/#/dashboard/${type}/\${subject}?${time}`)
    .targetBlank(true);
}

const SUBJECT_WORDS: Record<SubjectType, Bilingual> = {
  area: { en: 'Area', zh: '区域' },
  camera: { en: 'Camera', zh: '摄像机' },
  rule: { en: 'Rule', zh: '规则' },
};

function subjectVariable({ type, level }: Of, say: Say): Builder<VariableModel> {
  const sql = level === null ? SUBJECTS_SQL[type] : `SELECT id, name FROM areas WHERE level = '${level}' ORDER BY name`;
  return new QueryVariableBuilder('subject')
    .label(say(level === null ? SUBJECT_WORDS[type] : LEVEL_WORDS[level]))
    .datasource(CLICKHOUSE)
    .query(sql)
    .definition(sql)
    .refresh(VariableRefresh.OnDashboardLoad)
    .allowCustomValue(false);
}

function kindVariable(say: Say): Builder<VariableModel> {
  const values = ['all', ...KINDS];
  return new CustomVariableBuilder('kind')
    .label(say({ en: 'Kind', zh: '类别' }))
    .values(values.join(','))
    .options(values.map((value, at) => ({ text: value, value, selected: at === 0 })))
    .current({ text: 'all', value: 'all' })
    .allowCustomValue(false);
}

function zoneVariable(zone: string): Builder<VariableModel> {
  return new CustomVariableBuilder('zone')
    .values(zone)
    .options([{ text: zone, value: zone, selected: true }])
    .current({ text: zone, value: zone })
    .hide(VariableHide.HideVariable)
    .allowCustomValue(false);
}
