import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judge } from '#api/rules/precision.ts';
import type { Alert, StreamEvent } from '#models/schema/alert.ts';
import type { Box, DetectionMessage, Sighting } from '#models/schema/detection.ts';
import type { Kind } from '#models/schema/kind.ts';
import type { RuleDraft } from '#models/schema/rule.ts';
import type { RuleTry, RuleTryLine } from '#models/schema/rule-try.ts';
import type { RuleView } from '#models/schema/rule-view.ts';
import { ALERTS_STREAM } from '#models/wire/streams.ts';
import { type Broker, openBroker } from '#system/broker.ts';
import {
  areaOf,
  calibrationOf,
  childOf,
  messageOf,
  publish,
  untilAcknowledged,
} from '#test/analytics/counting-site.ts';
import { runCli } from '#test/cli/run-cli.ts';
import { testLogger, until } from '#test/site/site.ts';
import { type ApiSite, startApi } from './api-site.ts';

const CAMERAS = ['one', 'two'] as const;
const LOOK_MS = 200;
const SECONDS = 240;
const beginMs = Date.now() - 3_600_000;
const span = { fromMs: beginMs - 60_000, toMs: beginMs + SECONDS * 1000 + 60_000 };

const rule = (id: string, when: RuleDraft['when'], more: Partial<RuleDraft> = {}): RuleDraft => ({
  ...{ id, name: id, isEnabled: true, where: { cameras: [...CAMERAS] }, when, severity: 'minor', cooldownS: 5 },
  ...more,
});
const zone = (left: number, top: number, right: number, bottom: number) => ({
  space: 'picture' as const,
  points: [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ],
});

const RULES: RuleDraft[] = [
  rule('line', {
    type: 'line',
    line: {
      space: 'picture',
      points: [
        [0.5, 0.1],
        [0.5, 0.95],
      ],
    },
  }),
  rule('entry', { type: 'zone', event: 'entry', zone: zone(0.3, 0.3, 0.7, 0.9) }, { kinds: ['person'] }),
  rule('dwell', { type: 'dwell', zone: zone(0.05, 0.3, 0.35, 0.9), overS: 10 }),
  rule('count', { type: 'count', above: 2, forS: 2 }),
  rule('speed', { type: 'speed', aboveKmh: 1 }, { where: { cameras: ['one'] } }),
  rule('stopped', { type: 'stopped', afterS: 20 }),
  rule('total', { type: 'area-total', above: 4, forS: 2 }, { where: { area: 'lixia' } }),
];

type Thing = { track: string; kind: Kind; fromS: number; toS: number; at: (s: number) => [x: number, y: number] };

/** Walkers over the picture one after the other, a car that comes, stands behind another and leaves, a group that gathers. */
function thingsOf(camera: string): Thing[] {
  const side = camera === 'one' ? 1 : -1;
  const walker = (index: number): Thing => ({
    ...{ track: `${camera}walker${index}`.padEnd(14, '0'), kind: 'person', fromS: index * 11, toS: index * 11 + 18 },
    at: (s) => [0.5 + side * ((s - index * 11) / 18 - 0.5) * 0.9, 0.6 + 0.02 * (index % 5)],
  });
  const gathered = (index: number): Thing => ({
    ...{ track: `${camera}stays${index}`.padEnd(14, '0'), kind: 'person', fromS: 100 + index, toS: 150 },
    at: () => [0.1 + index * 0.06, 0.8],
  });
  const car: Thing = {
    ...{ track: `${camera}car`.padEnd(14, '0'), kind: 'car', fromS: 20, toS: 200 },
    at: (s) => [s < 30 ? 0.9 - (s - 20) * 0.01 : s < 180 ? 0.8 : 0.8 + (s - 180) * 0.01, 0.5],
  };
  return [...Array.from({ length: 20 }, (_, index) => walker(index)), ...[0, 1, 2].map(gathered), car];
}

function boxOf([x, y]: [number, number], kind: Kind): Box {
  const [width, height] = kind === 'car' ? [0.12, 0.1] : [0.03, 0.12];
  return [x - width / 2, y - height, width, height];
}

function* messages(): Generator<DetectionMessage> {
  const things = new Map(CAMERAS.map((camera) => [camera, thingsOf(camera)]));
  for (let sequence = 0; sequence < (SECONDS * 1000) / LOOK_MS; sequence++) {
    for (const [index, camera] of CAMERAS.entries()) {
      const s = (sequence * LOOK_MS) / 1000;
      const there = (things.get(camera) ?? []).filter(({ fromS, toS }) => s >= fromS && s < toS);
      // The car is hidden for a while, as by a bus.
      const seen = there.filter(({ kind }) => kind !== 'car' || s < 90 || s > 96);
      const sightings = seen.map(({ track, kind, at }): Sighting => {
        return { track, kind, score: 0.87, box: boxOf(at(s), kind), presenceMs: LOOK_MS, isHeld: false };
      });
      const capturedAtMs = beginMs + sequence * LOOK_MS + index * 37;
      yield messageOf({
        camera,
        sequence,
        capturedAtMs,
        sightings,
        watchedToMs: capturedAtMs + LOOK_MS,
        areaPath: ['jinan', 'lixia', '_', '_', '_'],
      });
    }
  }
}

describe('a rule that is tried', () => {
  let api: ApiSite;
  let site: Broker;
  let live: Alert[];
  const folder = mkdtempSync(resolve(tmpdir(), 'sharp-eyes-try-'));
  const tokens = { officer: '', analyst: '' };
  beforeAll(async () => {
    api = await startApi({ batchMs: 200 });
    // The store first: the others make its tables and read them.
    await api.site.children.start(childOf(api.site, 'store', 'analytics/store/main.ts'));
    const others = {
      analytics: 'analytics/main.ts',
      rules: 'analytics/rules/main.ts',
      alerts: 'analytics/alerts/main.ts',
    };
    await Promise.all(
      Object.entries(others).map(([name, main]) => api.site.children.start(childOf(api.site, name, main))),
    );
    site = await openBroker(api.config, 'site', { logger: testLogger, name: 'test' });
    const { areas, cameras, calibrations } = api.context;
    await areas.put('jinan', areaOf('jinan', 'city', null, 200));
    await areas.put('lixia', areaOf('lixia', 'district', 'jinan', 200));
    for (const id of CAMERAS) {
      const made = await api.ask('POST', '/api/v1/cameras', {
        body: { id, name: id, url: 'rtsp://127.0.0.1/x', area: 'lixia' },
      });
      expect(made.status).toBe(201);
    }
    expect(cameras.list()).toHaveLength(2);
    await calibrations.put('one', calibrationOf('one'));
    tokens.officer = await api.enrol('officer', ['officer'], ['lixia']);
    tokens.analyst = await api.enrol('analyst', ['analyst']);
    const added = await Promise.all(RULES.map((body) => api.ask('POST', '/api/v1/rules?wait=15', { body })));
    for (const { text, ...one } of added)
      expect(one, text).toMatchObject({ status: 201, body: { state: { state: 'active', version: 1 } } });
    await publish(site, [...messages()]);
    await untilAcknowledged({ broker: site });
    live = await readAlerts(site);
  });
  afterAll(async () => {
    await site?.[Symbol.asyncDispose]();
    await api?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  async function tried(body: Record<string, unknown>, token = tokens.officer): Promise<RuleTry> {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const asked = {
      method: 'POST',
      headers,
      body: JSON.stringify({ ...span, ...body }),
      signal: AbortSignal.timeout(200_000),
    };
    const text = await (await fetch(`${api.url}/api/v1/rule-tries`, asked)).text();
    const last = JSON.parse(text.trim().split('\n').at(-1) ?? '') as RuleTryLine;
    if ('result' in last) return last.result;
    throw new Error(text);
  }

  it.each(RULES)('raises over the past what $id raised live: the same alerts by their ids', async (draft) => {
    const { tried: found, watched } = await tried({ rule: draft });
    const ids = found.samples.map(({ alert }) => alert.id);
    const raised = live.filter(({ rule: of }) => of === draft.id);
    expect(raised.length).toBeGreaterThan(0);
    expect(found.alerts).toBe(raised.length);
    expect(raised.map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
    expect(ids.length).toBeGreaterThan(0);
    expect(found.perDay.reduce((sum, { alerts }) => sum + alerts, 0)).toBe(found.alerts);
    expect(watched[0]?.watchedShare).toBeCloseTo(SECONDS / (SECONDS + 120), 1);
  });

  it('shows the tracks that caused an alert, in the picture and on the ground', async () => {
    const { tried: found } = await tried({ rule: RULES[0], fromMs: beginMs + 20_000 });
    const sample = found.samples.find(({ alert }) => alert.camera === 'one');
    const [track] = sample?.tracks ?? [];
    expect(track).toMatchObject({ kind: 'person', camera: 'one', points: expect.any(Array) });
    expect(track?.points.length).toBeGreaterThan(20);
    expect(track?.points[0]).toMatchObject({ box: expect.any(Array), lon: expect.closeTo(117, 1) });
  });

  it('is compared with another version, alert by alert', async () => {
    const long = { ...RULES[2]!, when: { ...RULES[2]!.when, overS: 60 } };
    const { tried: short, against, differences } = await tried({ rule: RULES[2], against: long });
    expect(against?.alerts).toBeLessThan(short.alerts);
    expect(differences).toMatchObject({ both: expect.any(Number), onlyAgainst: expect.any(Number) });
    expect((differences?.both ?? 0) + (differences?.onlyRule ?? 0)).toBe(short.alerts);
  });

  it('proposes the loosest limit that is quiet enough', async () => {
    const { proposal, tried: found } = await tried({ rule: RULES[3], atMostPerDay: 200 });
    expect(found.alerts).toBeGreaterThan(0);
    expect(proposal).toMatchObject({ path: 'above', now: 2, isEnough: true });
    expect(proposal?.value).toBeGreaterThan(2);
    const { tried: again } = await tried({
      rule: { ...RULES[3], when: { type: 'count', above: proposal?.value, forS: 2 } },
    });
    expect(again.alerts / ((span.toMs - span.fromMs) / 86_400_000)).toBeLessThanOrEqual(200);
  });

  it('is told with how people marked what it raised', async () => {
    const precisionOf = async (id: string) => {
      const { body } = await api.ask('GET', '/api/v1/rules', { token: tokens.officer });
      return (body as { rules: RuleView[] }).rules.find((one) => one.id === id)?.precision;
    };
    const raised = live.filter(({ rule: of }) => of === 'line');
    await until('its alerts are stored', async () => (await precisionOf('line'))?.alerts === raised.length);
    const marked = { state: 'closed', mark: 'wrong' };
    const { status, text } = await api.ask('POST', `/api/v1/incidents/${raised[0]?.incident}/work`, {
      body: marked,
      token: tokens.officer,
    });
    expect(status, text).toBe(200);
    await until('the mark is counted', async () => ((await precisionOf('line'))?.wrong ?? 0) > 0);
    expect(await precisionOf('line')).toMatchObject({ right: 0, useless: 0, isNoisy: false });
    const loud = { rule: 'a', right: 1, wrong: 3, useless: 2, alerts: 300 };
    expect(judge([loud]).get('a')).toMatchObject({
      isNoisy: true,
      proposal: expect.stringContaining('--at-most 3/day'),
    });
  });

  it('is refused where it is wrong, beyond one’s areas, or over too long a time', async () => {
    const ask = (body: Record<string, unknown>, token = tokens.officer) =>
      api.ask('POST', '/api/v1/rule-tries', { body: { rule: RULES[0], ...span, ...body }, token });
    expect(await ask({ rule: { ...RULES[0], where: { area: 'jinan' }, when: RULES[3]?.when } })).toMatchObject({
      body: { code: 'rule-area-unknown' },
    });
    expect(await ask({ rule: { ...RULES[0], when: { type: 'lin' } } })).toMatchObject({
      body: { code: 'rule-invalid' },
    });
    expect(await ask({ fromMs: span.toMs })).toMatchObject({ status: 400 });
    expect(await ask({ fromMs: 1 })).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('92 days') },
    });
    expect((await ask({ frmMs: 1 })).status).toBe(400);
  });

  it('ends with whoever asked, and the next one is answered at once', async () => {
    const leaving = new AbortController();
    const headers = { authorization: `Bearer ${tokens.officer}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ ...span, fromMs: span.toMs - 90 * 86_400_000, rule: RULES[3], atMostPerDay: 1 });
    await fetch(`${api.url}/api/v1/rule-tries`, { method: 'POST', headers, body, signal: leaving.signal });
    const busy = await api.ask('POST', '/api/v1/rule-tries', {
      body: { ...span, rule: RULES[0] },
      token: tokens.analyst,
    });
    expect(busy.text).toContain('rule-try-busy');
    leaving.abort();
    await until('the place is free', async () => {
      const { text } = await api.ask('POST', '/api/v1/rule-tries', {
        body: { ...span, rule: RULES[0] },
        token: tokens.analyst,
      });
      return text.includes('"result"');
    });
  });

  it('is told on the command line: per day, over the week, with examples and a proposal', async () => {
    const path = resolve(folder, 'rule.yaml');
    writeFileSync(path, JSON.stringify(RULES));
    const { out, err, code } = await runCli(api, [
      'rule',
      'try',
      path,
      '--rule',
      'count',
      '--last',
      '1d',
      '--at-most',
      '1/day',
    ]);
    expect(code, err).toBe(0);
    for (const words of ['alerts a day', 'For example', 'Proposed: above: ', 'Watched for'])
      expect(out).toContain(words);
  });
});

/** Once no more come. */
async function readAlerts(broker: Broker): Promise<Alert[]> {
  let last = -1;
  await until('the engine has raised all alerts', async () => {
    const { state } = await broker.manager.streams.info(ALERTS_STREAM.name);
    const isSettled = state.messages > 0 && state.last_seq === last;
    last = state.last_seq;
    return isSettled;
  });
  const consumer = await broker.stream.consumers.get(ALERTS_STREAM.name, {});
  const found: Alert[] = [];
  const messages = await consumer.fetch({ max_messages: last, expires: 3000 });
  for await (const message of messages) {
    const event = message.json<StreamEvent>();
    if (event.type === 'org.sharp-eyes.alert.raised.v1') found.push(event.data as Alert);
  }
  return found;
}
