import { describe, expect, it } from 'vitest';
import { idsWithRoom, type Pin } from '#dashboards/src/map/name-room.ts';

const pin = (id: string, x: number, y: number, nameWidthPx = 100): Pin => ({ id, x, y, nameWidthPx });
const WIDTH_PX = 400;
const named = (...pins: Pin[]) => [...idsWithRoom(pins, WIDTH_PX)];

describe('names beside pins', () => {
  it('all show where they are apart', () => {
    expect(named(pin('a', 0, 0), pin('b', 200, 0), pin('c', 0, 40))).toEqual(['a', 'b', 'c']);
  });

  it('give way to one that matters more', () => {
    expect(named(pin('a', 0, 0), pin('b', 40, 20))).toEqual(['b']);
    expect(named(pin('a', 0, 0, 20), pin('b', 30, 20, 100), pin('c', 100, 34, 20))).toEqual(['c']);
    expect(named(pin('a', 0, 0), pin('b', -120, 20))).toEqual(['a']);
  });

  it('are not cut off at the map’s edge', () => {
    expect(named(pin('a', 280, 0), pin('b', 290, 80))).toEqual(['a']);
  });

  it('never lie over another pin, named or not', () => {
    expect(named(pin('a', 0, 0), pin('b', 100, 0, 40))).toEqual(['b']);
  });
});
