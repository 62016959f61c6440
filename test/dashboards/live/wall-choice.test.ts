import { describe, expect, it } from 'vitest';
import { readChoice, tilesOf, type WallChoice, withPick } from '#dashboards/src/live/wall-choice.ts';
import type { CameraView } from '#models/schema/camera-view.ts';

const camera = (number: number, values: Partial<CameraView> = {}): CameraView => ({
  ...{ id: `cam-${number}`, name: `Camera ${number}`, source: { kind: 'file', path: '/clip.mp4', isLooped: true } },
  ...{ area: 'grid-1', areaPath: ['city', 'west', '_', '_', 'grid-1'], isEnabled: true, sampleFps: 5, isGated: true },
  ...{
    fullLookIntervalS: 10,
    createdAtMs: 1,
    updatedAtMs: 1,
    hasPassword: false,
    state: null,
    calibrationVersion: null,
  },
  revision: 1,
  ...values,
});
const all = Array.from({ length: 12 }, (_, index) => camera(12 - index));
const everywhere: WallChoice = { grid: '2', from: { name: 'everywhere' }, picks: [], hasBoxes: true };
const idsOf = (tiles: readonly (CameraView | null)[]) => tiles.map((tile) => tile?.id ?? null);

describe('the choice of the live wall', () => {
  it('shows all cameras in the order of their names, page by page', () => {
    expect(idsOf(tilesOf(all, everywhere, 0).tiles)).toEqual(['cam-1', 'cam-2', 'cam-3', 'cam-4']);
    const last = tilesOf(all, { ...everywhere, grid: '3' }, 7);
    expect(last).toMatchObject({ pages: 2, page: 1 });
    expect(idsOf(last.tiles).slice(0, 4)).toEqual(['cam-10', 'cam-11', 'cam-12', null]);
  });

  it('keeps to an area and what lies below it, without what is switched off', () => {
    const cameras = [
      camera(1),
      camera(2, { areaPath: ['city', 'east', '_', '_', '_'] }),
      camera(3, { isEnabled: false }),
    ];
    const west: WallChoice = { ...everywhere, from: { name: 'area', area: 'west' } };
    expect(idsOf(tilesOf(cameras, west, 0).tiles)).toEqual(['cam-1', null, null, null]);
  });

  it('makes what is shown the person’s own when another camera is picked in one place', () => {
    const { tiles } = tilesOf(all, everywhere, 0);
    const picked = withPick(everywhere, tiles, 1, 'cam-9');
    expect(idsOf(tilesOf(all, picked, 0).tiles)).toEqual(['cam-1', 'cam-9', 'cam-3', 'cam-4']);
    const larger = tilesOf(all, { ...picked, grid: '3' }, 0);
    expect(idsOf(larger.tiles)).toEqual(['cam-1', 'cam-9', 'cam-3', 'cam-4', null, null, null, null, null]);
  });

  it('comes back as it was kept, and takes nothing that was kept by somebody else', () => {
    const picked = withPick(everywhere, [], 0, 'cam-9');
    expect(readChoice(JSON.stringify(picked))).toEqual(picked);
    const west: WallChoice = { ...everywhere, grid: '3', from: { name: 'area', area: 'west' }, hasBoxes: false };
    expect(readChoice(JSON.stringify(west))).toEqual(west);
    for (const text of [null, '', '{', '7', '{"grid":"9","from":{"name":"area"},"picks":{}}']) {
      expect(readChoice(text)).toEqual(everywhere);
    }
  });
});
