/**
 * Rows as a block of ClickHouse's Native format: column by column, as the engine keeps them. Measured per sighting
 * against lines of JSON: 0.6 µs instead of 3.2 µs to write, 1 µs instead of 4 µs for the engine to read.
 * https://clickhouse.com/docs/interfaces/formats/Native: counts of columns and rows, then per column name, type, values.
 */

/** A column of a block: its type as the engine names it, and its values as the format lays them out. */
export type Column = { type: string; bytes: readonly Uint8Array[] };

/** Little-endian machines only, as every machine that ClickHouse runs on is. */
const bytesOf = (values: ArrayBufferView) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

/** Values that lie in memory as the engine wants them; `type` as the engine names it. */
export function plain(type: string, values: ArrayBufferView): Column {
  return { type, bytes: [bytesOf(values)] };
}

/** Whole numbers below 2^53 as 64 bits: `UInt64`, or `DateTime64(3, 'UTC')` from milliseconds. */
export function wide(type: string, values: Float64Array): Column {
  const words = new Uint32Array(values.length * 2);
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    words[index * 2] = value >>> 0;
    words[index * 2 + 1] = value / 0x1_0000_0000;
  }
  return plain(type, words);
}

/** NaN stands for NULL. */
export function nullable(type: 'Float32' | 'Float64', values: Float32Array | Float64Array): Column {
  const nulls = new Uint8Array(values.length);
  for (let index = 0; index < values.length; index++) if (Number.isNaN(values[index])) nulls[index] = 1;
  return { type: `Nullable(${type})`, bytes: [nulls, bytesOf(values)] };
}

/** `ends` says where in `inner` each row's list ends. */
export function arrays(ends: Float64Array, inner: Column): Column {
  return { type: `Array(${inner.type})`, bytes: [...wide('UInt64', ends).bytes, ...inner.bytes] };
}

const encoder = new TextEncoder();
/** Encoded strings that come again and again (cameras, kinds, paths, models, tracks) with their length before them. */
const encoded = new Map<string, Uint8Array>();
const ENCODED_MAX = 100_000;

function encode(text: string): Uint8Array {
  const known = encoded.get(text);
  if (known !== undefined) return known;
  const body = encoder.encode(text);
  const length = varint(body.length);
  const bytes = new Uint8Array(length.length + body.length);
  bytes.set(length);
  bytes.set(body, length.length);
  if (encoded.size >= ENCODED_MAX) encoded.clear();
  encoded.set(text, bytes);
  return bytes;
}

export function strings(values: readonly string[]): Column {
  const parts = new Array<Uint8Array>(values.length);
  let size = 0;
  for (let index = 0; index < values.length; index++) {
    const part = encode(values[index]!);
    parts[index] = part;
    size += part.length;
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    // Short strings: a loop is faster than a call of `set`.
    for (let index = 0; index < part.length; index++) all[at + index] = part[index]!;
    at += part.length;
  }
  return { type: 'String', bytes: [all] };
}

/** Few names that come again and again, each sent once: `at` says which of them every row holds. At most 256. */
export function names(dictionary: readonly string[], at: Uint8Array): Column {
  // Of LowCardinality: version 1 of the keys; keys that come with the block (1 << 9, 1 << 10), their places in one byte each.
  const head = wide('UInt64', Float64Array.of(1)).bytes;
  const keys = wide('UInt64', Float64Array.of(0x600, dictionary.length)).bytes;
  const rows = wide('UInt64', Float64Array.of(at.length)).bytes;
  return { type: 'LowCardinality(String)', bytes: [...head, ...keys, ...dictionary.map(encode), ...rows, at] };
}

/** Seven bits a byte, low ones first; the high bit says that more follow. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return [...bytes, rest];
}

/** The whole block, to be sent as the body of `INSERT … FORMAT Native`. The engine turns types into those of the table. */
export function nativeBlock(rows: number, columns: Readonly<Record<string, Column>>): Uint8Array[] {
  const names = Object.keys(columns);
  return [
    Uint8Array.from([...varint(names.length), ...varint(rows)]),
    ...names.flatMap((name) => [encode(name), encode(columns[name]!.type), ...columns[name]!.bytes]),
  ];
}
