import { describe, expect, it } from 'vitest';
import { cityWalls, scoreCoverage } from '#demo/score/coverage.ts';
import { viewOf } from '#demo/world/views.ts';

const walls = cityWalls();

describe('planned coverage against the truth of the loops', () => {
  it.each(['avenue', 'parking', 'side-street'])('of %s names every cell in which the picture shows people', (id) => {
    const { shown, both, planned } = scoreCoverage(viewOf(id), 'busy', { walls, what: 'in-picture' });
    expect(shown).toBeGreaterThan(5);
    expect(both / shown).toBeGreaterThan(0.95);
    expect(planned).toBeGreaterThan(0);
  });

  it('is told too wide by a plan without the sizes of people: what counts as seen is less, and truer', () => {
    const [wide, seen] = (['in-picture', 'seen'] as const).map((what) =>
      scoreCoverage(viewOf('riverside'), 'busy', { walls, what }),
    ) as [ReturnType<typeof scoreCoverage>, ReturnType<typeof scoreCoverage>];
    expect(seen.planned).toBeLessThan(wide.planned);
    expect(seen.both / seen.planned).toBeGreaterThan(wide.both / wide.planned);
  });
});
