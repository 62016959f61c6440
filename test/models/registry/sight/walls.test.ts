import { describe, expect, it } from 'vitest';
import { buildWalls } from '#models/registry/sight/walls.ts';
import { tangentPlane } from '#models/registry/tangent-plane.ts';
import type { Building } from '#models/schema/building.ts';

const plane = tangentPlane(117, 36.66);
const at = (east: number, north: number) => plane.toDegrees(east, north);

function house([west, south, east, north]: readonly [number, number, number, number], heightM: number): Building {
  const corners = [at(west, south), at(east, south), at(east, north), at(west, north), at(west, south)];
  return { heightM, geometry: { type: 'Polygon', coordinates: [corners] } };
}

/** 6 m over the origin. */
const [lon, lat] = at(0, 0);
const lens = { lon, lat, heightM: 6 };
const seen = (buildings: Building[], east: number, north: number) =>
  buildWalls(buildings).seenFrom(lens)(...at(east, north));

describe('walls', () => {
  it('hide the ground behind them and on which they stand, and nothing before or beside them', () => {
    const houses = [house([-5, 20, 5, 30], 12)];
    expect(seen(houses, 0, 15)).toBe(true);
    expect(seen(houses, 0, 25)).toBe(false);
    expect(seen(houses, 0, 60)).toBe(false);
    expect(seen(houses, 20, 40)).toBe(true);
    expect(seen(houses, 0, -40)).toBe(true);
  });

  it('are looked over where they are lower than the ray: a wall of 2 m at 20 m hides the ground up to 30 m', () => {
    const wall = [house([-5, 19.9, 5, 20], 2)];
    expect(seen(wall, 0, 29)).toBe(false);
    expect(seen(wall, 0, 31)).toBe(true);
  });

  it('hide nothing from a camera that hangs on them or stands on their roof', () => {
    expect(seen([house([-5, -10, 5, 0.5], 30)], 0, 30)).toBe(true);
    expect(seen([house([-5, -10, 5, -0.3], 30)], 0, 30)).toBe(true);
    expect(seen([house([-5, -10, 5, -0.3], 30)], 0, -30)).toBe(false);
  });

  it('let one see into a courtyard from above it', () => {
    const block = house([10, 10, 50, 50], 15);
    const yard = [at(20, 20), at(40, 20), at(40, 40), at(20, 40), at(20, 20)];
    block.geometry.coordinates.push(yard);
    const walls = buildWalls([block]);
    const [middleLon, middleLat] = at(30, 30);
    expect(walls.seenFrom(lens)(middleLon, middleLat)).toBe(false);
    expect(walls.seenFrom({ ...lens, lon: middleLon, lat: middleLat })(...at(35, 35))).toBe(true);
  });

  it('are none where there are no houses', () => {
    expect(seen([], 0, 60)).toBe(true);
  });
});
