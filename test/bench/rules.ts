/**
 * The engine of rules: `node test/bench/rules.ts [--latency]`. Track updates a second on one core, with 200 rules spread over
 * twelve cameras, and with all 200 on every one of them, as a ratio to none; with `--latency` from the publishing of a
 * look to its alert's place on the stream, through a real broker and a real rules process.
 */

import { createPlacer } from '#analytics/place/placer.ts';
import { createEngine } from '#analytics/rules/engine.ts';
import type { Look } from '#analytics/rules/look.ts';
import { lookOf } from '#analytics/rules/look.ts';
import { createRaiser } from '#analytics/rules/raise.ts';
import { openAlertRegistry } from '#models/registry/registry.ts';
import type { StreamEvent } from '#models/schema/alert.ts';
import type { Rule } from '#models/schema/rule.ts';
import type { Condition } from '#models/schema/rule-condition.ts';
import { encodeMessage } from '#models/wire/codec.ts';
import { ALERTS_STREAM, DETECTIONS_STREAM, HEALTH_STREAM, LOOKS_STREAM } from '#models/wire/streams.ts';
import { ALERTS_ALL, detectionsSubject, looksSubject } from '#models/wire/subjects.ts';
import { ensureStream, openBroker } from '#system/broker.ts';
import { pause } from '#system/lifecycle.ts';
import { calibrationOf, messageOf, sightingAt } from '#test/analytics/counting-site.ts';
import { killable, randomFrom } from '#test/analytics/killable.ts';
import { picture, rectangle, ruleOf } from '#test/analytics/rules/scene.ts';
import { startSite, testLogger, until } from '#test/site/site.ts';

const CAMERAS = Array.from({ length: 12 }, (_, index) => `gate-${index}`);
const THINGS = 8;
const LOOKS = 12_000;
/** Until the process reads as fast as it is told. */
const WARM_UP_ROUNDS = 25;
/** Of the dearest case fewer will do. */
const LOOKS_EVERYWHERE = 2400;
const PATH = ['city', 'east', 'north', 'village', 'grid-1'];

/** Conditions as cities have them: many lines and zones, some of all others. */
function conditionOf(index: number): Condition {
  const at = (index * 0.137) % 0.6;
  const zone = rectangle(at, 0.3, at + 0.3, 0.9);
  const line = picture([at, 0.5], [at + 0.4, 0.7]);
  const all: Condition[] = [
    { type: 'line', line },
    { type: 'zone', zone, event: 'entry' },
    { type: 'dwell', zone, overS: 30 },
    { type: 'count', zone, above: 5, forS: 5 },
    { type: 'line', line, direction: 'forth' },
    { type: 'stopped', zone, afterS: 60 },
    { type: 'speed', zone, aboveKmh: 60 },
    { type: 'wrong-way', zone, headingDeg: 90 },
    { type: 'density', zone, abovePerM2: 1, forS: 5 },
    { type: 'flow-imbalance', line, windowS: 300, shareAbove: 0.8, countMin: 20 },
  ];
  return all[index % all.length]!;
}

/** Three of them are over areas. */
function rulesOf(count: number, areEverywhere: boolean): Rule[] {
  const rules = Array.from({ length: count }, (_, index) =>
    ruleOf(conditionOf(index), {
      id: `r${index}`,
      where: { cameras: areEverywhere ? CAMERAS : [CAMERAS[index % CAMERAS.length]!] },
    }),
  );
  const total = ruleOf({ type: 'area-total', above: 80, forS: 60 }, { id: 'total', where: { area: 'grid-1' } });
  return count === 0 ? [] : [...rules.slice(0, -1), total];
}

/** Eight things at each camera, wandering over the whole picture, on the ground as well. */
function looksOfBench(): Look[] {
  const random = randomFrom(1);
  const placer = createPlacer({ areCellsWanted: false });
  for (const camera of CAMERAS) placer.setCalibration(camera, calibrationOf(camera));
  const phases = CAMERAS.map(() => Array.from({ length: THINGS }, () => [random() * 6, random() * 6, random()]));
  const fromMs = Date.parse('2026-11-23T04:00:00Z');
  return Array.from({ length: LOOKS }, (_, index) => {
    const [sequence, one] = [Math.floor(index / CAMERAS.length), index % CAMERAS.length];
    const s = sequence / 5;
    const sightings = phases[one]!.map(([a = 0, b = 0, pace = 0], thing) =>
      sightingAt(0.5 + 0.45 * Math.sin(a + s * pace * 0.3), 0.6 + 0.35 * Math.sin(b + s * pace * 0.2), {
        track: `track0000${thing}`,
        kind: thing % 2 === 0 ? 'person' : 'car',
      }),
    );
    const capturedAtMs = fromMs + sequence * 200;
    return lookOf(placer.place(messageOf({ camera: CAMERAS[one]!, sequence, capturedAtMs, sightings })));
  });
}

type Measured = { perS: number; firings: number };

function measure(rules: readonly Rule[], looks: readonly Look[]): Measured {
  const [engine, raiser] = [createEngine({ zone: 'UTC' }), createRaiser({ zone: 'UTC' })];
  for (const camera of CAMERAS) {
    engine.setCamera(camera, { name: camera, areaPath: PATH });
    engine.setCalibration(camera, calibrationOf(camera));
  }
  for (const rule of rules) {
    engine.setRule(rule);
    raiser.setRule(rule);
  }
  let firings = 0;
  const began = process.cpuUsage();
  for (const look of looks) {
    const fired = engine.look(look);
    firings += fired.length;
    raiser.raise(fired, 0);
    raiser.advance(look.capturedAtMs, 0);
  }
  const { user, system } = process.cpuUsage(began);
  return { perS: (looks.length * THINGS) / ((user + system) / 1e6), firings };
}

function throughput(): void {
  const looks = looksOfBench();
  // The first run of each compiles.
  const [none, spread] = [rulesOf(0, false), rulesOf(200, false)].map((rules) => {
    measure(rules, looks.slice(0, LOOKS_EVERYWHERE));
    return measure(rules, looks);
  }) as [Measured, Measured];
  const everywhere = measure(rulesOf(200, true), looks.slice(0, LOOKS_EVERYWHERE));
  const line = (name: string, { perS, firings }: Measured) =>
    console.log(
      `${name}: ${Math.round(perS / 1000)} k track updates a CPU second, ${(none.perS / perS).toFixed(1)} x the cost of none, ${firings} firings`,
    );
  line('no rules', none);
  line('200 rules, each on one of 12 cameras', spread);
  line('200 rules, each on all 12 cameras', everywhere);
}

/** Each look crosses the line: as many alerts as looks. Five looks a second of each camera. */
async function latency(cameras: readonly string[]): Promise<void> {
  await using site = await startSite();
  await using rules = killable(site, 'rules', 'analytics/rules/main.ts');
  await using broker = await openBroker(site.config, 'site', { logger: testLogger, name: 'bench' });
  for (const stream of [DETECTIONS_STREAM, LOOKS_STREAM, HEALTH_STREAM, ALERTS_STREAM])
    await ensureStream(broker, stream);
  const alerts = await openAlertRegistry(broker.connection);
  const where = { cameras: [...cameras] };
  const free = { where, cooldownS: 0, hourlyMax: 100_000, trackAgeMinS: 0 };
  await alerts.rules.put('line', ruleOf({ type: 'line', line: picture([0, 0.5], [1, 0.5]) }, { id: 'line', ...free }));
  for (const [index, rule] of rulesOf(200, false).entries())
    await alerts.rules.put(`r${index}`, { ...rule, hourlyMax: 1 });
  await rules.start();
  await until('rules run', async () => (await alerts.ruleStates.list()).length > 200);
  const sentAt = new Map<string, number>();
  const tookMs: number[] = [];
  broker.connection.subscribe(ALERTS_ALL, {
    callback: (_error, message) => {
      const event = message.json<StreamEvent>();
      if (event.type !== 'org.sharp-eyes.alert.raised.v1' || event.data.rule !== 'line') return;
      const sent = sentAt.get(event.data.cause.messages.at(-1) ?? '');
      if (sent !== undefined) tookMs.push(performance.now() - sent);
    },
  });
  const rounds = 125;
  for (let sequence = 0; sequence < rounds; sequence++) {
    for (const camera of cameras) {
      const sightings = [sightingAt(0.5, sequence % 2 === 0 ? 0.3 : 0.7)];
      const message = messageOf({ camera, sequence, capturedAtMs: Date.now(), sightings });
      if (sequence >= WARM_UP_ROUNDS) sentAt.set(message.id, performance.now());
      const bytes = encodeMessage(message);
      broker.connection.publish(looksSubject(message.areaPath, camera), bytes);
      await broker.stream.publish(detectionsSubject(message.areaPath, camera), bytes);
    }
    await pause(200);
  }
  await pause(1000);
  tookMs.sort((a, b) => a - b);
  const at = (share: number) => tookMs[Math.min(tookMs.length - 1, Math.floor(tookMs.length * share))]!.toFixed(1);
  console.log(
    `${cameras.length} cameras, look published → alert received, ${tookMs.length} of ${(rounds - WARM_UP_ROUNDS) * cameras.length}: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, worst ${at(1)} ms`,
  );
}

throughput();
if (process.argv.includes('--latency'))
  for (const count of [12, 30]) await latency(Array.from({ length: count }, (_, index) => `gate-${index}`));
