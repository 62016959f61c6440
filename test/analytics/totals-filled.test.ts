import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHealth } from '#analytics/health.ts';
import { createStages } from '#analytics/metrics.ts';
import { createMetrics } from '#system/metrics.ts';
import { closeAsOlder, DAY_MS, TOWN_AREAS, writeWeeks } from '#test/api/dashboards/weeks.ts';
import { until } from '#test/site/site.ts';
import { type CountingSite, startCountingSite } from './counting-site.ts';

const toMs = Math.floor(Date.now() / DAY_MS) * DAY_MS;
const HOURS = 9 * 24;

describe('hours that an older analytics closed beside this one', () => {
  let counting: CountingSite;
  beforeAll(async () => {
    counting = await startCountingSite();
  }, 120_000);
  afterAll(async () => counting?.[Symbol.asyncDispose]());

  it('get their totals from upkeep, whoever closed them and whenever', async () => {
    const { writer } = counting;
    const count = async (of: string) => {
      const result = await writer.query({ query: `SELECT count() AS n FROM sharp_eyes.${of}`, format: 'JSONEachRow' });
      return Number((await result.json<{ n: string }>())[0]!.n);
    };
    await writeWeeks(writer, { fromMs: toMs - HOURS * 3_600_000, toMs });
    const rows = TOWN_AREAS.length * HOURS * 4;
    expect(await count('totals_by_hour')).toBe(rows);
    await closeAsOlder(writer);
    expect(await count('whole_totals_by_hour')).toBe(rows);
    await until('they are filled in', async () => (await count('totals_by_hour')) === rows);
    await until('it is marked', async () => (await count('hours FINAL WHERE is_closed AND NOT has_totals')) === 0);
    expect(await count('whole_totals_by_hour')).toBe(rows);
  });

  it('are told by doctor as long as they lack them, which is no fault', () => {
    const stages = createStages(createMetrics('analytics'));
    const health = createHealth(stages, { broker: counting.broker, config: counting.site.config });
    expect(health().warnings).toBeUndefined();
    stages.totalsLacking(1512);
    expect(health()).toMatchObject({
      isWell: true,
      warnings: [{ code: 'totals-lacking', message: expect.stringMatching(/^1512 hours/) }],
    });
    stages.totalsLacking(0);
    expect(health().warnings).toBeUndefined();
  });
});
