/**
 * Writes small real ONNX files, so that detectors can be opened without any model of other people's: protocol buffers by
 * hand, after onnx.proto (ONNX IR version 8, opset 13).
 */

/** Dimensions: a number, or a name for one that stays open. */
type Dims = readonly (number | string)[];

/** Each output is `data` (a constant), or the input reshaped to `reshape` (0 keeps a dimension). */
export type OnnxOutput = { name: string; dims: Dims } & ({ data: Float32Array } | { reshape: readonly number[] });

export function onnxFile(model: { input: { name: string; dims: Dims; type?: number }; outputs: OnnxOutput[] }): Buffer {
  const { input, outputs } = model;
  const nodes = outputs.map(({ name, ...output }) =>
    'data' in output
      ? message([text(1, `${name}-data`), text(2, name), text(4, 'Identity')])
      : message([text(1, input.name), text(1, `${name}-shape`), text(2, name), text(4, 'Reshape')]),
  );
  const constants = outputs.map(({ name, dims, ...output }) =>
    'data' in output
      ? tensor(`${name}-data`, { dims: dims as number[], type: FLOAT, bytes: bytesOf(output.data) })
      : tensor(`${name}-shape`, {
          dims: [output.reshape.length],
          type: INT64,
          bytes: bytesOf(BigInt64Array.from(output.reshape.map(BigInt))),
        }),
  );
  const graph = message([
    ...nodes.map((node) => bytes(1, node)),
    text(2, 'test'),
    ...constants.map((constant) => bytes(5, constant)),
    bytes(11, valueInfo(input.name, { dims: input.dims, type: input.type ?? FLOAT })),
    ...outputs.map(({ name, dims }) => bytes(12, valueInfo(name, { dims, type: FLOAT }))),
  ]);
  return message([number(1, 8), bytes(7, graph), bytes(8, message([text(1, ''), number(2, 13)]))]);
}

const FLOAT = 1;
export const UINT8 = 2;
const INT64 = 7;

function valueInfo(name: string, { dims, type }: { dims: Dims; type: number }): Buffer {
  const shape = message(
    dims.map((dim) => bytes(1, message([typeof dim === 'number' ? number(1, dim) : text(2, dim)]))),
  );
  return message([text(1, name), bytes(2, message([bytes(1, message([number(1, type), bytes(2, shape)]))]))]);
}

function tensor(name: string, value: { dims: readonly number[]; type: number; bytes: Buffer }): Buffer {
  return message([
    ...value.dims.map((dim) => number(1, dim)),
    number(2, value.type),
    text(8, name),
    bytes(9, value.bytes),
  ]);
}

const bytesOf = (array: Float32Array | BigInt64Array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength);
const message = (fields: readonly Buffer[]) => Buffer.concat(fields);
const number = (field: number, value: number) => Buffer.from([...varint(field * 8), ...varint(value)]);
const bytes = (field: number, value: Buffer) =>
  Buffer.concat([Buffer.from([...varint(field * 8 + 2), ...varint(value.length)]), value]);
const text = (field: number, value: string) => bytes(field, Buffer.from(value, 'utf8'));

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}
