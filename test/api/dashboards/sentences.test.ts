import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGate } from '#api/dashboards/lanes.ts';
import { type Question, readQuestion } from '#api/dashboards/question.ts';
import { tellSentences } from '#api/dashboards/sentences.ts';
import type { Sentence } from '#models/schema/dashboard.ts';
import { type Asked, type Rows, readRows, recount } from './recount.ts';
import { startTown, type Town } from './town.ts';
import { DAY_MS, HOUR_MS, TOWN, writeWeeks } from './weeks.ts';

const OFFSET_MS = 8 * HOUR_MS;
const HOLIDAY = '2026-10-01';
const toMs = Date.UTC(2026, 9, 20);
const PAIRS = 200;

/** Which of its groups a sentence's facts are of. */
const GROUP = {
  'busier-than-same-hours': 'parts',
  'quieter-than-same-hours': 'parts',
  'change-to-compared': 'parts',
  'not-watched': 'parts',
  'busiest-hour': 'hours',
  'most-unusual-hour': 'hours',
  'most-in-place': 'places',
  'place-departs-most': 'places',
  'camera-watched-least': 'cameras',
  'share-of-kinds': 'kinds',
  'alerts-above-normal': 'parts',
  'alerts-counted': 'parts',
} as const;
type ClaimId = keyof typeof GROUP;

/** Numbers that follow each other as if by chance, the same in every run. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const LEVELS = ['city', 'district', 'street', 'village', 'grid'];
const SUBJECTS: Pick<Asked, 'type' | 'id' | 'below'>[] = [
  { type: 'area', id: 'jinan', below: LEVELS.indexOf('district') },
  { type: 'area', id: 'lixia', below: LEVELS.indexOf('street') },
  { type: 'area', id: 'dikou', below: LEVELS.indexOf('grid') },
  { type: 'area', id: 'wenhua', below: LEVELS.indexOf('grid') },
  { type: 'area', id: 'dikou-g1' },
  { type: 'camera', id: 'wenhua-c2' },
];

describe('sentences of dashboards', () => {
  let town: Town;
  let rows: Rows;
  const told: { asked: Asked; sentences: Sentence[]; counted: ReturnType<typeof recount> }[] = [];
  const { signal } = new AbortController();

  async function question(asked: Pick<Asked, 'type' | 'id' | 'fromMs' | 'toMs'>): Promise<Question> {
    const { type, id } = asked;
    return readQuestion(
      { type, id, query: { from: `${asked.fromMs}`, to: `${asked.toMs}` } },
      {
        ...{ context: town.api.context, signal, panelsVersion: '' },
        principal: {
          user: { id: 'a', name: 'a', roles: ['analyst'], scope: [] },
          via: 'api',
          tokenKey: '',
          expiresAtMs: 0,
        },
        readVersion: async () => ({ version: 'test', hasTotals: true, closedUntilMs: toMs }),
      },
    );
  }

  beforeAll(async () => {
    town = await startTown();
    await town.api.context.calendar.put(HOLIDAY, { day: HOLIDAY, holiday: 'National Day' });
    await writeWeeks(town.writer, {
      ...{ fromMs: toMs - 60 * DAY_MS, toMs, kinds: ['person', 'car'] },
      factor: `multiIf(camera = 'dikou-c1' AND cityHash64(toDate(hour)) % 5 = 0, 3, cityHash64(toStartOfDay(hour), camera) % 7 = 0, 0.3, 1)`,
      watched: `multiIf(camera = 'wenhua-c2', (cityHash64(hour, 1) % 5) / 4, cityHash64(toDate(hour), camera) % 6 = 0, 0, cityHash64(hour, camera) % 9 = 0, 0.4, 1)`,
    });
    await town.writer.command({
      query: `INSERT INTO sharp_eyes.alerts (at, id, rule, severity, area_path, camera, kind, raised_at, captured_at, received_at)
        SELECT at, substring(hex(MD5(toString(number))), 1, 24), 'gate', if(number % 11 = 0, 'critical', 'minor'),
          concat('jinan.lixia.dikou._.dikou-g', toString(1 + number % 2)), concat('dikou-c', toString(1 + number % 2)), 'person', at, at, at
        FROM (SELECT number, toDateTime64(${(toMs - 60 * DAY_MS) / 1000}, 3, 'UTC') + toIntervalSecond(number * 9000 + cityHash64(number) % 5000) AS at
          FROM numbers(560)) WHERE toDate(at) != '2026-10-10' OR number % 2 = 0
        UNION ALL SELECT toDateTime64('2026-10-17 05:00:00', 3, 'UTC') + toIntervalSecond(number * 60), substring(hex(MD5(concat('storm', toString(number)))), 1, 24),
          'gate', 'minor', 'jinan.lixia.dikou._.dikou-g1', 'dikou-c1', 'person', now64(3), now64(3), now64(3) FROM numbers(60)`,
    });
    rows = await readRows(town.writer);
    const random = chance(7);
    const gate = openGate(6);
    const pairs = Array.from({ length: PAIRS }, () => {
      const subject = SUBJECTS[Math.floor(random() * SUBJECTS.length)]!;
      const hours = 1 + Math.floor(random() ** 2 * 167);
      const endMs = toMs - Math.floor(random() * 21 * 24) * HOUR_MS;
      const cameras = TOWN.filter(({ id, path }) =>
        subject.type === 'camera' ? id === subject.id : path.split('.').includes(subject.id),
      );
      return {
        ...{ ...subject, fromMs: endMs - hours * HOUR_MS, toMs: endMs },
        ...{ cameras: cameras.map(({ id }) => id), offsetMs: OFFSET_MS, holidays: [HOLIDAY] },
      };
    });
    await Promise.all(
      pairs.map(async (asked) => {
        const sentences = await tellSentences(await question(asked), { context: town.api.context, gate, signal });
        told.push({ asked, sentences, counted: recount(rows, asked) });
      }),
    );
  }, 280_000);
  afterAll(() => town?.[Symbol.asyncDispose]());

  it(`hold what an independent count of the rows says, for ${PAIRS} areas and periods`, () => {
    for (const { asked, sentences, counted } of told) {
      const about = `${asked.id} ${new Date(asked.fromMs).toISOString()} to ${new Date(asked.toMs).toISOString()}`;
      for (const { id, facts } of sentences) {
        const expected: Record<string, unknown> = counted[GROUP[id as ClaimId]] ?? {};
        for (const [name, value] of Object.entries(expected)) {
          if (value === null || value === undefined) continue;
          const said = `${about}: ${id}.${name}`;
          if (typeof value === 'number') expect(facts[name] as number, said).toBeCloseTo(value, 6);
          else expect(facts[name], said).toBe(value);
        }
      }
    }
  });

  it('are said whenever the count is worth it, and never else', () => {
    for (const { asked, sentences, counted } of told) {
      const { parts, hours, kinds, cameras, places } = counted;
      const isWatched = parts.watched_h >= 0.5 * parts.camera_h;
      const grown = (parts.at_once ?? 0) / (parts.at_once_before ?? Number.NaN) - 1;
      const expected: Record<ClaimId, boolean> = {
        'busier-than-same-hours': isWatched && parts.weeks >= 3 && parts.weeks_lower / parts.weeks >= 0.75,
        'quieter-than-same-hours': isWatched && parts.weeks >= 3 && parts.weeks_higher / parts.weeks >= 0.75,
        'change-to-compared':
          isWatched && parts.watched_before_h >= 0.5 * parts.camera_before_h && Math.abs(grown) >= 0.1,
        'not-watched': (parts.camera_h - parts.watched_h) / parts.camera_h >= 0.02,
        'busiest-hour': hours.hours >= 6 && (hours.busiest_at_once ?? 0) > 0,
        'most-unusual-hour': Math.abs(hours.unusual_sigmas ?? 0) >= 3,
        'most-in-place': places !== undefined && places.places >= 2 && (places.most_h ?? 0) > 0,
        'place-departs-most': Math.abs(places?.departs_sigmas ?? 0) >= 2,
        'camera-watched-least': asked.type === 'area' && cameras.cameras >= 2 && cameras.least_h! / cameras.all_h < 0.9,
        'share-of-kinds': kinds.kinds >= 2,
        'alerts-above-normal':
          parts.weeks >= 3 && parts.alerts >= parts.alerts_normal + Math.max(3, 2 * Math.sqrt(parts.alerts_normal)),
        'alerts-counted': parts.alerts > 0,
      };
      const about = `${asked.id} ${new Date(asked.fromMs).toISOString()} to ${new Date(asked.toMs).toISOString()}`;
      const should = Object.entries(expected).flatMap(([id, isSaid]) => (isSaid ? [id] : []));
      expect(sentences.map(({ id }) => id).sort(), about).toEqual(should.sort());
    }
    const met = new Set(told.flatMap(({ sentences }) => sentences.map(({ id }) => id)));
    expect([...met].sort()).toEqual(Object.keys(GROUP).sort());
  });

  it('say in both languages the numbers of their facts, and their SQL gives the facts again', async () => {
    const { sentences } = told.find((one) => one.sentences.length >= 6)!;
    for (const { text, sql, facts } of sentences) {
      expect(text.en).toMatch(/\d/);
      expect(text.zh).toMatch(/[\u4e00-\u9fff]/);
      const answer = await town.api.ask('POST', '/api/v1/sql', {
        body: { query: sql, format: 'JSONCompactEachRowWithNames' },
      });
      const [names = [], row = []] = answer.text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as (string | number | null)[]);
      const again = Object.fromEntries(names.map((name, index) => [name, row[index]]));
      for (const [name, value] of Object.entries(facts))
        expect(typeof value === 'number' ? Number(again[name]) : again[name], name).toEqual(value);
    }
  });

  it('tell the same in the same order when asked again', async () => {
    const { asked, sentences } = told[0]!;
    const again = await tellSentences(await question(asked), { context: town.api.context, gate: openGate(2), signal });
    expect(again).toEqual(sentences);
  });
});
