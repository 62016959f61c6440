import { describe, expect, it } from 'vitest';
import { parkedAt, parkedBicycles } from '#demo/world/stages/parked-bicycles.ts';
import { isParkedId } from '#demo/world/traffic/agent-id.ts';
import { VIEWS, viewOf } from '#demo/world/views.ts';

describe('parked bicycles', () => {
  it('stand in a row as long as their furniture, the same ones every time', () => {
    const { stage } = viewOf('school');
    const row = stage.props.find(({ kind }) => kind === 'share-bikes')!;
    const bicycles = parkedBicycles(stage, row);
    expect(parkedBicycles(stage, row)).toEqual(bicycles);
    expect(bicycles.length).toBeGreaterThan(8);
    for (const { x, y, z } of bicycles) {
      expect(Math.hypot(x - row.x, y - row.y)).toBeLessThan(row.lengthM! / 2 + 0.2);
      expect(z).toBeGreaterThanOrEqual(0);
    }
    expect(parkedBicycles(stage, { ...row, kind: 'bench' })).toEqual([]);
  });

  it('have numbers of their own in every view, apart from those that move', () => {
    expect(VIEWS.some((view) => parkedAt(view, 'main').length > 0)).toBe(true);
    for (const view of VIEWS) {
      for (const { id } of view.variants) {
        const ids = parkedAt(view, id).map((bicycle) => bicycle.id);
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids.every(isParkedId)).toBe(true);
      }
    }
  });
});
