/** Finds the lowest point of a function of a few numbers without its derivative: a simplex after Nelder and Mead (1965). */

type Corner = { at: number[]; value: number };

export function minimise(cost: (at: readonly number[]) => number, start: readonly number[], steps = 150): number[] {
  const corner = (at: number[]): Corner => ({ at, value: cost(at) });
  const corners = [
    corner([...start]),
    ...start.map((_, axis) => corner(start.map((value, index) => value + Number(index === axis) * 0.7))),
  ];
  for (let step = 0; step < steps; step++) {
    corners.sort((a, b) => a.value - b.value);
    const worst = corners.at(-1)!;
    const middle = start.map(
      (_, axis) => corners.slice(0, -1).reduce((sum, { at }) => sum + at[axis]!, 0) / (corners.length - 1),
    );
    const along = (share: number) => corner(middle.map((value, axis) => value + share * (value - worst.at[axis]!)));
    const reflected = along(1);
    if (reflected.value < corners[0]!.value) {
      const expanded = along(2);
      corners[corners.length - 1] = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < corners.at(-2)!.value) corners[corners.length - 1] = reflected;
    else {
      const drawn = reflected.value < worst.value ? along(0.5) : along(-0.5);
      if (drawn.value < Math.min(worst.value, reflected.value)) corners[corners.length - 1] = drawn;
      else shrink(corners, corner);
    }
  }
  return corners.reduce((best, one) => (one.value < best.value ? one : best)).at;
}

function shrink(corners: Corner[], corner: (at: number[]) => Corner): void {
  const [best] = corners;
  for (let index = 1; index < corners.length; index++)
    corners[index] = corner(corners[index]!.at.map((value, axis) => (value + best!.at[axis]!) / 2));
}
