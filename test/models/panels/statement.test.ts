import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toGrafanaSql } from '#models/panels/grafana-sql.ts';
import { readPanel, readPanels } from '#models/panels/read.ts';
import { guarded, type PanelValues, toSql } from '#models/panels/sql.ts';
import { readsOf } from '#models/panels/statement.ts';
import { ROOT_DIR } from '#system/config.ts';

const HEAD = `id: own
title: { en: 'Own', zh: '自己' }
question: { en: 'What?', zh: '什么？' }
subjects: [area]
chart: table
columns: [{ name: a, part: value, title: { en: 'A', zh: '甲' } }]
`;
const panelOf = (sql: string) => readPanel(`${HEAD}sql: ${JSON.stringify(sql)}\n`);

const values: PanelValues = {
  ...{ fromMs: 1_760_000_400_000, toMs: 1_760_004_000_000, historyFromMs: 1_755_000_000_000, zone: 'Asia/Shanghai' },
  ...{
    compare: { fromMs: 1_759_395_600_000, toMs: 1_759_399_200_000 },
    kind: null,
    cameras: 2,
    holidays: [],
    samples: [],
    hasTotals: true,
  },
  ...{ subject: { type: 'area', id: 'dikou', level: 'street', below: 'grid' }, scope: [] },
};

describe('the SQL of a panel', () => {
  it('is refused where it could reach past the views and the subject, in words', () => {
    const refused: [sql: string, why: RegExp][] = [
      ['SELECT 1 AS a FROM sightings WHERE {{place}}', /reads "sightings"/],
      ['SELECT 1 AS a FROM flow_by_hour WHERE hour > {{from}}', /needs it/],
      ['SELECT 1 AS a FROM flow_by_hour JOIN areas USING (area_path) WHERE {{place}}', /reads 2 views .* 1 times/],
      ['SELECT 1 AS a FROM flow_by_hour, sightings WHERE {{place}}', /comma/],
      ['SELECT 1 AS a FROM flow_by_hour AS f, (SELECT 1) WHERE {{place}}', /comma/],
      ['SELECT 1 AS a FROM sharp_eyes.sightings WHERE {{place}}', /sharp_eyes/],
      ['SELECT 1 AS a FROM {{flow}}, sightings', /comma/],
      ['SELECT 1 AS a FROM {{place}}', /reads "{{place}}"/],
      ['SELECT 1 AS a FROM whole_totals_by_hour WHERE {{place}}', /reads "whole_totals_by_hour"/],
      ['SELECT 1 AS a FROM flow_by_hour.x WHERE {{place}}', /database/],
      ['SELECT 1 AS a FROM flow_by_hour WHERE {{place}} AND camera IN sightings', /IN sightings/],
      ['WITH s AS (SELECT * FROM flow_by_hour WHERE {{place}}) SELECT 1 AS a FROM s', /subquery where it is read/],
      ['SELECT 1 AS a FROM flow_by_hour WHERE {{place}} -- AND false', /comments/],
      ['SELECT 1 AS a FROM flow_by_hour WHERE {{place}} /* x */', /comments/],
      ['SELECT 1 AS a FROM `sightings` WHERE {{place}}', /quoted/],
      ['SELECT 1 AS a FROM "sightings" WHERE {{place}}', /quoted/],
      ["SELECT 'x\\' AS a FROM flow_by_hour WHERE {{place}}", /may not stand/],
      ['SELECT 1 AS a FROM flow_by_hour WHERE {{place}}; SELECT 1', /several statements/],
      ["SELECT 1 AS a FROM merge('sharp_eyes', '.*') WHERE {{place}}", /reads "merge"/],
      ["SELECT 1 AS a FROM url('http://x') WHERE {{place}}", /reads "url"/],
      ['SELECT 1 AS a FROM flow_by_hour WHERE {{place}} SETTINGS max_threads = 9', /SETTINGS/],
      ['SELECT 1 AS a FROM flow_by_hour WHERE {{place}} AND {{nothing}}', /not known/],
      ['SELECT 1 AS a FROM flow_by_hour WHERE {{place}} AND camera IN (sightings)', /IN sightings/],
      ['SELECT 1 AS a FROM flow_by_hour WHERE {{place}} AND camera NOT IN ((sightings))', /IN sightings/],
      ['SELECT 1 AS a FROM flow_by_hour WHERE {{place}} AND in(camera, sightings)', /write x IN/],
      ['SELECT 1 AS a FROM flow_by_hour WHERE {{place}} AND NOT in(camera, sightings)', /write x IN/],
      ['SELECT 1 AS a FROM flow_by_hour WHERE {{place}} AND globalNotIn(camera, sightings)', /globalNotIn/],
      ['SELECT 1 AS a FROM (sightings) WHERE {{place}}', /reads a SELECT/],
      ["SELECT \u2018'\u2019 AS a FROM sightings WHERE {{place}} AND kind = '' FROM flow_by_hour", /other signs/],
      ['SELECT 1 AS a FROM flow_by_hour WHERE {{place}} AND {x:Identifier} = 1', /may not stand/],
      ['DROP TABLE sightings', /begins with SELECT/],
      ['SELECT 1 AS aaaaaaaa', /reads none/],
    ];
    for (const [sql, why] of refused) expect(() => panelOf(sql), sql).toThrow(why);
  });

  it('may join, nest and array-join the views, each with its place', () => {
    const sql = `SELECT a, b FROM (SELECT hour AS a FROM flow_by_hour WHERE {{place}}) AS x
      LEFT JOIN (SELECT hour AS b FROM watched_by_hour WHERE {{place}}) AS y ON x.a = y.b ARRAY JOIN [1, 2] AS n`;
    expect(panelOf(sql).id).toBe('own');
    expect(readsOf(sql).map(({ view }) => view)).toEqual(['flow_by_hour', 'watched_by_hour']);
    expect(
      readsOf('SELECT kind FROM visits(from = {{from}}, to = {{to}}) WHERE {{place}}').map(({ view }) => view),
    ).toEqual(['visits']);
  });

  it('reads the subject’s own rows by a hole, of an area its totals and of a camera what it saw within the scope', () => {
    const { sql } = panelOf('SELECT sum(observed_ms) AS a FROM {{presence}} JOIN {{flow}} AS f ON true');
    const ofArea = toSql(sql, values, { isGuarded: true });
    expect(ofArea).toContain("FROM totals_by_hour WHERE area = 'dikou'");
    const lacking = toSql(sql, { ...values, hasTotals: false }, { isGuarded: true });
    expect(lacking).toBe(ofArea.replaceAll('totals_by_hour', 'whole_totals_by_hour'));
    expect(ofArea).not.toContain('flow_by_hour');
    const camera = {
      ...values,
      subject: { type: 'camera', id: 'c1', level: null, below: null },
      scope: ['lixia'],
    } as const;
    const limits = toSql(sql, camera).match(/camera = 'c1' AND hasAny\(splitByChar\('\.', area_path\), \['lixia'\]\)/g);
    expect(limits).toHaveLength(3);
  });

  it('of a person’s own panel sees views that are limited already', () => {
    const sql = guarded(
      'SELECT 1 AS a FROM flow_by_hour AS f JOIN cameras ON true WHERE {{place}} OR {{place}} OR true',
    );
    expect(sql).toContain('FROM (SELECT * FROM (SELECT * FROM flow_by_hour) WHERE {{place}}) AS f');
    expect(sql).toContain('JOIN (SELECT * FROM (SELECT *, id AS camera FROM cameras) WHERE {{place}}) AS cameras ON');
  });

  it('has no hole left, with our values as with Grafana’s', () => {
    for (const { id, sql, subjects } of readPanels().panels) {
      expect(toSql(sql, values), id).not.toContain('{{');
      for (const type of subjects)
        expect(toGrafanaSql(sql, { type, level: 'street', below: 'grid', stepS: 3600 }), id).not.toContain('{{');
    }
  });

  it('keeps ids as texts, whatever they hold', () => {
    const sql = toSql('SELECT {{subject}}', { ...values, subject: { ...values.subject, id: "x' OR 1=1 --" } });
    expect(sql).toBe("SELECT 'x\\' OR 1=1 --'");
  });

  it('stands in docs/dashboards.md as an example that is right', () => {
    const text = readFileSync(resolve(ROOT_DIR, 'docs/dashboards.md'), 'utf8');
    const [, yaml] = /```yaml\n([\s\S]*?)```/.exec(text) ?? [];
    expect(readPanel(yaml!)).toMatchObject({ id: 'people-per-hour', when: { minRows: 3, needs: [] } });
    for (const { id } of readPanels().panels) expect(text, id).toContain(`\`${id}\``);
  });
});
