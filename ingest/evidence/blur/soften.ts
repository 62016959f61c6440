/** Takes the detail out of a part of a picture's plane: averages of coarse cells, spread smoothly over it. */

export type Plane = { data: Buffer; stride: number; width: number; height: number };
/** In samples of the plane; `right` and `bottom` are the first that do not belong to it. */
export type Part = { left: number; top: number; right: number; bottom: number };

/**
 * What is left of the part are `cells` averages along its shorter side (never of fewer than `cellMin` samples); nothing
 * finer can be had back from it.
 */
export function soften(plane: Plane, part: Part, { cells, cellMin }: { cells: number; cellMin: number }): void {
  const [left, top] = [Math.max(0, part.left), Math.max(0, part.top)];
  const [right, bottom] = [Math.min(plane.width, part.right), Math.min(plane.height, part.bottom)];
  const [width, height] = [right - left, bottom - top];
  if (width <= 0 || height <= 0) return;
  const cell = Math.max(cellMin, Math.min(width, height) / cells);
  const columns = Math.max(1, Math.floor(width / cell));
  const rows = Math.max(1, Math.floor(height / cell));
  const grid = averages(plane, { left, top, right, bottom }, columns, rows);
  const across = weights(width, columns);
  const down = weights(height, rows);
  const { data, stride } = plane;
  for (let y = 0; y < height; y++) {
    const { low: row, share: below } = down[y]!;
    const [upper, lower] = [row * columns, Math.min(row + 1, rows - 1) * columns];
    let at = (top + y) * stride + left;
    for (let x = 0; x < width; x++, at++) {
      const { low, share } = across[x]!;
      const high = Math.min(low + 1, columns - 1);
      const a = grid[upper + low]! * (1 - share) + grid[upper + high]! * share;
      const b = grid[lower + low]! * (1 - share) + grid[lower + high]! * share;
      data[at] = Math.round(a * (1 - below) + b * below);
    }
  }
}

function averages({ data, stride }: Plane, part: Part, columns: number, rows: number): Float64Array {
  const sums = new Float64Array(columns * rows);
  const counts = new Uint32Array(columns * rows);
  const [width, height] = [part.right - part.left, part.bottom - part.top];
  const columnOf = Uint16Array.from({ length: width }, (_, x) => Math.floor((x * columns) / width));
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y * rows) / height) * columns;
    let at = (part.top + y) * stride + part.left;
    for (let x = 0; x < width; x++, at++) {
      const index = row + columnOf[x]!;
      sums[index]! += data[at]!;
      counts[index]!++;
    }
  }
  return sums.map((sum, index) => sum / counts[index]!);
}

/** For each sample the cell whose middle lies before it, and how far it is on the way to the next. */
function weights(length: number, cells: number): { low: number; share: number }[] {
  return Array.from({ length }, (_, at) => {
    const place = Math.min(Math.max(((at + 0.5) * cells) / length - 0.5, 0), cells - 1);
    const low = Math.floor(place);
    return { low, share: place - low };
  });
}
