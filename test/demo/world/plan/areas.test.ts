import { describe, expect, it } from 'vitest';
import { planImport } from '#api/areas/import.ts';
import { toLonLat } from '#demo/world/origin.ts';
import { cityAreas } from '#demo/world/plan/areas.ts';
import { roadLines } from '#demo/world/plan/lattice.ts';
import { houseMap, placeMap, roadMap } from '#demo/world/plan/map.ts';
import { VIEWS } from '#demo/world/views.ts';
import { breatheBetween } from '#models/registry/division/breathe.ts';
import { checkDivision } from '#models/registry/division/check.ts';
import { checkPolygon } from '#models/registry/polygon.ts';
import type { Area } from '#models/schema/area.ts';

const areas = cityAreas();
const level = (name: Area['level']) => areas.filter((area) => area.level === name);
const ringOf = ({ geometry }: Area) =>
  (geometry.type === 'Polygon' ? geometry.coordinates[0]! : []) as [number, number][];

/** Twice the area, in square degrees. */
function doubleArea(ring: [number, number][]): number {
  const [ox, oy] = ring[0]!;
  return Math.abs(
    ring.slice(0, -1).reduce((sum, [x, y], index) => {
      const [nx, ny] = ring[index + 1]!;
      return sum + (x - ox) * (ny - oy) - (nx - ox) * (y - oy);
    }, 0),
  );
}

describe('the areas of the invented city', () => {
  it('are two districts, four streets, eight communities and forty grids of 300 to 500 households', () => {
    expect(
      ['city', 'district', 'street', 'village', 'grid'].map((name) => level(name as Area['level']).length),
    ).toEqual([1, 2, 4, 8, 40]);
    for (const { households } of level('grid')) {
      expect(households).toBeGreaterThanOrEqual(300);
      expect(households).toBeLessThanOrEqual(500);
    }
  });

  it('are taken by the import without a fault, and divide the city without one', async () => {
    const features = areas.map(({ geometry, version: _, ...properties }) => ({
      properties,
      raw: properties,
      geometry,
    }));
    const plan = await planImport(features, { former: new Map(), breathe: breatheBetween() });
    expect((await checkDivision(areas)).counts).toEqual({});
    expect(plan.problems).toEqual([]);
    expect(plan.areas).toHaveLength(areas.length);
    expect(areas.flatMap(({ geometry }) => checkPolygon(geometry))).toEqual([]);
  });

  it('tile the city: every edge inside it belongs to two grids, and their areas add up', () => {
    const edges = new Map<string, number>();
    for (const grid of level('grid')) {
      const ring = ringOf(grid);
      for (const [index, point] of ring.slice(0, -1).entries()) {
        const key = [point, ring[index + 1]!].map(String).sort().join(' ');
        edges.set(key, (edges.get(key) ?? 0) + 1);
      }
    }
    const outside = [...edges.values()].filter((count) => count === 1);
    expect(Math.max(...edges.values())).toBe(2);
    expect(outside).toHaveLength(2 * (8 + 5));
    const sum = level('grid').reduce((total, grid) => total + doubleArea(ringOf(grid)), 0);
    expect(sum / doubleArea(ringOf(level('city')[0]!))).toBeCloseTo(1, 9);
  });

  it('make every parent the sum of its children', () => {
    for (const parent of areas.filter((area) => area.level !== 'grid')) {
      const children = areas.filter((area) => area.parent === parent.id);
      const sum = children.reduce((total, child) => total + doubleArea(ringOf(child)), 0);
      expect(sum / doubleArea(ringOf(parent))).toBeCloseTo(1, 9);
    }
  });

  it('follow the roads: every border of a grid runs along one', () => {
    const pieces = new Set(
      roadLines().flatMap(({ points }) =>
        points.slice(1).map((point, index) =>
          [points[index]!, point]
            .map((at) => String(toLonLat(at)))
            .sort()
            .join(' '),
        ),
      ),
    );
    for (const grid of level('grid')) {
      const ring = ringOf(grid);
      for (const [index, point] of ring.slice(0, -1).entries()) {
        expect(pieces).toContain([point, ring[index + 1]!].map(String).sort().join(' '));
      }
    }
  });
});

describe('the map', () => {
  it('names fifteen roads and shows houses and what the cameras look at', () => {
    expect(roadMap().features).toHaveLength(15);
    expect(placeMap(VIEWS).features.length).toBeGreaterThan(9);
    expect(houseMap(VIEWS).features.length).toBeGreaterThan(300);
    expect(houseMap(VIEWS).features.flatMap(({ geometry }) => checkPolygon(geometry))).toEqual([]);
  });
});
