/**
 * Blocks of ClickHouse's Native format as they come: columns of numbers lie in memory as the engine sent them, so that
 * millions of rows cost no parsing. https://clickhouse.com/docs/interfaces/formats/Native; strings come as
 * LowCardinality, each of a block's strings once (SerializationLowCardinality.cpp says how its keys lie).
 */

export type Block = { rows: number; columns: ReadonlyMap<string, NativeColumn> };
export type NativeColumn = { at: (row: number) => number } | { at: (row: number) => string };

type Numbers = Uint8Array | Uint16Array | Uint32Array | Float32Array | Float64Array;

const NUMBERS: Record<string, { bytes: number; of: (buffer: ArrayBuffer) => Numbers }> = {
  UInt8: { bytes: 1, of: (buffer) => new Uint8Array(buffer) },
  Bool: { bytes: 1, of: (buffer) => new Uint8Array(buffer) },
  UInt16: { bytes: 2, of: (buffer) => new Uint16Array(buffer) },
  UInt32: { bytes: 4, of: (buffer) => new Uint32Array(buffer) },
  Float32: { bytes: 4, of: (buffer) => new Float32Array(buffer) },
  Float64: { bytes: 8, of: (buffer) => new Float64Array(buffer) },
};
const WIDE = new Set(['UInt64', 'Int64']);
const DICTIONARY = 'LowCardinality(String)';

const HAS_ADDITIONAL_KEYS = 1 << 9;
const KEY_TYPES = ['UInt8', 'UInt16', 'UInt32'] as const;

/** Throws where the stream breaks off within a block, or a column is of a type that is not read here. */
export async function* readNative(chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): AsyncGenerator<Block> {
  const bytes = openBytes(chunks);
  while (await bytes.has(1)) {
    const [count, rows] = [await bytes.varint(), await bytes.varint()];
    const columns = new Map<string, NativeColumn>();
    for (let index = 0; index < count; index++) {
      const [name, type] = [await bytes.text(), await bytes.text()];
      columns.set(name, rows === 0 ? { at: () => 0 } : await readColumn(type, rows, bytes));
    }
    if (rows > 0) yield { rows, columns };
  }
}

async function readColumn(type: string, rows: number, bytes: Bytes): Promise<NativeColumn> {
  if (type === DICTIONARY) return readDictionary(rows, bytes);
  if (WIDE.has(type)) {
    const words = new Uint32Array(await bytes.take(rows * 8));
    return { at: (row) => words[row * 2]! + words[row * 2 + 1]! * 0x1_0000_0000 };
  }
  const numbers = NUMBERS[type];
  if (numbers === undefined) throw new Error(`a column of type ${type} is not read here`);
  const values = numbers.of(await bytes.take(rows * numbers.bytes));
  return { at: (row) => values[row]! };
}

async function readDictionary(rows: number, bytes: Bytes): Promise<NativeColumn> {
  const version = await bytes.wide();
  const flags = await bytes.wide();
  const keyType = KEY_TYPES[flags & 0xff];
  if (version !== 1 || keyType === undefined || (flags & HAS_ADDITIONAL_KEYS) === 0)
    throw new Error(`a dictionary of version ${version} and flags ${flags} is not read here`);
  const texts = new Array<string>(await bytes.wide());
  for (let index = 0; index < texts.length; index++) {
    texts[index] = bytes.bufferedText() ?? (await bytes.text());
  }
  const told = await bytes.wide();
  if (told !== rows) throw new Error(`a dictionary has ${told} rows of ${rows}`);
  const { of, bytes: size } = NUMBERS[keyType]!;
  const keys = of(await bytes.take(rows * size));
  return { at: (row) => texts[keys[row]!]! };
}

type Bytes = ReturnType<typeof openBytes>;

/** Pulls chunks as they are needed; what is taken is copied, so that it lies at a multiple of its size. */
function openBytes(chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>) {
  const source = Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]();
  const decoder = new TextDecoder();
  let buffer = new Uint8Array(0);
  let at = 0;

  /** False where the stream ends before. */
  async function has(count: number): Promise<boolean> {
    if (buffer.length - at >= count) return true;
    const parts: Uint8Array[] = [buffer.subarray(at)];
    let size = buffer.length - at;
    while (size < count) {
      const next = await source.next();
      if (next.done === true) break;
      parts.push(next.value);
      size += next.value.length;
    }
    const joined = new Uint8Array(size);
    let to = 0;
    for (const part of parts) {
      joined.set(part, to);
      to += part.length;
    }
    [buffer, at] = [joined, 0];
    return size >= count;
  }
  async function need(count: number): Promise<void> {
    if (!(await has(count))) throw new Error('the answer of the store broke off');
  }
  async function take(count: number): Promise<ArrayBuffer> {
    await need(count);
    const taken = buffer.slice(at, at + count).buffer;
    at += count;
    return taken;
  }
  async function varint(): Promise<number> {
    let [value, factor] = [0, 1];
    for (;;) {
      await need(1);
      const byte = buffer[at++]!;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 0x80;
    }
  }
  async function text(): Promise<string> {
    const length = await varint();
    return decoder.decode(await take(length));
  }
  return {
    has,
    take,
    varint,
    text,
    async wide(): Promise<number> {
      const words = new Uint32Array(await take(8));
      return words[0]! + words[1]! * 0x1_0000_0000;
    },
    /** A short text that is here already; of a dictionary there are thousands. */
    bufferedText(): string | undefined {
      const length = buffer[at];
      if (length === undefined || length >= 0x80 || at + 1 + length > buffer.length) return undefined;
      let read = '';
      for (let index = at + 1; index <= at + length; index++) {
        const byte = buffer[index]!;
        if (byte >= 0x80) return undefined;
        read += String.fromCharCode(byte);
      }
      at += 1 + length;
      return read;
    },
  };
}
