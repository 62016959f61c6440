/**
 * Blocks of ClickHouse's Native format: columns of numbers lie in memory as the engine sent them, so that millions of
 * rows cost no parsing. https://clickhouse.com/docs/interfaces/formats/Native; strings come as LowCardinality, each of a
 * block's strings once (SerializationLowCardinality.cpp says how its keys lie).
 */

export type Numbers = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float32Array | Float64Array;
/** Of row `r` the text is `texts[keys[r]]`. */
export type Texts = { texts: readonly string[]; keys: Uint8Array | Uint16Array | Uint32Array };
export type Column = { values: Numbers } | Texts;
export type Block = { rows: number; columns: ReadonlyMap<string, Column> };

const NUMBERS: Record<string, { bytes: number; of: (buffer: ArrayBuffer, rows: number) => Numbers }> = {
  UInt8: { bytes: 1, of: (buffer, rows) => new Uint8Array(buffer, 0, rows) },
  Bool: { bytes: 1, of: (buffer, rows) => new Uint8Array(buffer, 0, rows) },
  UInt16: { bytes: 2, of: (buffer, rows) => new Uint16Array(buffer, 0, rows) },
  UInt32: { bytes: 4, of: (buffer, rows) => new Uint32Array(buffer, 0, rows) },
  Int32: { bytes: 4, of: (buffer, rows) => new Int32Array(buffer, 0, rows) },
  Float32: { bytes: 4, of: (buffer, rows) => new Float32Array(buffer, 0, rows) },
};
/** Whole numbers below 2^53; a DateTime64(3) is milliseconds. */
const WIDE = /^(?:U?Int64|DateTime64\(3.*\))$/;
const DICTIONARY = 'LowCardinality(String)';

const HAS_ADDITIONAL_KEYS = 1 << 9;
const KEY_TYPES = ['UInt8', 'UInt16', 'UInt32'] as const;

/** Where a column's numbers lie; the next block of the answer lies there as well. */
type Room = { raw: ArrayBuffer; wide: Float64Array };

/**
 * Each block is good until the next is asked for. Throws where the answer breaks off within a block, or a column is of a
 * type that is not read here.
 */
export function* readNative(chunks: readonly Uint8Array[]): Generator<Block> {
  const bytes = openBytes(chunks);
  const rooms: Room[] = [];
  while (!bytes.isOver()) {
    const [count, rows] = [bytes.varint(), bytes.varint()];
    const columns = new Map<string, Column>();
    for (let index = 0; index < count; index++) {
      const room = rooms[index] ?? { raw: new ArrayBuffer(0), wide: new Float64Array(0) };
      rooms[index] = room;
      const [name, type] = [bytes.text(), bytes.text()];
      columns.set(name, rows === 0 ? { values: new Uint8Array(0) } : readColumn(type, rows, { bytes, room }));
    }
    if (rows > 0) yield { rows, columns };
  }
}

type From = { bytes: Bytes; room: Room };

function readColumn(type: string, rows: number, from: From): Column {
  return type === DICTIONARY ? readDictionary(rows, from) : { values: readNumbers(type, rows, from) };
}

function readNumbers(type: string, rows: number, { bytes, room }: From): Numbers {
  const isWide = WIDE.test(type);
  const numbers = NUMBERS[type];
  if (!isWide && numbers === undefined) throw new Error(`a column of type ${type} is not read here`);
  const size = rows * (numbers?.bytes ?? 8);
  if (room.raw.byteLength < size) room.raw = new ArrayBuffer(size);
  bytes.take(new Uint8Array(room.raw, 0, size));
  return numbers === undefined ? widened(rows, room) : numbers.of(room.raw, rows);
}

function widened(rows: number, room: Room): Float64Array {
  if (room.wide.length < rows) room.wide = new Float64Array(rows);
  const { wide } = room;
  const words = new Uint32Array(room.raw, 0, rows * 2);
  for (let row = 0; row < rows; row++) wide[row] = words[row * 2]! + words[row * 2 + 1]! * 0x1_0000_0000;
  return wide;
}

function readDictionary(rows: number, from: From): Texts {
  const { bytes } = from;
  const version = bytes.wide();
  const flags = bytes.wide();
  const keyType = KEY_TYPES[flags & 0xff];
  if (version !== 1 || keyType === undefined || (flags & HAS_ADDITIONAL_KEYS) === 0)
    throw new Error(`a dictionary of version ${version} and flags ${flags} is not read here`);
  const texts = new Array<string>(bytes.wide());
  for (let index = 0; index < texts.length; index++) texts[index] = bytes.text();
  const told = bytes.wide();
  if (told !== rows) throw new Error(`a dictionary has ${told} rows of ${rows}`);
  return { texts, keys: readNumbers(keyType, rows, from) as Texts['keys'] };
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
  function take(into: Uint8Array): void {
    for (let filled = 0; filled < into.length; ) {
      const from = demand();
      const part = from.subarray(at, at + into.length - filled);
      into.set(part, filled);
      filled += part.length;
      at += part.length;
    }
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
    if (from === undefined || at + length > from.length) {
      const apart = Buffer.alloc(length);
      take(apart);
      return apart.toString();
    }
    at += length;
    return Buffer.from(from.buffer, from.byteOffset + at - length, length).toString();
  }
  return {
    isOver: () => !settle(),
    take,
    varint,
    text,
    wide(): number {
      const words = new Uint32Array(2);
      take(new Uint8Array(words.buffer));
      const [low, high] = words;
      return low! + high! * 0x1_0000_0000;
    },
  };
}
