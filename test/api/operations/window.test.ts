import { describe, expect, it } from 'vitest';
import { readSample } from '#api/operations/sample.ts';
import { stagesNow } from '#api/operations/stages.ts';
import { openWindow } from '#api/operations/window.ts';
import type { Finding, HealthReport } from '#models/schema/site-view.ts';
import { createMetrics } from '#system/metrics.ts';

const none = { text: '', atMs: 0 };

describe('a sample of the counts of all processes', () => {
  it('keeps what the picture needs, of histograms sum and count, and the store’s by its page', async () => {
    const metrics = createMetrics('ingest', 'worker-1');
    metrics.counter('sharp_eyes_messages_total', 'messages', ['outcome']).inc({ outcome: 'published' }, 7);
    metrics.histogram('sharp_eyes_publish_seconds', 'seconds', [0.1, 1]).observe(0.5);
    metrics.counter('sharp_eyes_somebody_elses_total', 'not asked for').inc();
    const text = [
      '# HELP sharp_eyes_store_queries_total Queries answered',
      'sharp_eyes_store_queries_total{account="reader",kind="select",error="",role="store"} 12',
      'sharp_eyes_store_query_seconds_bucket{le="0.1",account="reader"} 11',
      'sharp_eyes_disk_free_bytes{role="store",process="store-1"} 5e9',
    ].join('\n');
    const { series } = readSample([await metrics.registry.getMetricsAsJSON(), null, 'noise'], { text, atMs: 5 });
    const found = [...series.values()].map(({ name, value }) => [name, value]);
    expect(found.sort()).toEqual([
      ['sharp_eyes_disk_free_bytes', 5e9],
      ['sharp_eyes_messages_total', 7],
      ['sharp_eyes_publish_seconds_count', 1],
      ['sharp_eyes_publish_seconds_sum', 0.5],
      ['sharp_eyes_store_queries_total', 12],
    ]);
  });
});

describe('what happened between two samples', () => {
  const sampleOf = (atMs: number, lines: string[]) => readSample([], { text: lines.join('\n'), atMs });
  const name = 'sharp_eyes_messages_total';
  const line = (process: string, value: number, outcome = 'published') =>
    `${name}{process="${process}",outcome="${outcome}"} ${value}`;

  it('is a rate per second, over processes that go on, begin anew and are new', () => {
    const earlier = sampleOf(0, [line('a', 100), line('b', 500), line('gone', 9)]);
    const latest = sampleOf(10_000, [line('a', 130), line('b', 20), line('c', 50), line('a', 3, 'spooled')]);
    const window = openWindow(latest, earlier);
    expect(window.grown(name, ({ outcome }) => outcome === 'published')).toBe(30 + 20 + 50);
    expect(window.perS(name)).toBeCloseTo(10.3);
    expect(window.seconds).toBe(10);
  });

  it('is not known before there are two, nor of what nobody counts', () => {
    const one = sampleOf(0, [line('a', 1)]);
    expect(openWindow(one, undefined).perS(name)).toBeNull();
    expect(openWindow(one, one).perS('sharp_eyes_nothing')).toBeNull();
    expect(openWindow(one, one).perS(name)).toBeNull();
  });

  it('is the mean of the new observations alone', () => {
    const of = (sum: number, count: number) => [
      `sharp_eyes_publish_seconds_sum{process="a"} ${sum}`,
      `sharp_eyes_publish_seconds_count{process="a"} ${count}`,
    ];
    const window = openWindow(sampleOf(10, of(4, 30)), sampleOf(0, of(3, 20)));
    expect(window.mean('sharp_eyes_publish_seconds')).toBeCloseTo(0.1);
    expect(openWindow(sampleOf(10, of(4, 30)), sampleOf(0, of(4, 30))).mean('sharp_eyes_publish_seconds')).toBeNull();
  });
});

describe('a stage', () => {
  const processes = ['analytics', 'rules'].map((role) => ({
    ...{ role, process: `${role}-1`, isWell: true, startedAtMs: 1, details: {} },
  }));
  const health = (findings: Finding[]): HealthReport => ({
    ...{ isWell: findings.length === 0, processes, findings, cameras: { live: 3, down: 1, disabled: 2 } },
    broker: { isConnected: true, streamBytes: 10, streamMaxBytes: 100, messagesWaiting: 4 },
    store: { isReachable: true, details: {} },
  });
  const stages = (findings: Finding[], text = '') => {
    const window = openWindow(readSample([], { text, atMs: 1000 }), readSample([], none));
    const channels = { backlog: 0, findings: [], count: 0 };
    return stagesNow({ window, health: health(findings), closedHourMs: null, channels, nowMs: 1000 });
  };
  const stateOf = (all: ReturnType<typeof stages>, name: string) => all.find(({ stage }) => stage === name)?.state;

  it('is unwell by a finding, asks for a look by a warning or a loss, and is well else', () => {
    const finding = { message: 'm', cure: 'c' };
    const found = stages(
      [
        { ...finding, stage: 'ingest' },
        { ...finding, stage: 'store', isWarning: true },
      ],
      'sharp_eyes_rules_messages_lost_total{process="a"} 2',
    );
    expect(stateOf(found, 'ingest')).toBe('unwell');
    expect(stateOf(found, 'store')).toBe('warned');
    expect(stateOf(found, 'rules')).toBe('warned');
    expect(stateOf(found, 'analytics')).toBe('well');
    // Nobody answers for it, and nobody said that it is needed.
    expect(stateOf(found, 'channels')).toBe('unknown');
  });

  it('counts cameras that are switched on, and what waits in the broker', () => {
    const found = stages([]);
    expect(found[0]?.figures).toEqual([
      { name: 'cameras-live', value: 3 },
      { name: 'cameras-all', value: 4 },
    ]);
    expect(found.find(({ stage }) => stage === 'broker')).toMatchObject({ backlog: 4, ratePerS: null });
  });

  it('counts as errors of the store what failed and what came too late, not what its asker left', () => {
    const query = (account: string, error: string, count: number) =>
      `sharp_eyes_store_queries_total{account="${account}",kind="read",error="${error}"} ${count}`;
    const errors = (...lines: string[]) => stages([], lines.join('\n')).find(({ stage }) => stage === 'store')?.errors;
    const left = [query('reader', '0', 90), query('reader', '394', 7), query('analyst', '394', 2)];
    expect(errors(...left) ?? 0).toBe(0);
    expect(errors(...left, query('writer', '394', 3), query('reader', '60', 4))).toBe(7);
    expect(errors(...left, 'sharp_eyes_figures_too_long_total{process="a"} 5')).toBe(5);
  });
});
