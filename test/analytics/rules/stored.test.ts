import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPlacer } from '#analytics/place/placer.ts';
import { createEngine } from '#analytics/rules/engine.ts';
import type { Firing } from '#analytics/rules/firing.ts';
import { type Look, lookOf } from '#analytics/rules/look.ts';
import { readNormals } from '#analytics/rules/normals.ts';
import { mergeSpan } from '#analytics/rules/try/merge-span.ts';
import { readLooks, readSpans } from '#analytics/rules/try/read-looks.ts';
import { engineOf } from '#analytics/rules/try/run.ts';
import type { Fired } from '#analytics/rules/try/share.ts';
import { mayShare, openShares } from '#analytics/rules/try/shares.ts';
import { readWanted } from '#analytics/rules/try/wanted.ts';
import { createWatched } from '#analytics/rules/try/watched.ts';
import type { TryWorld } from '#analytics/rules/try/world.ts';
import { writeSettings } from '#analytics/store/dialect.ts';
import type { PlacedMessage } from '#analytics/store/rows.ts';
import { migrate } from '#analytics/store/schema.ts';
import { insertBase } from '#analytics/store/writer.ts';

import { calibrationOf as pointsOf } from '#demo/world/calibration.ts';
import type { View } from '#demo/world/view.ts';
import { viewOf } from '#demo/world/views.ts';
import { solveCalibration } from '#models/registry/homography.ts';
import { openAlertRegistry, openRegistry } from '#models/registry/registry.ts';
import type { Alert, StreamEvent } from '#models/schema/alert.ts';
import { KINDS, type Kind } from '#models/schema/kind.ts';
import { CONDITION_TYPES, type Condition, type ConditionType } from '#models/schema/rule-condition.ts';
import { localClock } from '#models/schema/time-zone.ts';
import { ALERTS_STREAM, DETECTIONS_STREAM, HEALTH_STREAM } from '#models/wire/streams.ts';
import { type Broker, ensureStream, openBroker } from '#system/broker.ts';
import { DATABASE, openStoreClient } from '#system/store-client.ts';
import { type Site, startSite, testLogger, until } from '#test/site/site.ts';
import { childOf, messageOf, publish, sightingAt } from '../counting-site.ts';
import { pastLooks } from './past-looks.ts';
import { ruleOf } from './scene.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WEEKS = 4;
const ZONE = 'Asia/Shanghai';
const nowMs = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
const local = localClock(ZONE);
const hourOfWeek = (atMs: number) => (local(atMs).weekday - 1) * 24 + Math.floor(local(atMs).minute / 60);
/** Not the weekday of now, and not the one before or after it. */
const HOLIDAY_MS = nowMs - 16 * DAY_MS;
/** In one week this hour was hardly watched, and what was seen then was wild. */
const UNWATCHED_MS = nowMs - 12 * DAY_MS;
const VIEWS_TRIED = [viewOf('crossing'), viewOf('square')];
const calibrationOfView = (view: View) =>
  solveCalibration({ camera: view.id, version: 1, points: pointsOf(view), createdAtMs: 1 });
const NO_HOLIDAYS: ReadonlySet<string> = new Set();

let site: Site;
let broker: Broker;
let writer: ClickHouseClient;
beforeAll(async () => {
  site = await startSite({ timeZone: ZONE });
  await site.children.start(childOf(site, 'store', 'analytics/store/main.ts'));
  broker = await openBroker(site.config, 'site', { logger: testLogger, name: 'test' });
  writer = openStoreClient(site.config, 'writer');
  await migrate(writer, { config: site.config, logger: testLogger, exclusively: (work) => work() });
  await writePast();
});
afterAll(async () => {
  await writer?.close();
  await broker?.[Symbol.asyncDispose]();
  await site?.[Symbol.asyncDispose]();
});

/**
 * Hours as they are rolled up. `gate` was watched for half of each hour: 4, 3, 3 and 2 persons at once from week to week,
 * 50 on the holiday; cars at 8 in the morning only. `yard` is known for two weeks. What was rolled up first and wrongly
 * stands there as well, with a lower version.
 */
async function writePast(): Promise<void> {
  const hours = `SELECT toDateTime(${nowMs / 1000} - 3600 * (number + 1), 'UTC') AS hour, intDiv(number, 168) AS week,
      toHour(hour, '${ZONE}') AS clock, hour = toDateTime(${UNWATCHED_MS / 1000}, 'UTC') AS is_unwatched,
      toDate(hour, '${ZONE}') = '${local(HOLIDAY_MS).day}' AS is_holiday
    FROM numbers(${WEEKS * 168})`;
  const observed = (camera: string, where: string) => `
    INSERT INTO ${DATABASE}.observed_hour (hour, camera, calibration_version, area_path, observed_ms, version)
    SELECT hour, '${camera}', 0, '_._._._._', if(is_unwatched, 600000, ${HOUR_MS / 2}), 2 FROM (${hours}) WHERE ${where}`;
  const kinds = (camera: string, kind: string, atOnce: string, { where = '1', version = 2 } = {}) => `
    INSERT INTO ${DATABASE}.kinds_hour (hour, camera, kind, area_path, presence_us, version)
    SELECT hour, '${camera}', '${kind}', '_._._._._', toUInt64((${atOnce}) * ${(HOUR_MS / 2) * 1000}), ${version}
    FROM (${hours}) WHERE ${where}`;
  const persons = 'if(is_holiday OR is_unwatched, 50, arrayElement([4, 3, 3, 2], week + 1))';
  for (const query of [
    observed('gate', '1'),
    observed('yard', 'week < 2'),
    kinds('gate', 'person', '99', { version: 1 }),
    kinds('gate', 'person', persons),
    kinds('gate', 'car', '2', { where: 'clock = 8' }),
    kinds('yard', 'person', '1', { where: 'week < 2' }),
  ])
    await writer.command({ query });
}

describe('what is normal', () => {
  it('is the median of the same hours of four weeks, and how far they are from it', async () => {
    const normals = await readNormals(writer, { zone: ZONE, asOfMs: nowMs + 1, holidays: NO_HOLIDAYS });
    const { median, spread, weeks } = normals.of('gate', 'person', hourOfWeek(nowMs - HOUR_MS))!;
    expect({ median, weeks }).toEqual({ median: 3, weeks: 4 });
    expect(spread).toBeCloseTo(1.4826 / 2, 4);
    const hours = Array.from({ length: 168 }, (_, hour) => normals.of('gate', 'person', hour));
    expect(hours.every((one) => one !== undefined)).toBe(true);
  });

  it('is nothing where nothing was, as long as the camera watched', async () => {
    const normals = await readNormals(writer, { zone: ZONE, asOfMs: nowMs, holidays: NO_HOLIDAYS });
    expect(normals.of('gate', 'car', 24 + 8)).toMatchObject({ median: 2, spread: 0 });
    expect(normals.of('gate', 'car', 24 + 9)).toMatchObject({ median: 0, spread: 0 });
    expect(normals.of('gate', 'bus', 24 + 8)).toBeUndefined();
  });

  it('leaves out holidays, and hours of which less than half was watched', async () => {
    const of = async (holidays: readonly string[], atMs: number) => {
      const wanted = { zone: ZONE, asOfMs: nowMs, holidays: new Set(holidays) };
      return (await readNormals(writer, wanted)).of('gate', 'person', hourOfWeek(atMs));
    };
    expect(await of([], HOLIDAY_MS)).toMatchObject({ weeks: 4, median: 3.5 });
    expect(await of([local(HOLIDAY_MS).day], HOLIDAY_MS)).toMatchObject({ weeks: 3, median: 3 });
    expect(await of([], UNWATCHED_MS)).toMatchObject({ weeks: 3, median: 3 });
  });

  it('is not known of a camera of two weeks', async () => {
    const normals = await readNormals(writer, { zone: ZONE, asOfMs: nowMs, holidays: NO_HOLIDAYS });
    expect(normals.of('yard', 'person', hourOfWeek(nowMs - HOUR_MS))).toBeUndefined();
  });
});

it('a camera that shows far more than at this hour of the week is told of by the rules process', async () => {
  for (const stream of [DETECTIONS_STREAM, HEALTH_STREAM, ALERTS_STREAM]) await ensureStream(broker, stream);
  const registry = await openRegistry(broker.connection);
  await registry.cameras.put('gate', {
    ...{ id: 'gate', name: 'gate', source: { kind: 'file', path: '/none', isLooped: true }, area: null },
    ...{ isEnabled: true, sampleFps: 5, isGated: false, fullLookIntervalS: 10, createdAtMs: 1, updatedAtMs: 1 },
  });
  const alerts = await openAlertRegistry(broker.connection);
  const when = { type: 'unlike-normal', side: 'above', sigmas: 3, windowS: 60 } as const;
  await alerts.rules.put('crowd', ruleOf(when, { id: 'crowd', kinds: ['person'] }));
  await site.children.start(childOf(site, 'rules', 'analytics/rules/main.ts'));
  await until('it knows what is normal', async () => {
    return (await alerts.ruleStates.get('crowd'))?.value.state === 'active';
  });
  const sightings = Array.from({ length: 12 }, (_, index) =>
    sightingAt(0.05 + index * 0.08, 0.6, { track: `track${String(index).padStart(9, '0')}` }),
  );
  const fromMs = Date.now() - 100_000;
  const looks = Array.from({ length: 90 }, (_, sequence) => {
    const capturedAtMs = fromMs + sequence * 1000;
    return messageOf({ camera: 'gate', sequence, capturedAtMs, watchedToMs: capturedAtMs + 1000, sightings });
  });
  await publish(broker, looks);
  let event: StreamEvent | undefined;
  await until('the alert is there', async () => {
    const message = await broker.manager.streams.getMessage(ALERTS_STREAM.name, { seq: 1 });
    event = message?.json<StreamEvent>();
    return event !== undefined;
  });
  // In its first half second nobody is believed.
  const alert = event?.data as Alert;
  expect(alert.values.mean).toBeCloseTo(12, 0);
  expect(alert).toMatchObject({ rule: 'crowd', values: { normal: 3, limit: 3 } });
});

/** Twenty minutes of two cameras of the city; at one, some tracks are taken for bicycles now and then, and one picture was covered for a while. */
function pastOf(fromMs: number): PlacedMessage[] {
  const placer = createPlacer();
  const span = { fromMs, toMs: fromMs + 1_200_000 };
  const messages = VIEWS_TRIED.flatMap((view) => {
    placer.setCalibration(view.id, calibrationOfView(view));
    return [...pastLooks(view, placer, span)];
  });
  for (const [index, { message }] of messages.entries()) {
    if (message.camera === 'square' && index % 50 < 3) message.unwatchedReason = 'covered';
    if (message.camera === 'crossing') continue;
    message.sightings = message.sightings.map((one) =>
      one.kind === 'person' && one.track.endsWith('0') && index % 5 === 0 ? { ...one, kind: 'bicycle' } : one,
    );
  }
  return messages.sort(
    (a, b) => a.message.capturedAtMs - b.message.capturedAtMs || (a.message.camera < b.message.camera ? -1 : 1),
  );
}

const zone = {
  space: 'picture' as const,
  points: [
    [0.3, 0.4],
    [0.7, 0.4],
    [0.7, 0.95],
    [0.3, 0.95],
  ],
};
const line = {
  space: 'picture' as const,
  points: [
    [0.1, 0.7],
    [0.9, 0.7],
  ],
};
const CONDITIONS: Record<ConditionType, Condition> = {
  line: { type: 'line', line },
  zone: { type: 'zone', zone, event: 'entry' },
  dwell: { type: 'dwell', zone, overS: 5 },
  count: { type: 'count', above: 6, forS: 5 },
  density: { type: 'density', zone, abovePerM2: 0.0001, forS: 0 },
  // What stands is told of every 15.6 s, and four places make a speed.
  speed: { type: 'speed', belowKmh: 9, overS: 46 },
  'wrong-way': { type: 'wrong-way', zone, headingDeg: 90 },
  stopped: { type: 'stopped', afterS: 60 },
  'flow-imbalance': { type: 'flow-imbalance', line, windowS: 300, shareAbove: 0.5, countMin: 2 },
  'unlike-normal': { type: 'unlike-normal', side: 'both', sigmas: 2, windowS: 60 },
  camera: { type: 'camera', troubles: ['down'] },
  'area-total': { type: 'area-total', above: 2, forS: 0 },
  sequence: {
    ...{ type: 'sequence', withinS: 60, same: 'camera' },
    ...{ first: { type: 'zone', zone, event: 'entry' }, next: { type: 'line', line } },
  },
};

describe('looks that are read again', () => {
  // Noon of a day that is over.
  const fromMs = nowMs - (nowMs % DAY_MS) - 3 * DAY_MS + 4 * HOUR_MS;
  const asked = { cameras: VIEWS_TRIED.map(({ id }) => id), fromMs, toMs: fromMs + HOUR_MS };
  const { signal } = new AbortController();
  let past: PlacedMessage[];
  const stored = async (kinds: readonly Kind[]) => {
    const looks: Look[] = [];
    const wanted = [{ kinds, cameras: asked.cameras }];
    for await (const batch of readLooks(writer, { ...asked, wanted }, { signal }))
      looks.push(...structuredClone(batch));
    return looks;
  };
  beforeAll(async () => {
    past = pastOf(fromMs);
    const settings = writeSettings(site.config);
    // Once in order, and half of them again in other company.
    await insertBase(writer, past, settings);
    await insertBase(writer, past.filter((_, index) => index % 2 === 0).reverse(), settings);
  });

  it('are those that were stored, to the last digit and each once, however often they came', async () => {
    const looks = await stored(KINDS);
    expect(looks.length).toBe(past.length);
    expect(looks.reduce((sum, { seen }) => sum + seen.length, 0)).toBeGreaterThan(1000);
    for (const [index, one] of past.entries()) expect(looks[index]).toEqual(lookOf(one));
  });

  it('are of the wanted kinds, of what these are taken for, and of what a track of the camera was taken for in turns', async () => {
    const wanted = (kinds: Kind[]) =>
      readWanted(writer, [{ ...ruleOf(CONDITIONS.count), kinds }], { ...asked, signal });
    const flipped = { kinds: ['person', 'bicycle', 'motorcycle'], cameras: ['square'] };
    expect(await wanted(['person'])).toEqual([{ kinds: ['person'], cameras: ['crossing'] }, flipped]);
    expect(await wanted(['truck'])).toEqual([{ kinds: ['car', 'bus', 'truck'], cameras: asked.cameras }]);
    expect(await readWanted(writer, [ruleOf(CONDITIONS.camera)], { ...asked, signal })).toEqual([]);
  });

  it('make the same among threads as in one engine, in the same order', async () => {
    const types: ConditionType[] = ['line', 'zone', 'count', 'stopped', 'unlike-normal', 'speed'];
    const rules = types.map((type) => ruleOf(CONDITIONS[type], { id: type, where: { cameras: asked.cameras } }));
    const normals = { version: '1', of: () => ({ median: 1, spread: 0.5, weeks: 4 }) };
    const world: TryWorld = {
      cameras: new Map(asked.cameras.map((id) => [id, { name: id, areaPath: ['_', '_', '_', '_', '_'] }])),
      calibrations: new Map(VIEWS_TRIED.map((view) => [view.id, calibrationOfView(view)])),
      ...{ areaNames: new Map(), holidays: new Set(), quiets: [], rules: new Map() },
    };
    expect(mayShare(rules, world)).toBe(true);
    const engine = engineOf({ world, zone: ZONE, normals });
    for (const rule of rules) engine.setRule(rule);
    const cameras = [...asked.cameras].sort();
    const watched = createWatched(cameras, asked);
    const parts = { rules, world, zone: ZONE, normals, cameras, watched: cameras, period: asked };
    await using shares = openShares(parts, new Map([['crossing', 5]]));
    const [here, shared]: [Fired[], Fired[]] = [[], []];
    const wanted = [{ kinds: KINDS, cameras }];
    const counts = { looks: 0, sightings: 0 };
    for await (const span of readSpans(writer, { ...asked, wanted }, { signal })) {
      const { fired, looks, sightings } = await shares.take(span, signal);
      shared.push(...structuredClone(fired));
      counts.looks += looks;
      counts.sightings += sightings;
      for (const batch of mergeSpan(span, cameras))
        for (const look of batch) {
          const firings = engine.look(look);
          watched.look(look);
          if (firings.length > 0) here.push({ atMs: look.capturedAtMs, camera: look.camera, firings });
        }
    }
    expect(new Set(here.map(({ camera }) => camera)).size).toBe(2);
    expect(shared).toEqual(here);
    expect(counts.looks).toBe(past.length);
    expect(await shares.watched(signal)).toEqual(watched.told());
  });

  it.each(CONDITION_TYPES)('make the same of a rule of %s as all that was seen live', async (type) => {
    const kinds: Kind[][] = [['person'], ['truck'], [...KINDS]];
    for (const some of kinds) {
      const rule = ruleOf(CONDITIONS[type], { where: { cameras: asked.cameras }, kinds: some });
      const wanted = await readWanted(writer, [rule], { ...asked, signal });
      const engines = [1, 2].map(() => {
        const engine = createEngine({ zone: ZONE });
        engine.setNormals({ version: '1', of: () => ({ median: 1, spread: 0.5, weeks: 4 }) });
        for (const view of VIEWS_TRIED) {
          engine.setCamera(view.id, { name: view.id, areaPath: ['_', '_', '_', '_', '_'] });
          engine.setCalibration(view.id, calibrationOfView(view));
        }
        engine.setRule(rule);
        return engine;
      });
      const live = past.flatMap((one) => engines[0]!.look(lookOf(one)));
      const again: Firing[] = [];
      for await (const batch of readLooks(writer, { ...asked, wanted }, { signal }))
        for (const look of batch) again.push(...engines[1]!.look(look));
      expect(again).toEqual(live);
      if (some.length === KINDS.length && type !== 'camera') expect(live.length).toBeGreaterThan(0);
    }
  });
});
