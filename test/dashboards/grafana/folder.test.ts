import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { grafanaFiles, writeGrafana } from '#dashboards/grafana/main.ts';
import { OPERATOR_ALERTS } from '#dashboards/grafana/operator-alerts.ts';
import { isOf } from '#dashboards/grafana/subject-dashboard.ts';
import { readPanels } from '#models/panels/read.ts';
import { AREA_LEVELS } from '#models/schema/area.ts';
import { CHOICES } from './choices.ts';

type Target = { refId: string; datasource: { uid: string }; rawSql?: string; expr?: string };
type Panel = {
  id: number;
  type: string;
  title: string;
  description?: string;
  datasource?: { uid: string };
  targets?: Target[];
  gridPos: { x: number; y: number; w: number; h: number };
};
type Board = {
  uid: string;
  title: string;
  timezone: string;
  panels: Panel[];
  templating: { list?: { name: string; query: string }[] };
};

const { panels } = readPanels();
const files = grafanaFiles(panels, CHOICES);
const textOf = (path: string) => files.find((file) => file.path === path)?.text ?? '';
const boards = files.filter(({ path }) => path.endsWith('.json')).map(({ text }) => JSON.parse(text) as Board);

describe('the folder for Grafana', () => {
  it('has a dashboard per level of areas, for cameras, rules and roles, each with an id of its own', () => {
    const uids = boards.map(({ uid }) => uid);
    expect(uids).toEqual(expect.arrayContaining(AREA_LEVELS.map((level) => `sharp-eyes-area-${level}`)));
    expect(uids).toEqual(
      expect.arrayContaining(
        ['camera', 'rule', 'role-analyst', 'role-officer', 'role-operator'].map((name) => `sharp-eyes-${name}`),
      ),
    );
    expect(new Set(uids).size).toBe(uids.length);
    expect(boards.every(({ timezone }) => timezone === 'Asia/Shanghai')).toBe(true);
  });

  it('shows each panel of ours that fits the level, and none that asks for what is below a grid', () => {
    for (const level of AREA_LEVELS) {
      const board = boards.find(({ uid }) => uid === `sharp-eyes-area-${level}`)!;
      const fitting = panels.filter((spec) => isOf(spec, { type: 'area', level }));
      expect(board.panels.map(({ title }) => title).sort()).toEqual(fitting.map(({ title }) => title.en).sort());
    }
    const grid = boards.find(({ uid }) => uid === 'sharp-eyes-area-grid')!;
    expect(grid.panels.map(({ title }) => title)).not.toContain('Places below');
  });

  it('lays panels out beside and below each other, with one id each', () => {
    for (const { panels: laid } of boards) {
      expect(new Set(laid.map(({ id }) => id)).size).toBe(laid.length);
      for (const [at, { gridPos: a }] of laid.entries()) {
        expect(a.x + a.w).toBeLessThanOrEqual(24);
        for (const { gridPos: b } of laid.slice(at + 1)) {
          const isApart = a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;
          expect(isApart, JSON.stringify([a, b])).toBe(true);
        }
      }
    }
  });

  it('names no source, variable or hole that is not there', () => {
    const sources = parse(textOf('datasources/sharp-eyes.yaml')) as { datasources: { uid: string }[] };
    const uids = sources.datasources.map(({ uid }) => uid);
    for (const { panels: shown, templating } of boards) {
      const variables = ['__from', '__to', '__field', ...(templating.list ?? []).map(({ name }) => name)];
      const targets = shown.flatMap((panel) => panel.targets ?? []);
      expect(targets.filter(({ datasource }) => !uids.includes(datasource.uid))).toEqual([]);
      const text = JSON.stringify(shown);
      const used = [...text.matchAll(/\$\{(\w+)/g)].map(([, name]) => name);
      expect(used.filter((name) => !variables.includes(name!))).toEqual([]);
      expect(targets.map(({ rawSql = '' }) => rawSql).join()).not.toMatch(/\{\{/);
    }
  });

  it('keeps passwords out of its files', () => {
    expect(textOf('datasources/sharp-eyes.yaml')).toContain('password: $SHARP_EYES_CLICKHOUSE_PASSWORD');
    const { datasources } = parse(textOf('datasources/sharp-eyes.yaml')) as {
      datasources: { type: string; jsonData: object }[];
    };
    expect(datasources[0]).toMatchObject({
      type: 'grafana-clickhouse-datasource',
      jsonData: {
        host: 'store.test',
        port: 8123,
        protocol: 'http',
        username: 'analyst',
        defaultDatabase: 'sharp_eyes',
      },
    });
  });

  it('has alert rules that Grafana can read: two questions each, a limit, and nothing that looks like its environment', () => {
    const text = textOf('alerting/sharp-eyes.yaml');
    expect(text).not.toContain('$');
    const { groups } = parse(text) as { groups: { name: string; folder: string; rules: Record<string, unknown>[] }[] };
    expect(groups).toHaveLength(1);
    expect(groups[0]?.rules).toHaveLength(OPERATOR_ALERTS.length);
    for (const rule of groups[0]!.rules) {
      expect(rule).toMatchObject({ condition: 'B', for: expect.stringMatching(/^\d+[sm]$/) });
      expect(rule.data).toMatchObject([
        { refId: 'A', datasourceUid: 'sharp-eyes-prometheus', model: { expr: expect.any(String), instant: true } },
        { refId: 'B', datasourceUid: '__expr__', model: { type: 'threshold', expression: 'A' } },
      ]);
    }
  });

  it('speaks Chinese where it is asked to', () => {
    const chinese = grafanaFiles(panels, { ...CHOICES, language: 'zh' });
    const rest = chinese
      .filter(({ path }) => path.endsWith('.json'))
      .flatMap(({ text }) => (JSON.parse(text) as Board).panels)
      .filter(({ title }) => !/\p{Script=Han}/u.test(title));
    expect(rest).toEqual([]);
  });

  it('is the same each time', () => {
    expect(grafanaFiles(readPanels().panels, CHOICES)).toEqual(files);
  });
});

describe('writing it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sharp-eyes-grafana-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('leaves a folder alone that has something in it, unless it is forced', () => {
    writeGrafana(files, { out: folder, isForced: false });
    const path = join(folder, 'dashboards/sharp-eyes/role-operator.json');
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ uid: 'sharp-eyes-role-operator' });
    expect(() => writeGrafana(files, { out: folder, isForced: false })).toThrow(/is not empty/);
    writeGrafana(files, { out: folder, isForced: true });
  });
});
