import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeHistory } from '#demo/history/main.ts';
import { eventsBetween } from '#demo/world/past/events.ts';
import { outagesOf } from '#demo/world/past/outages.ts';
import { pastFramesOf, thingOf } from '#demo/world/past/things.ts';
import { crossingOf, linesOf } from '#demo/world/truth/lines.ts';
import { viewOf } from '#demo/world/views.ts';
import { ROOT_DIR } from '#system/config.ts';
import { openStoreClient } from '#system/store-client.ts';
import type { CountingSite } from '#test/analytics/counting-site.ts';
import { startPastSite } from '#test/demo/history/past-site.ts';
import { testLogger, until } from '#test/site/site.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** An hour of the week that three weeks hold. */
const DAYS = 22;

type Row = Record<string, string | number>;

/** `### 4. Which hours …?` and the block of SQL below it. */
function readQuestions(): Map<number, { title: string; sql: string }> {
  const text = readFileSync(resolve(ROOT_DIR, 'docs/sql.md'), 'utf8');
  const found = text.matchAll(/^### (\d+)\. (.+)$[\s\S]*?^```sql\n([\s\S]*?)^```$/gm);
  return new Map([...found].map(([, number, title, sql]) => [Number(number), { title: title!, sql: sql! }]));
}

describe('the questions of docs/sql.md', () => {
  const questions = readQuestions();
  const answers = new Map<number, Row[]>();
  let counting: CountingSite;
  let analyst: ClickHouseClient;
  let untilMs: number;

  async function ask(query: string): Promise<Row[]> {
    const result = await analyst.query({
      query,
      format: 'JSONEachRow',
      clickhouse_settings: { database: 'sharp_eyes', output_format_json_quote_64bit_integers: 0 },
    });
    return result.json<Row>();
  }

  beforeAll(async () => {
    counting = await startPastSite({}, ['yard']);
    analyst = openStoreClient(counting.site.config, 'analyst');
    untilMs = Date.now();
    const wish = { config: counting.site.config, days: DAYS, untilMs, logger: testLogger };
    await writeHistory({ ...wish, signal: new AbortController().signal, onPart: () => {} });
    await until('areas have names', async () => (await ask('SELECT id FROM areas')).length > 40);
    for (const [number, { sql }] of questions) answers.set(number, await ask(sql));
  }, 480_000);
  afterAll(async () => {
    await analyst?.close();
    await counting?.[Symbol.asyncDispose]();
  });

  const answerTo = (number: number): Row[] => answers.get(number) ?? [];

  it('are a dozen, and each has an answer', () => {
    expect([...questions.keys()]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    for (const [number, { title }] of questions) expect(answerTo(number).length, title).toBeGreaterThan(0);
  });

  it('find the hours of the unusual events among the first', () => {
    const events = eventsBetween(untilMs - DAYS * DAY_MS, untilMs).filter(({ view }) => view === 'yard');
    const hours = answerTo(4).map(({ hour }) => Date.parse(`${String(hour).replace(' ', 'T')}Z`));
    expect(events.length).toBeGreaterThan(0);
    for (const { fromMs, toMs } of events.filter((event) => event.toMs < untilMs)) {
      expect(hours.some((hour) => hour >= fromMs && hour < toMs)).toBe(true);
    }
    expect(events.some(({ fromMs, toMs }) => hours[0]! >= fromMs && hours[0]! < toMs)).toBe(true);
  });

  it('tell when the camera was off, to a few seconds', () => {
    const off = outagesOf('yard', untilMs - 14 * DAY_MS, untilMs - HOUR_MS);
    const gaps = answerTo(11).map(({ gap_from, gap_to }) =>
      [gap_from, gap_to].map((text) => Date.parse(`${String(text).replace(' ', 'T')}Z`)),
    );
    expect(gaps.length).toBe(off.length);
    for (const [index, { fromMs, toMs }] of off.entries()) {
      expect(Math.abs(gaps[index]![0]! - fromMs)).toBeLessThan(1000);
      expect(gaps[index]![1]! - toMs).toBeLessThan(6000);
    }
    const whole = answerTo(5).filter(
      ({ day }) => !off.some((one) => new Date(one.fromMs).toISOString().startsWith(String(day))),
    );
    expect(whole.filter(({ share }) => Number(share) > 0.999).length).toBeGreaterThan(10);
  });

  it('count about as many crossings as there really were', async () => {
    const view = viewOf('yard');
    const [line] = linesOf(view);
    const toMs = Math.floor((untilMs - 10 * DAY_MS) / DAY_MS) * DAY_MS + 3 * HOUR_MS;
    const fromMs = toMs - 2 * HOUR_MS;
    const off = outagesOf('yard', fromMs, toMs).length;
    const time = (ms: number) => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
    const [a, b] = [line!.from, line!.to];
    const [row] = await ask(`SELECT count() AS n FROM crossings(from = '${time(fromMs)}', to = '${time(toMs)}',
      a_lon = ${a[0]}, a_lat = ${a[1]}, b_lon = ${b[0]}, b_lat = ${b[1]}) WHERE kind = 'person'`);
    const truth = truthOfCrossings({ fromMs, toMs });
    expect(off).toBeLessThan(2);
    expect(truth).toBeGreaterThan(20);
    // Looks are five seconds apart, and a foot point is not the middle of a body.
    if (off === 0) expect(Math.abs(Number(row!.n) / truth - 1)).toBeLessThan(0.25);
  });

  function truthOfCrossings({ fromMs, toMs }: { fromMs: number; toMs: number }): number {
    const [line] = linesOf(viewOf('yard'));
    const frames = pastFramesOf(viewOf('yard'));
    const before = new Map<string, { lon: number; lat: number }>();
    let crossings = 0;
    for (let atMs = fromMs; atMs < toMs; atMs += 200) {
      const moment = frames.at(atMs);
      for (const part of moment.parts) {
        for (const past of part.agents) {
          const thing = past.agent.kind === 'person' ? thingOf(past, part, moment) : undefined;
          if (thing === undefined) continue;
          const name = thing.identity.join(' ');
          const last = before.get(name);
          if (last !== undefined && crossingOf(line!, last, past.agent) !== undefined) crossings++;
          before.set(name, past.agent);
        }
      }
    }
    return crossings;
  }

  it('know areas and cameras by name', async () => {
    expect(answerTo(10)[0]).toMatchObject({ households: expect.any(Number) });
    expect(await ask('SELECT id, calibration_version FROM cameras')).toEqual([{ id: 'yard', calibration_version: 1 }]);
  });

  it('ask views that all say what they are', async () => {
    const [row] = await ask(
      `SELECT groupUniqArray(name) AS names FROM system.tables WHERE database = 'sharp_eyes' AND engine = 'View' AND comment = ''`,
    );
    expect(row).toEqual({ names: [] });
  });
});
