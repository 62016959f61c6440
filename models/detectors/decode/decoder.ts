/** What reads a model's outputs: made once per model, after its shapes were checked against the manifest. */
import { KINDS } from '../../schema/kind.ts';
import type { ModelManifest } from '../../schema/model-manifest.ts';
import type { Candidates } from '../candidates.ts';
import { mismatch } from '../mismatch.ts';

/** An output as the file declares it; a dimension that is only known at run time is null. */
export type OutputShape = { name: string; dims: readonly (number | null)[] };

/** One output for one picture: `dims` without the batch axis. */
export type Output = { data: Float32Array; dims: readonly number[] };

/** Adds what the outputs (in the order of the shapes) hold above `scoreMin`, in pixels of the model's input. */
export type Decode = (outputs: readonly Output[], scoreMin: number, found: Candidates) => void;

/** Throws FaultError where the shapes cannot be this decoder's. */
export type CreateDecode = (manifest: ModelManifest, shapes: readonly OutputShape[]) => Decode;

export type ClassMap = {
  /** Class index → index into KINDS, or -1 for a class that is not ours. */
  kindOf: Int8Array;
  /** The class indices that are ours. */
  ours: readonly number[];
};

export function classMap(manifest: ModelManifest): ClassMap {
  const kindOf = new Int8Array(manifest.classCount).fill(-1);
  for (const [index, kind] of Object.entries(manifest.classes)) kindOf[Number(index)] = KINDS.indexOf(kind);
  return { kindOf, ours: Object.keys(manifest.classes).map(Number) };
}

/** The cells of a model that looks at several strides, in the order in which it lists them. */
export type Level = { stride: number; columns: number; cells: number };

export function levelsOf({ input, strides = [8, 16, 32] }: ModelManifest): Level[] {
  return strides.map((stride) => {
    const columns = Math.ceil(input.width / stride);
    return { stride, columns, cells: columns * Math.ceil(input.height / stride) };
  });
}

/** Where the largest of `count` numbers that lie `step` apart stands, as 0 to count - 1. */
export function largest(data: Float32Array, place: { start: number; count: number; step?: number }): number {
  const { start, count, step = 1 } = place;
  let best = 0;
  for (let index = 1; index < count; index++) {
    if ((data[start + index * step] as number) > (data[start + best * step] as number)) best = index;
  }
  return best;
}

export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** `1 x 3549 x 85`, with `?` for what is only known at run time. */
export const describeDims = (dims: readonly (number | null)[]): string => dims.map((dim) => dim ?? '?').join(' x ');

export const describeShapes = (shapes: readonly OutputShape[]): string =>
  shapes.map(({ name, dims }) => `${name} (${describeDims(dims)})`).join(', ');

/** True where the dimension is what is wanted, or not known before the model runs. */
export const fits = (dim: number | null | undefined, wanted: number): boolean => dim === null || dim === wanted;

/** Throws `model-outputs` unless there are `count` outputs of `rank` dimensions. */
export function checkOutputs(
  manifest: ModelManifest,
  shapes: readonly OutputShape[],
  wanted: { count: number; rank: number; as: string },
): void {
  if (shapes.length === wanted.count && shapes.every(({ dims }) => dims.length === wanted.rank)) return;
  throw mismatch(manifest.name, 'outputs', { expected: wanted.as, found: describeShapes(shapes) });
}

/** Throws `model-classes` unless the dimension fits what that many classes need. */
export function checkClassDim(
  manifest: ModelManifest,
  shape: OutputShape,
  wanted: { axis: number; size: number },
): void {
  const { axis, size } = wanted;
  if (fits(shape.dims[axis], size)) return;
  const expected = `${manifest.classCount} classes, that is ${size} in dimension ${axis + 1}`;
  const found = `${shape.dims[axis]} there, in ${shape.name} (${describeDims(shape.dims)})`;
  throw mismatch(manifest.name, 'classCount', { expected, found });
}

/** Throws `model-mismatch` of `strides` unless the dimension fits the cells of the manifest's strides. */
export function checkCellDim(
  manifest: ModelManifest,
  shape: OutputShape,
  wanted: { axis: number; levels: readonly Level[] },
): void {
  const { axis, levels } = wanted;
  const cells = levels.reduce((sum, level) => sum + level.cells, 0);
  if (fits(shape.dims[axis], cells)) return;
  const strides = levels.map(({ stride }) => stride).join(', ');
  const expected = `${cells} cells for stride ${strides} of ${manifest.input.width} x ${manifest.input.height}`;
  const found = `${shape.dims[axis]}, in ${shape.name} (${describeDims(shape.dims)})`;
  throw mismatch(manifest.name, 'strides', { expected, found });
}
