import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPlacer } from '#analytics/place/placer.ts';
import { createEngine } from '#analytics/rules/engine.ts';
import { lookOf } from '#analytics/rules/look.ts';
import { createRaiser, type Raised } from '#analytics/rules/raise.ts';
import { type AlertRegistry, openAlertRegistry, openRegistry } from '#models/registry/registry.ts';
import type { Alert, StreamEvent } from '#models/schema/alert.ts';
import type { DetectionMessage } from '#models/schema/detection.ts';
import type { Rule } from '#models/schema/rule.ts';
import { encodeMessage } from '#models/wire/codec.ts';
import { ALERTS_STREAM, DETECTIONS_STREAM, HEALTH_STREAM, LOOKS_STREAM } from '#models/wire/streams.ts';
import { detectionsSubject, looksSubject } from '#models/wire/subjects.ts';
import { type Broker, ensureStream, openBroker } from '#system/broker.ts';
import { pause } from '#system/lifecycle.ts';
import { type Site, startSite, testLogger, until } from '#test/site/site.ts';
import { messageOf, sightingAt } from '../counting-site.ts';
import { killable, randomFrom } from '../killable.ts';
import { picture, ruleOf } from './scene.ts';

const CAMERAS = ['gate-1', 'gate-2', 'gate-3'];
const LINE = picture([0, 0.5], [1, 0.5]);
const FREE = { cooldownS: 0, hourlyMax: 100_000 };
const RULES: Rule[] = [
  ruleOf({ type: 'line', line: LINE }, { id: 'line', where: { cameras: CAMERAS }, ...FREE }),
  ruleOf({ type: 'count', above: 3, forS: 1 }, { id: 'count', where: { cameras: CAMERAS }, ...FREE }),
];

let site: Site;
let broker: Broker;
let alerts: AlertRegistry;
beforeAll(async () => {
  site = await startSite();
  broker = await openBroker(site.config, 'site', { logger: testLogger, name: 'test' });
  for (const stream of [DETECTIONS_STREAM, LOOKS_STREAM, HEALTH_STREAM, ALERTS_STREAM])
    await ensureStream(broker, stream);
  alerts = await openAlertRegistry(broker.connection);
  const registry = await openRegistry(broker.connection);
  for (const id of CAMERAS) {
    await registry.cameras.put(id, {
      ...{ id, name: id, source: { kind: 'file', path: '/none', isLooped: true }, area: null, isEnabled: true },
      ...{ sampleFps: 5, isGated: false, fullLookIntervalS: 10, createdAtMs: 1, updatedAtMs: 1 },
    });
  }
  for (const rule of RULES) await alerts.rules.put(rule.id, rule);
});
afterAll(async () => {
  await broker[Symbol.asyncDispose]();
  await site[Symbol.asyncDispose]();
});

/** Walkers to and fro over the line, some of them together. */
function messagesOf(fromMs: number, looks: number): DetectionMessage[] {
  const random = randomFrom(7);
  return Array.from({ length: looks * CAMERAS.length }, (_, index) => {
    const sequence = Math.floor(index / CAMERAS.length);
    const camera = CAMERAS[index % CAMERAS.length]!;
    const sightings = Array.from({ length: 5 }, (_unused, one) => {
      const y = 0.5 + 0.2 * Math.sin(sequence / 9 + one * 1.3 + camera.length) + random() * 0.002;
      return sightingAt(0.15 + one * 0.17, y, { track: `track00000${one}` });
    });
    return messageOf({ camera, sequence, capturedAtMs: fromMs + sequence * 200, sightings });
  });
}

/** Each look at once, and again with what it stands for when the next one is there; some of the early ones are lost. */
async function publishBoth(messages: readonly DetectionMessage[], random: () => number): Promise<void> {
  const stored: Promise<unknown>[] = [];
  const tellWhole = (message: DetectionMessage | undefined) => {
    if (message === undefined) return;
    stored.push(broker.stream.publish(detectionsSubject(message.areaPath, message.camera), encodeMessage(message)));
  };
  for (const [index, message] of messages.entries()) {
    tellWhole(messages[index - CAMERAS.length]);
    if (random() < 0.1) continue;
    const sightings = message.sightings.map((one) => ({ ...one, presenceMs: 0 }));
    const early = { ...message, watchedToMs: message.watchedFromMs, sightings };
    broker.connection.publish(looksSubject(message.areaPath, message.camera), encodeMessage(early));
  }
  for (const message of messages.slice(-CAMERAS.length)) tellWhole(message);
  await Promise.all(stored);
}

/** What an engine that nobody kills makes of them. */
function expected(messages: readonly DetectionMessage[]): Alert[] {
  const [engine, raiser, placer] = [createEngine({ zone: 'UTC' }), createRaiser({ zone: 'UTC' }), createPlacer()];
  for (const id of CAMERAS) {
    engine.setCamera(id, { name: id, areaPath: ['_', '_', '_', '_', '_'] });
    raiser.setCamera(id, { name: id, areaPath: ['_', '_', '_', '_', '_'] });
  }
  for (const rule of RULES) {
    engine.setRule(rule);
    raiser.setRule(rule);
  }
  return messages
    .flatMap((message): Raised[] => {
      const look = lookOf(placer.place(message));
      return [...raiser.raise(engine.look(look), 0), ...raiser.advance(look.capturedAtMs, 0)];
    })
    .flatMap((raised) => (raised.type === 'alert' ? [raised.alert] : []));
}

/** Alerts do not depend on when they were raised, nor on when the broker had the look. */
const timeless = ({ raisedAtMs: _raised, cause: { publishedAtMs: _published, ...cause }, ...alert }: Alert) => ({
  ...alert,
  cause,
});

async function eventsOf(): Promise<StreamEvent[]> {
  const { state } = await broker.manager.streams.info(ALERTS_STREAM.name);
  const events: StreamEvent[] = [];
  for (let seq = state.first_seq; seq <= state.last_seq && state.messages > 0; seq++) {
    const message = await broker.manager.streams.getMessage(ALERTS_STREAM.name, { seq });
    if (message !== null) events.push(message.json<StreamEvent>());
  }
  return events;
}

it('loses no alert and sends none twice, killed three times in the middle of streams of which one loses looks', async () => {
  const random = randomFrom(11);
  await using rules = killable(site, 'rules', 'analytics/rules/main.ts');
  await rules.start();
  await until('the rules are acknowledged', async () => {
    const states = await alerts.ruleStates.list();
    return states.length === RULES.length && states.every(({ value }) => value.state === 'active');
  });
  const messages = messagesOf(Date.now() - 300_000, 300);
  const wanted = expected(messages);
  const share = Math.ceil(messages.length / 4);
  for (let round = 0; round < 4; round++) {
    await publishBoth(messages.slice(round * share, (round + 1) * share), random);
    if (round === 3) break;
    // Long enough for some snapshots to be written, and not for all.
    await pause(random() * 1200);
    await rules.kill();
    await rules.start();
  }
  const alertsOf = (events: readonly StreamEvent[]) =>
    events.flatMap((event) => (event.type === 'org.sharp-eyes.alert.raised.v1' ? [event.data] : []));
  await until('all alerts are there', async () => alertsOf(await eventsOf()).length >= wanted.length);
  const events = await eventsOf();
  const ids = events.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const sorted = (all: readonly Alert[]) => all.map(timeless).sort((a, b) => (a.id < b.id ? -1 : 1));
  expect(wanted.length).toBeGreaterThan(100);
  expect(sorted(alertsOf(events))).toEqual(sorted(wanted));
});

it('tells of a rule that cannot run, and runs the others; a changed rule is acknowledged with its version', async () => {
  await using rules = killable(site, 'rules', 'analytics/rules/main.ts');
  await rules.start();
  await alerts.rules.put('bad', ruleOf({ type: 'count', above: 5, below: 3, forS: 1 }, { id: 'bad' }));
  await alerts.rules.put('line', { ...RULES[0]!, version: 2 });
  await until('both are told', async () => {
    const [bad, line] = [await alerts.ruleStates.get('bad'), await alerts.ruleStates.get('line')];
    return bad?.value.state === 'quarantined' && line?.value.version === 2 && line.value.state === 'active';
  });
  expect((await alerts.ruleStates.get('bad'))?.value).toMatchObject({ reason: 'rule-contradiction', version: 1 });
  await alerts.rules.remove('bad');
  await until('it is forgotten', async () => (await alerts.ruleStates.get('bad')) === undefined);
});
