import { describe, expect, it } from 'vitest';
import { buildAreaIndex, checkPolygon } from '#models/registry/polygon.ts';
import type { Polygon } from '#models/schema/area.ts';

const polygon = (...rings: number[][][]): Polygon => ({ type: 'Polygon', coordinates: rings });
const square = (west: number, south: number, size: number) => [
  [west, south],
  [west + size, south],
  [west + size, south + size],
  [west, south + size],
  [west, south],
];
const codes = (geometry: unknown) => checkPolygon(geometry).map((fault) => fault.code);

describe('checking a polygon', () => {
  it('finds nothing wrong with good ones: a hole, several parts, a hole that touches, repeated points', () => {
    expect(codes(polygon(square(117, 36, 0.01)))).toEqual([]);
    expect(codes(polygon(square(117, 36, 0.01), square(117.002, 36.002, 0.002)))).toEqual([]);
    const parts = [[square(117, 36, 0.01)], [square(117.02, 36, 0.01)]];
    expect(codes({ type: 'MultiPolygon', coordinates: parts })).toEqual([]);
    const touching = [[117.005, 36], [117.006, 36.002], [117.004, 36.002], [117.005, 36]]; // biome-ignore format: a triangle
    expect(codes(polygon(square(117, 36, 0.01), touching))).toEqual([]);
    const doubled = square(117, 36, 0.01);
    expect(codes(polygon([doubled[0]!, ...doubled]))).toEqual([]);
    const circle = Array.from({ length: 5001 }, (_, i) => {
      const angle = ((i % 5000) / 5000) * 2 * Math.PI;
      return [117 + 0.01 * Math.cos(angle), 36 + 0.01 * Math.sin(angle)];
    });
    expect(codes(polygon(circle))).toEqual([]);
  });

  it('names the place where a ring crosses itself', () => {
    const bow = polygon([[117, 36], [117.01, 36.01], [117.01, 36], [117, 36.01], [117, 36]]); // biome-ignore format: a bow
    const [fault] = checkPolygon(bow);
    expect(fault).toMatchObject({ code: 'self-crossing' });
    expect(fault?.at?.[0]).toBeCloseTo(117.005, 9);
    expect(fault?.message).toContain('117.005000, 36.005000');
    const spike = polygon([[0, 0], [2, 0], [2, 2], [2, 1], [0, 2], [0, 0]]); // biome-ignore format: a spike
    expect(codes(spike)).toContain('self-crossing');
    const pinched = polygon([[0, 0], [1, 1], [2, 0], [2, 2], [1, 1], [0, 2], [0, 0]]); // biome-ignore format: a sandglass
    expect(codes(pinched)).toContain('self-crossing');
  });

  it('says what else is wrong, one code per kind of fault', () => {
    expect(codes(polygon([[1, 1], [2, 2], [1, 1]]))).toEqual(['too-few-points']); // biome-ignore format: a line
    expect(codes(polygon([[1, 1], [2, 2], [1, 1], [2, 2], [1, 1]]))).toEqual(['too-few-points']); // biome-ignore format: a line
    expect(codes(polygon(square(1, 1, 1).slice(0, 4)))).toEqual(['not-closed']);
    expect(checkPolygon(polygon(square(36, 117, 0.01)))[0]?.message).toContain('exchanged');
    expect(codes(polygon([[0, 0], [1, 1], [2, 2], [0, 0]]))).toContain('self-crossing'); // biome-ignore format: a line
    expect(codes(polygon(square(0, 0, 1), square(5, 5, 0.5)))).toContain('hole-outside');
    expect(codes({ type: 'MultiPolygon', coordinates: [[square(0, 0, 3)], [square(1, 1, 1)]] })).toEqual([
      'parts-overlap',
    ]);
    expect(codes({ type: 'MultiPolygon', coordinates: [[square(0, 0, 3)], [square(1, 1, 5)]] })).toContain(
      'self-crossing',
    );
    for (const bad of [null, 7, {}, { type: 'Point', coordinates: [1, 1] }, { type: 'Polygon' }, polygon([])])
      expect(codes(bad).length).toBeGreaterThan(0);
  });
});

describe('locating a place', () => {
  const area = (id: string, level: 'city' | 'grid', geometry: Polygon) => ({ id, level, geometry });
  const index = buildAreaIndex([
    area('jinan', 'city', polygon(square(117, 36, 1))),
    area('g1', 'grid', polygon(square(117.125, 36.125, 0.125))),
    area('g2', 'grid', polygon(square(117.25, 36.125, 0.125), square(117.3125, 36.1875, 0.03125))),
  ]);

  it('finds the deepest area, its holes left out, and null outside of all', () => {
    expect(index.locate(117.15, 36.15)).toBe('g1');
    expect(index.locate(117.3, 36.15)).toBe('g2');
    expect(index.locate(117.32, 36.2)).toBe('jinan');
    expect(index.locate(117.5, 36.9)).toBe('jinan');
    expect(index.locate(118.5, 36.9)).toBeNull();
    expect(buildAreaIndex([]).locate(117, 36)).toBeNull();
  });

  it('gives a border to one of the two, always the same', () => {
    expect(index.locate(117.25, 36.15)).toBe('g1');
  });

  it('knows whether a border runs through a box', () => {
    expect(index.isDivided(117.14, 36.14, 117.16, 36.16)).toBe(false);
    expect(index.isDivided(117.24, 36.14, 117.26, 36.16)).toBe(true);
  });
});
