import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Reconciliation } from '#models/schema/reconciliation.ts';
import {
  type CountingSite,
  childOf,
  messageOf,
  publish,
  sightingAt,
  startCountingSite,
  untilAcknowledged,
} from '#test/analytics/counting-site.ts';
import { runCli } from './run-cli.ts';

const HOUR_MS = 3_600_000;

describe('doctor --reconcile', () => {
  let counting: CountingSite;
  const startMs = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 2 * HOUR_MS + 600_000;
  const lookAt = (sequence: number) =>
    messageOf({
      camera: 'gate',
      sequence,
      capturedAtMs: startMs + sequence * 200,
      sightings: [sightingAt(0.5, 0.9), sightingAt(0.3, 0.8, { track: 'track00000002' })],
    });

  beforeAll(async () => {
    counting = await startCountingSite();
    await counting.site.children.start(childOf(counting.site, 'api', 'api/main.ts'));
    await publish(
      counting.broker,
      Array.from({ length: 40 }, (_, sequence) => lookAt(sequence)).filter(({ sequence }) => sequence !== 20),
    );
    await untilAcknowledged(counting);
  });
  afterAll(() => counting[Symbol.asyncDispose]());

  async function reconcile(): Promise<{ code: number | null; found: Reconciliation }> {
    const { url } = counting.site.children.details('api') as { url: string };
    const args = ['doctor', '--reconcile', '--last', '3h', '--json'];
    const { code, out } = await runCli({ config: counting.site.config, url }, args);
    return { code, found: JSON.parse(out) as Reconciliation };
  }

  it('names the hour and camera of a message that never came', async () => {
    const { code, found } = await reconcile();
    expect(code).toBe(1);
    expect(found.stored).toMatchObject({ messages: 39, sightings: 78, lost: 1, doubled: 0 });
    const hourMs = Math.floor(startMs / HOUR_MS) * HOUR_MS;
    expect(found.discrepancies).toEqual([{ hourMs, what: 'lost', key: 'gate', expected: '0', found: '1' }]);
  });

  it('says zero lost and zero doubled once it came, also where messages came twice', async () => {
    await publish(counting.broker, [lookAt(20), lookAt(20), lookAt(3), lookAt(4)]);
    await untilAcknowledged(counting);
    const { code, found } = await reconcile();
    expect(found.discrepancies).toEqual([]);
    expect(code).toBe(0);
    expect(found).toMatchObject({
      isWhole: true,
      broker: { published: 43, acknowledged: 43, waiting: 0, dropped: 0 },
      stored: { messages: 40, sightings: 80, lost: 0, doubled: 0 },
      rolledUp: { sightings: 80 },
    });
  });

  it('takes a message in quarantine for explained', async () => {
    const ahead = messageOf({ camera: 'gate', sequence: 40, capturedAtMs: startMs - 90 * HOUR_MS });
    await publish(counting.broker, [ahead, lookAt(41)]);
    await untilAcknowledged(counting);
    const { found } = await reconcile();
    expect(found.stored).toMatchObject({ messages: 41, quarantined: 1, lost: 0 });
    expect(found.isWhole).toBe(true);
  });

  it('names the table that is not what the rows say, and a message that stands there twice', async () => {
    const slice = Math.floor(startMs / 10_000) * 10;
    await counting.writer.command({
      query: `INSERT INTO sharp_eyes.observed_slice SELECT toDateTime(${slice}, 'UTC'), 'gate', 0, '_._._._._', 1, 1, 1, 1, 18000000000000000000`,
    });
    await counting.writer.command({
      query: `INSERT INTO sharp_eyes.observed_minute SELECT toStartOfMinute(toDateTime(${slice}, 'UTC')), 'gate', 0, '_._._._._', 1, 1, 1, 1, max(version) FROM sharp_eyes.minutes WHERE is_closed AND minute = toStartOfMinute(toDateTime(${slice}, 'UTC'))`,
    });
    await counting.writer.command({
      query: `INSERT INTO sharp_eyes.looks SELECT * REPLACE (watched_from + INTERVAL 1 HOUR AS watched_from, watched_to + INTERVAL 1 HOUR AS watched_to) FROM sharp_eyes.looks FINAL WHERE sequence = 7`,
    });
    const { code, found } = await reconcile();
    expect(code).toBe(1);
    expect(found.stored.doubled).toBe(1);
    const what = found.discrepancies.map((one) => one.what);
    expect(what).toContain('doubled');
    expect(what.some((name) => name.startsWith('observed_'))).toBe(true);
  });
});
