/** What is drawn for the model card: failures and reliability. */
import { describe, expect, it } from 'vitest';
import { failuresOf } from '#models/training/failures.ts';
import { pool, reliabilitySvg } from '#models/training/reliability.ts';

const found = (kind: 'person' | 'bicycle', x: number, score: number) =>
  ({ kind, score, box: [x, 0.1, 0.1, 0.2] }) as const;
const frame = {
  labels: [
    { kind: 'bicycle' as const, box: [0.1, 0.1, 0.1, 0.2] as [number, number, number, number] },
    { kind: 'bicycle' as const, box: [0.5, 0.1, 0.1, 0.3] as [number, number, number, number] },
  ],
  regions: [[0.8, 0.1, 0.1, 0.2] as [number, number, number, number]],
};

describe('failures', () => {
  it('are what was found where nothing is, and what is there and was not found; regions to ignore are neither', () => {
    const detections = [
      found('bicycle', 0.1, 0.9),
      found('bicycle', 0.3, 0.6),
      found('bicycle', 0.8, 0.7),
      found('person', 0.5, 0.8),
    ].map((one) => ({ ...one, box: [...one.box] as [number, number, number, number] }));
    const failures = failuresOf(detections, frame, 'bicycle');
    expect(failures.map(({ what }) => what)).toEqual(['wrong', 'missed']);
    expect(failures[0]).toMatchObject({ weight: 0.6, box: detections[1]!.box });
    expect(failures[1]!.box).toEqual(frame.labels[1]!.box);
  });

  it('count a second find of one thing as wrong', () => {
    const twice = [0.9, 0.5].map((score) => ({ kind: 'bicycle' as const, score, box: frame.labels[0]!.box }));
    expect(failuresOf(twice, frame, 'bicycle').filter(({ what }) => what === 'wrong')).toHaveLength(1);
  });
});

describe('the reliability of a judge', () => {
  const bin = (from: number, count: number, right: number) => ({
    from,
    to: from + 0.1,
    count,
    meanScore: from + 0.05,
    right,
  });

  it('weighs kinds by their finds', () => {
    const pooled = pool([{ reliability: [bin(0.4, 30, 0.5)] }, { reliability: [bin(0.4, 10, 0.9), bin(0.2, 4, 0)] }]);
    expect(pooled.map(({ from, count }) => [from, count])).toEqual([
      [0.2, 4],
      [0.4, 40],
    ]);
    expect(pooled[1]!.right).toBeCloseTo(0.6);
  });

  it('is drawn without bins of a few finds', () => {
    const svg = reliabilitySvg([{ name: 'street', bins: [bin(0.2, 4, 0), bin(0.4, 40, 0.6), bin(0.8, 20, 0.9)] }]);
    expect(svg.match(/<circle/g)).toHaveLength(2);
    expect(svg).toContain('street');
  });
});
