import { areNeighborCells } from 'h3-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readHeatMap, readSummary } from '#analytics/store/queries.ts';
import { countStored, verifyRollups } from '#analytics/store/verify.ts';
import type { HeatCell } from '#models/schema/heat-map.ts';
import { ANALYTICS_CONSUMER, DETECTIONS_STREAM } from '#models/wire/streams.ts';
import { CONTROL } from '#models/wire/subjects.ts';
import { askAll, type ProcessHealth } from '#system/control.ts';
import { joinMetrics } from '#system/metrics.ts';
import { until } from '#test/site/site.ts';
import {
  areaOf,
  type CountingSite,
  calibrationOf,
  messageOf,
  publish,
  SQUARE,
  sightingAt,
  startCountingSite,
  untilAcknowledged,
} from './counting-site.ts';

const HOUR_MS = 3_600_000;
const sumOf = (cells: readonly HeatCell[]) => cells.reduce((sum, { value }) => sum + (value ?? 0), 0);

describe('from message to heat map, through real processes', () => {
  let counting: CountingSite;
  /** Where people were placed by the first calibration. */
  let former: string[] = [];
  const nowMs = Date.now();
  const range = { fromMs: nowMs - HOUR_MS, toMs: nowMs + 60_000 };
  beforeAll(async () => {
    counting = await startCountingSite();
    const { registry } = counting;
    await registry.areas.put('jinan', areaOf('jinan', 'city', null, 5000));
    await registry.areas.put('g1', areaOf('g1', 'grid', 'jinan', 100));
    await registry.calibrations.put('gate-3', calibrationOf('gate-3'));
    await until('the coverage is written', async () => {
      const result = await counting.reader.query({
        query: 'SELECT count() AS n FROM sharp_eyes.coverage',
        format: 'JSON',
      });
      return Number((await result.json<{ n: string }>()).data[0]!.n) > 20;
    });
  });
  afterAll(() => counting[Symbol.asyncDispose]());

  it('counts presence and distinct tracks where the feet were, and watched cells with nothing in them', async () => {
    const { broker, reader } = counting;
    const looks = Array.from({ length: 50 }, (_, index) =>
      messageOf({
        camera: 'gate-3',
        sequence: index + 1,
        capturedAtMs: nowMs - 30 * 60_000 + index * 200,
        sightings: [
          sightingAt(0.5, 0.6, { track: 'walker000001' }),
          sightingAt(0.2, 0.9, { track: index < 25 ? 'parked000001' : 'parked000002', kind: 'car' }),
        ],
      }),
    );
    await publish(broker, looks);
    await untilAcknowledged(counting);
    expect(await countStored(reader, range)).toMatchObject({ messages: 50, quarantined: 0 });
    const people = await readHeatMap(reader, { ...range, kind: 'person', resolution: 13, measure: 'presence' });
    const busy = people.cells.filter(({ value }) => (value ?? 0) > 0);
    // The foot stands near a border: its ten seconds are shared out, and none is lost.
    expect(busy.length).toBe(2);
    former = busy.map(({ cell }) => cell);
    for (const cell of busy)
      expect(cell).toMatchObject({ cell: expect.stringMatching(/^8d[0-9a-f]{13}$/), observedS: 10 });
    expect(busy.every(({ errorM }) => errorM !== null && errorM !== undefined && errorM > 0 && errorM < 1)).toBe(true);
    expect(sumOf(busy)).toBeCloseTo(10, 6);
    expect(areNeighborCells(busy[0]!.cell, busy[1]!.cell)).toBe(true);
    const quiet = people.cells.filter(({ value }) => value === 0);
    expect(quiet.length).toBeGreaterThan(10);
    expect(quiet.every(({ observedS }) => observedS === 10)).toBe(true);
    const cars = await readHeatMap(reader, { ...range, kind: 'car', resolution: 11, measure: 'tracks' });
    expect(cars.cells.filter(({ value }) => (value ?? 0) > 0).map(({ value }) => value)).toEqual([2]);
    expect(await verifyRollups(reader, range)).toEqual([]);
  });

  it('answers a repeated message with the same figures', async () => {
    const { broker, reader } = counting;
    const before = await readHeatMap(reader, { ...range, kind: null, resolution: 13, measure: 'presence' });
    const again = messageOf({
      camera: 'gate-3',
      sequence: 1,
      capturedAtMs: nowMs - 30 * 60_000,
      sightings: [
        sightingAt(0.5, 0.6, { track: 'walker000001' }),
        sightingAt(0.2, 0.9, { track: 'parked000001', kind: 'car' }),
      ],
    });
    const mark = messageOf({ camera: 'gate-4', sequence: 1, capturedAtMs: nowMs - 20 * 60_000 });
    await publish(broker, [again, again, again, mark]);
    await untilAcknowledged(counting);
    expect(await countStored(reader, range)).toMatchObject({ messages: 51, quarantined: 0 });
    const after = await readHeatMap(reader, { ...range, kind: null, resolution: 13, measure: 'presence' });
    expect(after.cells.sort((a, b) => (a.cell < b.cell ? -1 : 1))).toEqual(
      before.cells.sort((a, b) => (a.cell < b.cell ? -1 : 1)),
    );
    expect(await verifyRollups(reader, range)).toEqual([]);
  });

  it('moves what a new calibration places elsewhere, and leaves nothing where it was', async () => {
    const { broker, registry, reader } = counting;
    await registry.calibrations.put('gate-3', calibrationOf('gate-3', 2, 60));
    await until('the new coverage is written', async () => {
      const result = await reader.query({
        query: 'SELECT count() AS n FROM sharp_eyes.coverage WHERE calibration_version = 2',
        format: 'JSON',
      });
      return Number((await result.json<{ n: string }>()).data[0]!.n) > 20;
    });
    const first = messageOf({
      camera: 'gate-3',
      sequence: 1,
      capturedAtMs: nowMs - 30 * 60_000,
      sightings: [
        sightingAt(0.5, 0.6, { track: 'walker000001' }),
        sightingAt(0.2, 0.9, { track: 'parked000001', kind: 'car' }),
      ],
    });
    await publish(broker, [first, messageOf({ camera: 'gate-4', sequence: 2, capturedAtMs: nowMs - 20 * 60_000 })]);
    await untilAcknowledged(counting);
    expect(await countStored(reader, range)).toMatchObject({ messages: 52, quarantined: 0 });
    expect(await verifyRollups(reader, range)).toEqual([]);
    const heat = await readHeatMap(reader, { ...range, kind: 'person', resolution: 13, measure: 'presence' });
    const before = heat.cells.filter(({ cell }) => former.includes(cell));
    expect(sumOf(before)).toBeCloseTo(9.8, 6);
    expect(sumOf(heat.cells) - sumOf(before)).toBeCloseTo(0.2, 6);
  });

  it('keeps to the box, the scope and the area that are asked for', async () => {
    const { reader } = counting;
    const ask = { ...range, kind: null, resolution: 13, measure: 'presence' } as const;
    const all = (await readHeatMap(reader, ask)).cells;
    const [west, south] = SQUARE.toDegrees(-30, 0);
    const [east, north] = SQUARE.toDegrees(0, 60);
    const half = (await readHeatMap(reader, { ...ask, bbox: [west, south, east, north] })).cells;
    expect(half.length).toBeGreaterThan(5);
    expect(half.length).toBeLessThan(all.length);
    expect((await readHeatMap(reader, { ...ask, scope: ['jinan'] })).cells).toHaveLength(all.length);
    expect((await readHeatMap(reader, { ...ask, scope: ['elsewhere'] })).cells).toHaveLength(0);
    const summary = await readSummary(reader, { ...range, area: 'g1' });
    expect(summary.kinds).toEqual([
      { kind: 'car', presenceS: 10, tracks: 2 },
      { kind: 'person', presenceS: 10, tracks: 1 },
    ]);
    expect(summary.series.map(({ presenceS }) => presenceS).reduce((a, b) => a + b)).toBeCloseTo(20, 6);
    expect((await readSummary(reader, range)).observedS).toBeCloseTo(10.4, 6);
    expect((await readSummary(reader, { ...range, area: 'elsewhere' })).kinds).toEqual([]);
  });

  it('puts aside what it cannot read and what comes of a lost lease, and goes on', async () => {
    const { broker, reader } = counting;
    const before = await countStored(reader, range);
    await broker.stream.publish('sharpeyes.detections._._._._._.gate-9', new TextEncoder().encode('{"half'));
    await publish(broker, [
      messageOf({ camera: 'gate-9', revision: 8, sequence: 1, capturedAtMs: nowMs - 10 * 60_000 }),
      messageOf({ camera: 'gate-9', revision: 7, sequence: 5, capturedAtMs: nowMs - 9 * 60_000 }),
      messageOf({ camera: 'gate-9', revision: 7, sequence: 4, capturedAtMs: nowMs - 11 * 60_000 }),
    ]);
    await untilAcknowledged(counting);
    const after = await countStored(reader, range);
    expect({ messages: after.messages - before.messages, quarantined: after.quarantined }).toEqual({
      messages: 2,
      quarantined: 2,
    });
    const result = await reader.query({
      query: 'SELECT reason, camera FROM sharp_eyes.quarantine FINAL ORDER BY reason',
      format: 'JSONEachRow',
    });
    expect(await result.json()).toEqual([
      { reason: 'stale', camera: 'gate-9' },
      { reason: 'undecodable', camera: '' },
    ]);
  });

  it('makes its consumer anew when it is gone, and all that then comes again changes nothing', async () => {
    const { broker, reader } = counting;
    const before = await countStored(reader, range);
    await broker.manager.consumers.delete(DETECTIONS_STREAM.name, ANALYTICS_CONSUMER);
    await publish(broker, [messageOf({ camera: 'gate-4', sequence: 3, capturedAtMs: nowMs - 20 * 60_000 })]);
    await untilAcknowledged(counting, 30_000);
    const after = await countStored(reader, range);
    expect(after).toEqual({ ...before, messages: before.messages + 1, observedMs: before.observedMs + 200 });
    expect(await verifyRollups(reader, range)).toEqual([]);
  });

  it('tells of itself: well, its last batch, and what it counted', async () => {
    const { broker } = counting;
    const answers = (await askAll(broker.connection, CONTROL.health)) as ProcessHealth[];
    const own = answers.find(({ role }) => role === 'analytics');
    expect(own).toMatchObject({ isWell: true, details: { isStoreReachable: true, pending: 0, lastError: null } });
    expect(own?.details.lastBatchAtMs).toBeGreaterThan(nowMs);
    const metrics = await joinMetrics((await askAll(broker.connection, CONTROL.metrics)) as object[]);
    expect(metrics).toMatch(/sharp_eyes_analytics_messages_quarantined_total\{[^}]*reason="stale"[^}]*\} [1-9]/);
    expect(metrics).toMatch(/sharp_eyes_messages_lost_total\{[^}]*\} 0/);
  });
});
