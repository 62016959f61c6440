/**
 * A TrueType font that draws every letter as the same bar, so that a page is laid out alike whatever fonts a machine has:
 * half an em wide, Chinese and its marks a whole em, spaces empty. Made for the letters that are asked for (OpenType 1.9).
 */
const EM = 1000;
const WIDE_FROM = 0x2e80;
const SPACES = new Set([0x20, 0xa0, 0x2009, 0x202f, 0x3000]);

type Field = readonly [bytes: 1 | 2 | 4, value: number];
const u8 = (value: number): Field => [1, value];
const u16 = (value: number): Field => [2, value];
const u32 = (value: number): Field => [4, value];

function pack(fields: readonly Field[]): Buffer {
  const buffer = Buffer.alloc(fields.reduce((sum, [bytes]) => sum + bytes, 0));
  let at = 0;
  for (const [bytes, value] of fields) {
    if (value < 0) buffer.writeIntBE(value, at, bytes);
    else buffer.writeUIntBE(value, at, bytes);
    at += bytes;
  }
  return buffer;
}

const padded = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);

/** A rectangle on the base line: one contour of four points, clockwise. */
function bar(widthUnits: number): Buffer {
  const [left, right, top] = [60, widthUnits - 60, 520];
  const box = [left, 0, right, top];
  const points: Field[] = [u8(1), u8(1), u8(1), u8(1)];
  const xs = [left, 0, right - left, 0];
  const ys = [0, top, 0, -top];
  return padded(pack([u16(1), ...box.map(u16), u16(3), u16(0), ...points, ...xs.map(u16), ...ys.map(u16)]));
}

/** Missing, narrow, wide, and the space, which has no outline. */
const OUTLINES = [bar(EM / 2), bar(EM / 2), bar(EM), Buffer.alloc(0)];
const ADVANCES = [EM / 2, EM / 2, EM, EM / 2];

const glyphOf = (code: number) => (SPACES.has(code) ? 3 : code >= WIDE_FROM ? 2 : 1);

function characterMap(codes: readonly number[]): Buffer {
  const groups = codes.flatMap((code) => [u32(code), u32(code), u32(glyphOf(code))]);
  const subtable = [u16(12), u16(0), u32(16 + groups.length * 4), u32(0), u32(codes.length)];
  return pack([u16(0), u16(1), u16(3), u16(10), u32(12), ...subtable, ...groups]);
}

/** One name, which parsers want to find: the family. */
function names(family: string): Buffer {
  const text = Buffer.from(family, 'utf16le').swap16();
  const record = [u16(3), u16(1), u16(0x409), u16(1), u16(text.length), u16(0)];
  return Buffer.concat([pack([u16(0), u16(1), u16(18), ...record]), text]);
}

const zeros = (count: number): Field[] => Array.from({ length: count }, () => u16(0));

function tables(codes: readonly number[]): Record<string, Buffer> {
  const offsets = OUTLINES.map((_, index) => OUTLINES.slice(0, index).reduce((sum, { length }) => sum + length, 0));
  const glyf = Buffer.concat(OUTLINES);
  const [ascent, descent] = [800, -200];
  const dates = zeros(8);
  const head = [u32(0x10000), u32(0x10000), u32(0), u32(0x5f0f3cf5), u16(0), u16(EM), ...dates];
  const hhea = [u32(0x10000), u16(ascent), u16(descent), u16(0), u16(EM), ...zeros(3), u16(1), ...zeros(7)];
  const maxp = [u32(0x10000), u16(OUTLINES.length), u16(4), u16(1), u16(0), u16(0), u16(1), ...zeros(8)];
  const about = [u16(4), u16(EM / 2), u16(400), u16(5), u16(0), ...zeros(11), ...zeros(5), ...zeros(8), ...zeros(2)];
  const edges = [u16(0x40), u16(codes[0] ?? 32), u16(0xffff), u16(ascent), u16(descent), u16(0), u16(ascent), u16(200)];
  return {
    'OS/2': pack([...about, ...edges, u32(1), u32(0), u16(500), u16(700), u16(0), u16(32), u16(1)]),
    cmap: characterMap(codes),
    glyf,
    head: pack([...head, u16(0), u16(0), u16(EM), u16(520), u16(0), u16(8), u16(2), u16(1), u16(0)]),
    hhea: pack([...hhea, u16(OUTLINES.length)]),
    hmtx: pack(ADVANCES.flatMap((advance) => [u16(advance), u16(60)])),
    loca: pack([...offsets, glyf.length].map(u32)),
    maxp: pack(maxp),
    name: names('Box'),
    post: pack([u32(0x30000), u32(0), u16(-100), u16(50), u32(0), ...zeros(8)]),
  };
}

function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 4) sum = (sum + bytes.readUInt32BE(at)) >>> 0;
  return sum;
}

/** The file of the font for all letters of `text`. */
export function boxFont(text: string): Buffer {
  const codes = [...new Set([...text, ' ', '…', '•'].map((letter) => letter.codePointAt(0) ?? 32))].sort(
    (a, b) => a - b,
  );
  const made = Object.entries(tables(codes));
  let offset = 12 + 16 * made.length;
  const records = made.flatMap(([tag, bytes]) => {
    const record = [...Buffer.from(tag)].map(u8);
    const at = offset;
    offset += padded(bytes).length;
    return [...record, u32(checksum(padded(bytes))), u32(at), u32(bytes.length)];
  });
  const largest = 2 ** Math.floor(Math.log2(made.length));
  const head = [u32(0x10000), u16(made.length), u16(largest * 16), u16(Math.log2(largest))];
  const start = pack([...head, u16((made.length - largest) * 16), ...records]);
  return Buffer.concat([start, ...made.map(([, bytes]) => padded(bytes))]);
}
