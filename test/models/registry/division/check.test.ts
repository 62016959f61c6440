import { describe, expect, it } from 'vitest';
import { checkDivision } from '#models/registry/division/check.ts';
import type { Area } from '#models/schema/area.ts';
import { above, grid, notchedRing, replaced, ringOf, smallCity } from './squares.ts';

/** A square of one step: 0.001 degrees by 0.001 degrees at 36° N. */
const STEP_M2 = 10_000;

async function faultsOf(areas: readonly Area[]) {
  const { faults } = await checkDivision(areas);
  return faults.map(({ code, areas: ids, areaM2, at }) => ({ code, ids: ids.join(' '), areaM2, at }));
}

describe('the check of a division', () => {
  it('finds nothing where every parent is covered once, whatever way rings turn', async () => {
    expect((await checkDivision(smallCity())).counts).toEqual({});
    const turned = smallCity().map((area) => {
      const [ring] = area.geometry.coordinates as [number, number][][];
      return area.id === 'b' ? grid('b', 'village', ring!.toReversed()) : area;
    });
    expect((await checkDivision(turned)).counts).toEqual({});
  });

  it('takes corners that only one neighbour has for the same border', async () => {
    const plain = replaced(smallCity(), grid('a', 'village', ringOf([0, 0, 2, 2])));
    expect(await faultsOf(plain)).toEqual([]);
  });

  it('finds a gap, says how large it is and points into it', async () => {
    const [fault, ...more] = await faultsOf(replaced(smallCity(), grid('d', 'village', notchedRing([3, 2, 4, 4]))));
    expect(more).toEqual([]);
    expect(fault).toMatchObject({ code: 'gap', ids: 'village' });
    expect(fault!.areaM2! / STEP_M2).toBeCloseTo(2, 1);
    expect(fault!.at![0]).toBeGreaterThan(117.002);
    expect(fault!.at![0]).toBeLessThan(117.003);
  });

  it('finds an overlap of neighbours and of a grid laid into another', async () => {
    const wide = await faultsOf(replaced(smallCity(), grid('a', 'village', notchedRing([0, 0, 3, 2]))));
    expect(wide).toMatchObject([{ code: 'overlap', ids: 'a b' }]);
    expect(wide[0]!.areaM2! / STEP_M2).toBeCloseTo(2, 1);
    const inlaid = await faultsOf([...smallCity(), grid('e', 'village', ringOf([0.5, 0.5, 1.5, 1.5]))]);
    expect(inlaid).toMatchObject([{ code: 'overlap', ids: 'a e' }]);
    const twice = await faultsOf([...smallCity(), grid('a2', 'village', notchedRing([0, 0, 2, 2]))]);
    expect(twice).toMatchObject([{ code: 'overlap', ids: 'a a2' }]);
  });

  it('finds a hole that nothing fills, and is content with one that is filled', async () => {
    const holed = grid('a', 'village', notchedRing([0, 0, 2, 2]));
    holed.geometry.coordinates = [notchedRing([0, 0, 2, 2]), ringOf([0.5, 0.5, 1.5, 1.5])];
    expect(await faultsOf(replaced(smallCity(), holed))).toMatchObject([{ code: 'gap', ids: 'village' }]);
    const enclave = grid('e', 'village', ringOf([0.5, 0.5, 1.5, 1.5]));
    expect(await faultsOf([...replaced(smallCity(), holed), enclave])).toEqual([]);
  });

  it('calls a thin strip a sliver, whether it is missing, twice or outside', async () => {
    const metre = 0.011;
    const gap = await faultsOf(replaced(smallCity(), grid('a', 'village', ringOf([0, 0, 2 - metre, 2]))));
    expect(gap).toMatchObject([{ code: 'sliver', ids: 'village' }]);
    const twice = await faultsOf(replaced(smallCity(), grid('a', 'village', ringOf([0, 0, 2 + metre, 2]))));
    expect(twice).toMatchObject([{ code: 'sliver', ids: 'a b' }]);
    const outside = await faultsOf(replaced(smallCity(), grid('a', 'village', ringOf([-metre, 0, 2, 2]))));
    expect(outside).toMatchObject([{ code: 'sliver', ids: 'a village' }]);
  });

  it('finds what lies outside of its parent, and names the parent in which it lies', async () => {
    const out = await faultsOf(replaced(smallCity(), grid('a', 'village', notchedRing([-1, 0, 2, 2]))));
    expect(out).toMatchObject([{ code: 'outside-parent', ids: 'a village' }]);
    const city = [
      ...smallCity(),
      above('village-2', 'village', 'street', notchedRing([4, 0, 8, 4])),
      grid('far', 'village', notchedRing([4, 0, 8, 4])),
    ];
    const { faults } = await checkDivision(city);
    const wrong = faults.find(({ areas }) => areas[0] === 'far')!;
    expect(wrong.areas).toEqual(['far', 'village']);
    expect(wrong.words.en).toBe('far is not in its parent village; it lies in village-2');
    expect(wrong.words.zh).toContain('而在“village-2”内');
    expect(faults.map(({ code }) => code)).toContain('undivided');
  });

  it('finds orphans, wrong levels, households out of 300 to 500 and missing staff, with a place', async () => {
    const [few, many, none] = [{ households: 120 }, { households: 900 }, { leaders: 0, fullTimeWorkers: 0 }];
    const areas = replaced(
      smallCity(),
      grid('a', 'village', notchedRing([0, 0, 2, 2]), few),
      grid('b', 'village', notchedRing([2, 0, 4, 2]), many),
      grid('c', 'village', notchedRing([0, 2, 2, 4]), none),
      grid('orphan', null, notchedRing([9, 9, 10, 10])),
      grid('lost', 'nowhere', notchedRing([10, 9, 11, 10])),
    );
    const found = await faultsOf(areas);
    expect(found.map(({ code, ids }) => `${code} ${ids}`)).toEqual([
      'orphan orphan',
      'orphan lost',
      'households-few a',
      'households-many b',
      'no-leader c',
      'no-full-time-worker c',
    ]);
    for (const { at } of found) expect(at).not.toBeNull();
    const quarter = { form: 'business-quarter', households: 0 } as const;
    const quiet = replaced(smallCity(), grid('a', 'village', notchedRing([0, 0, 2, 2]), quarter));
    expect(await faultsOf(quiet)).toEqual([]);
  });

  it('finds gaps and overlaps below a parent of many children, where only the surroundings are computed', async () => {
    const across = 12;
    const areas: Area[] = [above('city', 'city', null, notchedRing([0, 0, across, across]))];
    for (let x = 0; x < across; x++)
      for (let y = 0; y < across; y++) areas.push(grid(`g-${x}-${y}`, 'city', notchedRing([x, y, x + 1, y + 1])));
    expect(await faultsOf(areas)).toEqual([]);
    const broken = areas.filter(({ id }) => id !== 'g-3-3');
    const wide = replaced(broken, grid('g-8-8', 'city', ringOf([8, 8, 9.5, 9])));
    const found = await faultsOf(wide);
    expect(found.map(({ code, ids }) => `${code} ${ids}`)).toEqual(['gap city', 'overlap g-8-8 g-9-8']);
    expect(found[0]!.areaM2! / STEP_M2).toBeCloseTo(1, 1);
    expect(found[1]!.areaM2! / STEP_M2).toBeCloseTo(0.5, 1);
  });

  it('lists the first faults and counts all', async () => {
    const bare = smallCity().map((area) =>
      area.level === 'grid' ? { ...area, leaders: 0, fullTimeWorkers: 0 } : area,
    );
    const report = await checkDivision(bare, { faultsMax: 3 });
    expect(report.counts).toEqual({ 'no-leader': 4, 'no-full-time-worker': 4 });
    expect(report.faults).toHaveLength(3);
    expect(report.isComplete).toBe(false);
  });
});
