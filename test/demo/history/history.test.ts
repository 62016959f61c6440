import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readHeatMap } from '#analytics/store/queries.ts';
import { readSimulated } from '#analytics/store/simulated.ts';
import { countStored, verifyRollups } from '#analytics/store/verify.ts';
import { type HistoryWritten, writeHistory } from '#demo/history/main.ts';
import { eventsBetween, type PastEvent } from '#demo/world/past/events.ts';
import { watchedSpans } from '#demo/world/past/outages.ts';
import { pastTruthOf } from '#demo/world/past/past-truth.ts';
import { viewOf } from '#demo/world/views.ts';
import { type CountingSite, messageOf, publish, untilAcknowledged } from '#test/analytics/counting-site.ts';
import { testLogger } from '#test/site/site.ts';
import { startPastSite } from './past-site.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const THREE = ['riverside', 'crossing', 'parking'];

let counting: CountingSite;
let event: PastEvent;
let written: HistoryWritten;

const write = (days: number, untilMs: number) =>
  writeHistory({
    config: counting.site.config,
    days,
    untilMs,
    logger: testLogger,
    signal: new AbortController().signal,
    onPart: () => {},
  });

async function ask<Row>(query: string): Promise<Row[]> {
  const result = await counting.reader.query({ query, format: 'JSONEachRow' });
  return result.json<Row>();
}

beforeAll(async () => {
  counting = await startPastSite({}, THREE);
  const nowMs = Date.now();
  const last = eventsBetween(nowMs - 14 * DAY_MS, nowMs - DAY_MS).findLast(({ id }) => id === 'river-run');
  if (last === undefined) throw new Error('there is a run every eleven days');
  event = last;
  written = await write(5 / 24, event.toMs + HOUR_MS);
}, 300_000);

afterAll(() => counting[Symbol.asyncDispose]());

describe('a simulated past', () => {
  it('is stored, rolled up and the same at every level', async () => {
    const [fromMs, toMs] = written.range;
    expect(toMs - fromMs).toBe(5 * HOUR_MS);
    expect(written.cameras.toSorted()).toEqual(THREE.toSorted());
    expect(written.sightings).toBeGreaterThan(15_000);
    const stored = await countStored(counting.reader, { fromMs, toMs });
    expect(stored).toMatchObject({ sightings: written.sightings, messages: written.looks });
    expect(await verifyRollups(counting.reader, { fromMs, toMs })).toEqual([]);
    const closed = await ask(`SELECT hour FROM sharp_eyes.hours FINAL WHERE is_closed`);
    expect(closed.length).toBe(5);
  });

  it('says what it is', async () => {
    const [row] = await ask<{ models: string[]; revisions: string }>(
      `SELECT groupUniqArray(model) AS models, toString(max(revision)) AS revisions FROM sharp_eyes.sightings`,
    );
    expect(row).toEqual({ models: ['simulated'], revisions: '0' });
    expect(await readSimulated(counting.reader)).toEqual([written.range]);
  });

  it('changes nothing when it is written again', async () => {
    const again = await write(5 / 24, written.range[1]);
    expect(again).toMatchObject({ parts: 0, sightings: 0 });
  });

  it('holds as much as really was there, within what looks every five seconds can tell', async () => {
    const [fromMs, toMs] = written.range;
    const rows = await ask<{ camera: string; kind: string; presenceS: number }>(
      `SELECT camera, kind, sum(presence_ms) / 1000 AS presenceS FROM sharp_eyes.sightings FINAL GROUP BY camera, kind`,
    );
    for (const id of THREE) {
      const truth = pastTruthOf(viewOf(id), fromMs, toMs);
      for (const kind of ['person', 'car'] as const) {
        if (truth.presenceS[kind] < 5000) continue;
        const found = rows.find((row) => row.camera === id && row.kind === kind)?.presenceS ?? 0;
        expect(Math.abs(found / truth.presenceS[kind] - 1), `${id} ${kind}`).toBeLessThan(0.05);
      }
    }
  });

  it('was watched as long as the cameras were on', async () => {
    const [fromMs, toMs] = written.range;
    const rows = await ask<{ camera: string; observedS: number }>(
      `SELECT camera, sum(observed_ms) / 1000 AS observedS FROM sharp_eyes.observed_minute GROUP BY camera`,
    );
    for (const id of THREE) {
      const spans = watchedSpans(id, fromMs, toMs);
      const onS = spans.reduce((sum, span) => sum + (span.toMs - span.fromMs) / 1000, 0);
      const observedS = rows.find(({ camera }) => camera === id)?.observedS ?? 0;
      expect(observedS, id).toBeLessThanOrEqual(onS);
      // A camera that comes on is counted from its first look.
      expect(observedS, id).toBeGreaterThan(onS - 5.2 * spans.length - 0.001);
    }
  });

  it('stands out where something unusual was', async () => {
    const during = await presenceAt('riverside', event.fromMs, event.toMs);
    const after = await presenceAt('riverside', event.toMs, event.toMs + HOUR_MS);
    expect(event.factors.person).toBe(5);
    expect(during / 3).toBeGreaterThan(2 * after);
  });

  it('ends where a real camera begins, and is read beside it', async () => {
    const beginMs = Date.now() - 90_000;
    const look = messageOf({ camera: 'crossing', sequence: 1, capturedAtMs: beginMs, revision: 7 });
    await publish(counting.broker, [look]);
    await untilAcknowledged(counting);
    const before = await write(1 / 24, Date.now());
    expect(before.range[1]).toBe(Math.floor(beginMs / MINUTE_MS) * MINUTE_MS);
    expect(before.sightings).toBeGreaterThan(300);
    const [{ late } = { late: -1 }] = await ask<{ late: number }>(
      `SELECT toFloat64(count()) AS late FROM sharp_eyes.looks FINAL WHERE revision = 0 AND watched_to > fromUnixTimestamp64Milli(${before.range[1]})`,
    );
    expect(late).toBe(0);
    const question = { kind: null, resolution: 12, measure: 'presence' } as const;
    const map = await readHeatMap(counting.reader, {
      ...question,
      fromMs: before.range[0],
      toMs: before.range[1],
    });
    expect(map.cells.filter(({ value, observedS }) => (value ?? 0) > 0 && observedS > 0).length).toBeGreaterThan(20);
  });
});

async function presenceAt(camera: string, fromMs: number, toMs: number): Promise<number> {
  const [row] = await ask<{ s: number }>(
    `SELECT sum(presence_us) / 1e6 AS s FROM sharp_eyes.kinds_hour WHERE camera = '${camera}' AND kind = 'person'
      AND hour >= toDateTime(${fromMs / 1000}) AND hour < toDateTime(${toMs / 1000})`,
  );
  return row?.s ?? 0;
}
