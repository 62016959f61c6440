/** Time in which a camera saw nothing is nobody's time: from what the worker composes to the rates of the heat map. */
import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPlacer } from '#analytics/place/placer.ts';
import { readHeatMap, readSummary } from '#analytics/store/queries.ts';
import { migrate } from '#analytics/store/schema.ts';
import { floorTo, HOUR_MS, MINUTE_MS } from '#analytics/store/time-ranges.ts';
import { verifyRollups } from '#analytics/store/verify.ts';
import { createWriter } from '#analytics/store/writer.ts';
import { addressing } from '#ingest/pipeline/address.ts';
import { compose, type Watch } from '#ingest/pipeline/compose.ts';
import { openStoreClient } from '#system/store-client.ts';
import { type Site, startSite, testLogger } from '#test/site/site.ts';
import { calibrationOf, childOf, sightingAt } from './counting-site.ts';

const SECONDS = 3600;
const AWAY = { fromS: 900, toS: 2700 };
/** Two people stand there in the first half of the watched time, one in the second, so that a rate can be wrong. */
const peopleAt = (second: number) => (second < AWAY.fromS ? 2 : 1);

type Trouble = 'none' | 'covered' | 'off';

/** A look a second for an hour; in its middle half the camera is covered, or switched off. */
function* watchesOf(trouble: Trouble, startMs: number): Generator<Watch> {
  for (let second = 0; second <= SECONDS; second++) {
    const [capturedAtMs, receivedAtMs] = [startMs + second * 1000, startMs + second * 1000 + 50];
    const isAway = trouble !== 'none' && second >= AWAY.fromS && second < AWAY.toS;
    if (!isAway) {
      const detections = Array.from({ length: peopleAt(second) }, (_, index) => {
        return sightingAt(0.5, 0.6, { track: `track0000000${index}` });
      });
      yield { type: 'look', look: { capturedAtMs, receivedAtMs, isHeld: false, detections } };
    } else if (trouble === 'covered') yield { type: 'blind', capturedAtMs, receivedAtMs, reason: 'picture-covered' };
    else if (second === AWAY.fromS) yield { type: 'lost', capturedAtMs };
  }
}

async function* fromGenerator(watches: Generator<Watch>): AsyncGenerator<Watch> {
  yield* watches;
}

const CAMERAS = { none: 'well', covered: 'covered', off: 'off' } as const satisfies Record<Trouble, string>;

describe('half an hour in which a camera sees nothing', () => {
  let site: Site;
  let client: ClickHouseClient;
  const fromMs = floorTo(Date.now(), HOUR_MS) - 3 * HOUR_MS;
  const range = { fromMs, toMs: fromMs + HOUR_MS + MINUTE_MS };

  beforeAll(async () => {
    site = await startSite();
    await site.children.start(childOf(site, 'store', 'analytics/store/main.ts'));
    client = openStoreClient(site.config, 'writer');
    await migrate(client, { config: site.config, logger: testLogger, exclusively: (work) => work() });
    const writer = createWriter(client, site.config);
    const placer = createPlacer();
    for (const [index, [trouble, camera]] of Object.entries(CAMERAS).entries()) {
      placer.setCalibration(camera, calibrationOf(camera, 1, index * 400));
      let sequence = 0;
      const { address } = addressing({
        ...{ camera, areaPath: () => ['city', 'district', 'street', 'village', camera], term: () => 1 },
        ...{ model: () => 'test', nextSequence: () => sequence++ },
      });
      const watches = fromGenerator(watchesOf(trouble as Trouble, fromMs));
      const messages = address(compose(watches, { presenceCapMs: 20_000, emptyRunMs: 10_000 }));
      const placed = (await Array.fromAsync(messages)).map((message) => placer.place(message));
      const coverage = placer.takeCoverage();
      const batch = { messages: placed, repeated: new Set<never>(), quarantined: [], revisions: [], coverage };
      await writer.write(batch);
      await writer.write({ ...batch, repeated: new Set(placed) });
    }
  });
  afterAll(async () => {
    await client?.close();
    await site?.[Symbol.asyncDispose]();
  });

  it('is no watched time, whatever the reason, and changes a rate by no more than what was not seen', async () => {
    const summaries = await Promise.all(
      Object.values(CAMERAS).map((camera) => readSummary(client, { ...range, area: camera })),
    );
    const [well, covered, off] = summaries.map(({ observedS, kinds }) => ({
      observedS,
      rate: kinds[0]!.presenceS / observedS,
    }));
    expect(well).toEqual({ observedS: 3600, rate: (2 * 900 + 2700) / 3600 });
    for (const half of [covered!, off!]) {
      expect(Math.abs(half.observedS - 1800)).toBeLessThanOrEqual(1);
      expect(half.rate).toBeCloseTo((2 * 900 + 900) / 1800, 2);
    }
  });

  it('is so in each cell of the heat map too', async () => {
    const { cells } = await readHeatMap(client, { ...range, kind: 'person', resolution: 13, measure: 'presence' });
    // Vague places are shared out over cells, each of which was watched as long as its camera.
    const rate = cells.reduce(
      (sum, { value, observedS }) => sum + ((value ?? 0) > 0 ? (value ?? 0) / observedS : 0),
      0,
    );
    expect(rate).toBeCloseTo(1.25 + 1.5 + 1.5, 2);
    expect(await verifyRollups(client, range)).toEqual([]);
  });

  it('says why, where pictures came', async () => {
    const result = await client.query({
      query: `SELECT camera, unwatched_reason AS reason, toFloat64(sum(dateDiff('millisecond', watched_from, watched_to))) / 1000 AS seconds,
        toFloat64(sum(observed_ms)) AS observed FROM sharp_eyes.looks FINAL WHERE unwatched_reason != '' GROUP BY ALL`,
      format: 'JSONEachRow',
    });
    const rows = await result.json<{ camera: string; reason: string; seconds: number; observed: number }>();
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ camera: 'covered', reason: 'picture-covered', observed: 0 });
    expect(rows[0]!.seconds).toBeGreaterThan(1795);
  });
});
