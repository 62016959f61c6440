import { describe, expect, it } from 'vitest';
import { correlate } from '#demo/score/correlation.ts';
import { labelsOf, match } from '#demo/score/match.ts';
import type { TruthAgent } from '#demo/world/truth/clip-truth.ts';
import type { Detection } from '#models/schema/detection.ts';

const agent = (change: Partial<TruthAgent>): TruthAgent => ({
  id: 1,
  kind: 'person',
  part: 'whole',
  stays: false,
  box: [0.4, 0.4, 0.1, 0.3],
  visible: 1,
  lon: 0,
  lat: 0,
  ...change,
});
const found = (change: Partial<Detection>): Detection => ({
  kind: 'person',
  score: 0.8,
  box: [0.4, 0.4, 0.1, 0.3],
  ...change,
});

describe('matching detections with the truth', () => {
  it('pairs each thing with one detection of its kind, the surest first', () => {
    const labels = labelsOf([agent({})]);
    const [strong, second] = [found({ score: 0.9 }), found({ score: 0.7 })];
    const { pairs, wrong, missed } = match(labels, [second, strong, found({ kind: 'car' })]);
    expect(pairs.map(({ detection }) => detection)).toEqual([strong]);
    expect(wrong).toHaveLength(2);
    expect(missed).toEqual([]);
  });

  it('lets what is hardly in sight count neither way', () => {
    const labels = labelsOf([agent({ visible: 0.3 }), agent({ id: 2, box: [0.95, 0.1, 0.2, 0.3] })]);
    const { pairs, wrong, missed } = match(labels, [found({}), found({ box: [0.95, 0.1, 0.05, 0.3] })]);
    expect([pairs, wrong, missed]).toEqual([[], [], []]);
  });

  it('finds a rider’s machine alone or with the rider', () => {
    const machine = agent({ id: 3, kind: 'bicycle', part: 'machine', box: [0.4, 0.6, 0.1, 0.1] });
    const both = { ...machine, part: 'both' as const, box: [0.4, 0.4, 0.1, 0.3] as TruthAgent['box'] };
    const labels = labelsOf([machine, both]);
    expect(labels).toHaveLength(1);
    expect(match(labels, [found({ kind: 'bicycle', box: machine.box })]).pairs).toHaveLength(1);
    expect(match(labels, [found({ kind: 'bicycle', box: both.box })]).pairs).toHaveLength(1);
  });

  it('knows what is in the clear', () => {
    expect(labelsOf([agent({ visible: 0.7 })])[0]).toMatchObject({ isIgnored: false, isClear: false });
    expect(labelsOf([agent({ visible: 0.85 })])[0]).toMatchObject({ isIgnored: false, isClear: true });
  });
});

describe('correlation', () => {
  it('is one for maps of the same shape, and ranks forgive a bent scale', () => {
    const line = [0, 1, 2, 3, 4].map((x) => [x, 3 * x + 1] as const);
    expect(correlate(line).pearson).toBeCloseTo(1, 9);
    const bent = [0, 1, 2, 3, 4].map((x) => [x, x ** 4] as const);
    expect(correlate(bent).pearson).toBeLessThan(0.95);
    expect(correlate(bent).spearman).toBeCloseTo(1, 9);
    expect(correlate([0, 1, 2].map((x) => [x, -x] as const)).spearman).toBeCloseTo(-1, 9);
  });

  it('shares ranks among equals', () => {
    const { spearman } = correlate([
      [0, 0],
      [0, 1],
      [5, 5],
      [9, 9],
    ]);
    expect(spearman).toBeCloseTo(0.949, 3);
  });
});
