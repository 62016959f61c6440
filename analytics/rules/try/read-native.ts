/**
 * Blocks of ClickHouse's Native format: columns of numbers lie in memory as the engine sent them, so that millions of
 * rows cost no parsing. https://clickhouse.com/docs/interfaces/formats/Native; strings come as LowCardinality, each of a
 * block's strings once (SerializationLowCardinality.cpp says how its keys lie).
 */

export type Numbers = Uint8Array | Uint16Array | Uint32Array | Float32Array | Float64Array;
/** Of row `r` the text is `texts[keys[r]]`. */
export type Texts = { texts: readonly string[]; keys: Uint8Array | Uint16Array | Uint32Array };
/** `nulls` is 1 where there is no value. */
export type Column = { values: Numbers; nulls?: Uint8Array } | Texts;
export type Block = { rows: number; columns: ReadonlyMap<string, Column> };

const NUMBERS: Record<string, { bytes: number; of: (buffer: ArrayBuffer) => Numbers }> = {
  UInt8: { bytes: 1, of: (buffer) => new Uint8Array(buffer) },
  Bool: { bytes: 1, of: (buffer) => new Uint8Array(buffer) },
  UInt16: { bytes: 2, of: (buffer) => new Uint16Array(buffer) },
  UInt32: { bytes: 4, of: (buffer) => new Uint32Array(buffer) },
  Float32: { bytes: 4, of: (buffer) => new Float32Array(buffer) },
  Float64: { bytes: 8, of: (buffer) => new Float64Array(buffer) },
};
/** Whole numbers below 2^53; a DateTime64(3) is milliseconds. */
const WIDE = /^(?:U?Int64|DateTime64\(3.*\))$/;
const NULLABLE = /^Nullable\((\w+)\)$/;
const DICTIONARY = 'LowCardinality(String)';

const HAS_ADDITIONAL_KEYS = 1 << 9;
const KEY_TYPES = ['UInt8', 'UInt16', 'UInt32'] as const;

/** Throws where the answer breaks off within a block, or a column is of a type that is not read here. */
export function* readNative(chunks: readonly Uint8Array[]): Generator<Block> {
  const bytes = openBytes(chunks);
  while (!bytes.isOver()) {
    const [count, rows] = [bytes.varint(), bytes.varint()];
    const columns = new Map<string, Column>();
    for (let index = 0; index < count; index++) {
      const [name, type] = [bytes.text(), bytes.text()];
      columns.set(name, rows === 0 ? { values: new Uint8Array(0) } : readColumn(type, rows, bytes));
    }
    if (rows > 0) yield { rows, columns };
  }
}

function readColumn(type: string, rows: number, bytes: Bytes): Column {
  if (type === DICTIONARY) return readDictionary(rows, bytes);
  const inner = NULLABLE.exec(type)?.[1];
  if (inner === undefined) return { values: readNumbers(type, rows, bytes) };
  const nulls = new Uint8Array(bytes.take(rows));
  return { nulls, values: readNumbers(inner, rows, bytes) };
}

function readNumbers(type: string, rows: number, bytes: Bytes): Numbers {
  if (WIDE.test(type)) return widened(new Uint32Array(bytes.take(rows * 8)));
  const numbers = NUMBERS[type];
  if (numbers === undefined) throw new Error(`a column of type ${type} is not read here`);
  return numbers.of(bytes.take(rows * numbers.bytes));
}

function widened(words: Uint32Array): Float64Array {
  const values = new Float64Array(words.length / 2);
  for (let row = 0; row < values.length; row++) values[row] = words[row * 2]! + words[row * 2 + 1]! * 0x1_0000_0000;
  return values;
}

function readDictionary(rows: number, bytes: Bytes): Texts {
  const version = bytes.wide();
  const flags = bytes.wide();
  const keyType = KEY_TYPES[flags & 0xff];
  if (version !== 1 || keyType === undefined || (flags & HAS_ADDITIONAL_KEYS) === 0)
    throw new Error(`a dictionary of version ${version} and flags ${flags} is not read here`);
  const texts = new Array<string>(bytes.wide());
  for (let index = 0; index < texts.length; index++) texts[index] = bytes.text();
  const told = bytes.wide();
  if (told !== rows) throw new Error(`a dictionary has ${told} rows of ${rows}`);
  return { texts, keys: readNumbers(keyType, rows, bytes) as Texts['keys'] };
}

type Bytes = ReturnType<typeof openBytes>;

/** What is taken is copied, so that it lies at a multiple of its size. */
function openBytes(chunks: readonly Uint8Array[]) {
  let chunk = 0;
  let at = 0;

  /** Goes on to a chunk that has something left. */
  function settle(): boolean {
    while (chunk < chunks.length && at >= chunks[chunk]!.length) {
      chunk++;
      at = 0;
    }
    return chunk < chunks.length;
  }
  function demand(): Uint8Array {
    if (!settle()) throw new Error('the answer of the store broke off');
    return chunks[chunk]!;
  }
  function take(count: number): ArrayBuffer {
    const taken = new Uint8Array(count);
    for (let filled = 0; filled < count; ) {
      const from = demand();
      const part = from.subarray(at, at + count - filled);
      taken.set(part, filled);
      filled += part.length;
      at += part.length;
    }
    return taken.buffer;
  }
  function varint(): number {
    let [value, factor] = [0, 1];
    for (;;) {
      const byte = demand()[at++]!;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 0x80;
    }
  }
  /** Of a dictionary there are thousands: one that lies in a chunk as a whole is read where it lies. */
  function text(): string {
    const length = varint();
    const from = chunks[chunk];
    if (from === undefined || at + length > from.length) return Buffer.from(take(length)).toString();
    at += length;
    return Buffer.from(from.buffer, from.byteOffset + at - length, length).toString();
  }
  return {
    isOver: () => !settle(),
    take,
    varint,
    text,
    wide(): number {
      const [low, high] = new Uint32Array(take(8));
      return low! + high! * 0x1_0000_0000;
    },
  };
}
