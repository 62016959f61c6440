/** The arithmetic behind a calibration: 3x3 matrices, and the homography that maps one set of points to another. */

/** Nine numbers, row by row. */
export type Matrix = readonly number[];
export type Point = readonly [x: number, y: number];

/** Returns the image of (x, y, 1): a point is at [0] / [2], [1] / [2]. */
export function apply(m: Matrix, x: number, y: number): [number, number, number] {
  return [m[0]! * x + m[1]! * y + m[2]!, m[3]! * x + m[4]! * y + m[5]!, m[6]! * x + m[7]! * y + m[8]!];
}

export function multiply(a: Matrix, b: Matrix): number[] {
  return Array.from({ length: 9 }, (_, index) => {
    const [row, column] = [Math.floor(index / 3) * 3, index % 3];
    return a[row]! * b[column]! + a[row + 1]! * b[column + 3]! + a[row + 2]! * b[column + 6]!;
  });
}

export function determinant(m: Matrix): number {
  return (
    m[0]! * (m[4]! * m[8]! - m[5]! * m[7]!) -
    m[1]! * (m[3]! * m[8]! - m[5]! * m[6]!) +
    m[2]! * (m[3]! * m[7]! - m[4]! * m[6]!)
  );
}

/** The adjugate divided by the determinant; infinite where there is no inverse. */
export function invert(m: Matrix): number[] {
  const cofactor = (a: number, b: number, c: number, d: number) => m[a]! * m[d]! - m[b]! * m[c]!;
  const adjugate = [
    cofactor(4, 5, 7, 8),
    -cofactor(1, 2, 7, 8),
    cofactor(1, 2, 4, 5),
    -cofactor(3, 5, 6, 8),
    cofactor(0, 2, 6, 8),
    -cofactor(0, 2, 3, 5),
    cofactor(3, 4, 6, 7),
    -cofactor(0, 1, 6, 7),
    cofactor(0, 1, 3, 4),
  ];
  const scale = determinant(m);
  return adjugate.map((value) => value / scale);
}

/** Moves the points to their middle and scales their mean distance to √2 (Hartley, "In defence of the 8-point algorithm"). */
function normaliser(points: readonly Point[]): number[] {
  const count = points.length;
  const [meanX, meanY] = [0, 1].map((axis) => points.reduce((sum, point) => sum + point[axis]!, 0) / count) as [
    number,
    number,
  ];
  const far = points.reduce((sum, [x, y]) => sum + Math.hypot(x - meanX, y - meanY), 0) / count;
  const scale = Math.SQRT2 / (far || 1);
  return [scale, 0, -scale * meanX, 0, scale, -scale * meanY, 0, 0, 1];
}

/**
 * The normalised direct linear transform (Hartley and Zisserman, Multiple View Geometry, 4.4), refined by Gauss-Newton
 * on the distances in the target. `ambiguity` is the second smallest eigenvalue over the largest: near 0 when more than
 * one homography fits, which is what points on a line do.
 */
export function fitHomography(from: readonly Point[], to: readonly Point[]): { matrix: number[]; ambiguity: number } {
  const [fromScale, toScale] = [normaliser(from), normaliser(to)];
  const scaled = (matrix: Matrix, points: readonly Point[]) =>
    points.map(([x, y]): Point => {
      const [u, v] = apply(matrix, x, y);
      return [u, v];
    });
  const [source, target] = [scaled(fromScale, from), scaled(toScale, to)];
  const rows = source.flatMap(([x, y], index) => {
    const [u, v] = target[index]!;
    return [
      [-x, -y, -1, 0, 0, 0, u * x, u * y, u],
      [0, 0, 0, -x, -y, -1, v * x, v * y, v],
    ];
  });
  const { values, vectors } = eigen(gram(rows));
  const order = values.map((_, index) => index).sort((a, b) => values[a]! - values[b]!);
  const ambiguity = Math.max(0, values[order[1]!]!) / values[order[8]!]!;
  const first = vectors.map((row) => row[order[0]!]!);
  const refined = ambiguity < 1e-12 ? first : refine(first, source, target);
  return { matrix: multiply(invert(toScale), multiply(refined, fromScale)), ambiguity };
}

function gram(rows: readonly number[][]): number[][] {
  const size = rows[0]!.length;
  return Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => rows.reduce((sum, row) => sum + row[i]! * row[j]!, 0)),
  );
}

/** A few damped Gauss-Newton steps on eight unknowns (the largest of the nine numbers stays as it is). */
function refine(start: readonly number[], source: readonly Point[], target: readonly Point[]): number[] {
  let best = [...start];
  let bestCost = cost(best, source, target);
  const fixed = best.reduce((top, value, index) => (Math.abs(value) > Math.abs(best[top]!) ? index : top), 0);
  const free = best.map((_, index) => index).filter((index) => index !== fixed);
  for (let step = 0; step < 10; step++) {
    const { jacobian, residual } = linearise(best, source, target);
    const columns = jacobian.map((row) => free.map((index) => row[index]!));
    const normal = gram(columns);
    for (let i = 0; i < normal.length; i++) normal[i]![i]! *= 1 + 1e-9;
    const right = free.map((_, i) => -columns.reduce((sum, row, j) => sum + row[i]! * residual[j]!, 0));
    const change = solve(normal, right);
    const next = best.map((value, index) => value + (index === fixed ? 0 : change[free.indexOf(index)]!));
    const nextCost = cost(next, source, target);
    if (!(nextCost < bestCost)) break;
    const isDone = bestCost - nextCost < 1e-14 * bestCost;
    best = next;
    bestCost = nextCost;
    if (isDone) break;
  }
  return best;
}

function cost(matrix: Matrix, source: readonly Point[], target: readonly Point[]): number {
  return source.reduce((sum, [x, y], index) => {
    const [a, b, w] = apply(matrix, x, y);
    const [u, v] = target[index]!;
    return sum + (a / w - u) ** 2 + (b / w - v) ** 2;
  }, 0);
}

function linearise(matrix: Matrix, source: readonly Point[], target: readonly Point[]) {
  const jacobian: number[][] = [];
  const residual: number[] = [];
  for (const [index, [x, y]] of source.entries()) {
    const [a, b, w] = apply(matrix, x, y);
    const [u, v] = [a / w, b / w];
    jacobian.push([x / w, y / w, 1 / w, 0, 0, 0, (-u * x) / w, (-u * y) / w, -u / w]);
    jacobian.push([0, 0, 0, x / w, y / w, 1 / w, (-v * x) / w, (-v * y) / w, -v / w]);
    residual.push(u - target[index]![0], v - target[index]![1]);
  }
  return { jacobian, residual };
}

/** Gauss elimination with row exchange; returns numbers that are not finite where there is no one answer. */
export function solve(matrix: readonly number[][], right: readonly number[]): number[] {
  const size = right.length;
  const rows = matrix.map((row, index) => [...row, right[index]!]);
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column + 1; row < size; row++)
      if (Math.abs(rows[row]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = row;
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    for (let row = 0; row < size; row++) {
      if (row === column) continue;
      const factor = rows[row]![column]! / rows[column]![column]!;
      for (let k = column; k <= size; k++) rows[row]![k]! -= factor * rows[column]![k]!;
    }
  }
  return rows.map((row, index) => row[size]! / row[index]!);
}

/** Eigenvalues and eigenvectors (columns) of a symmetric matrix, by Jacobi's rotations. */
function eigen(symmetric: readonly number[][]): { values: number[]; vectors: number[][] } {
  const size = symmetric.length;
  const a = symmetric.map((row) => [...row]);
  const vectors = a.map((_, i) => a.map((_, j) => (i === j ? 1 : 0)));
  for (let sweep = 0; sweep < 60; sweep++) {
    const off = a.reduce(
      (sum, row, i) => sum + row.reduce((part, value, j) => part + (i === j ? 0 : value ** 2), 0),
      0,
    );
    if (off < 1e-30) break;
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rotate(a, vectors, p, q);
  }
  return { values: a.map((row, index) => row[index]!), vectors };
}

function rotate(a: number[][], vectors: number[][], p: number, q: number): void {
  if (a[p]![q] === 0) return;
  const theta = (a[q]![q]! - a[p]![p]!) / (2 * a[p]![q]!);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let k = 0; k < a.length; k++) {
    const [x, y] = [a[k]![p]!, a[k]![q]!];
    a[k]![p] = c * x - s * y;
    a[k]![q] = s * x + c * y;
  }
  for (let k = 0; k < a.length; k++) {
    const [x, y] = [a[p]![k]!, a[q]![k]!];
    a[p]![k] = c * x - s * y;
    a[q]![k] = s * x + c * y;
  }
  for (const row of vectors) {
    const [x, y] = [row[p]!, row[q]!];
    row[p] = c * x - s * y;
    row[q] = s * x + c * y;
  }
}
