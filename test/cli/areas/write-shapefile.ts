/** Writes small shapefiles, as ESRI's description of 1998 has them, for the tests that read them. */
type Ring = readonly (readonly number[])[];
export type Shape = { rings: Ring[]; row: Record<string, string> };

const FILE_CODE = 9994;
const VERSION = 1000;
const POLYGON = 5;
const HEADER_BYTES = 100;
const FIELD_BYTES = 40;

/** `.shp` of polygons; outer rings run clockwise in this format. */
export function shpOf(shapes: readonly Shape[]): Buffer {
  const records = shapes.map(({ rings }, index) => record(rings, index + 1));
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeInt32BE(FILE_CODE, 0);
  header.writeInt32BE((HEADER_BYTES + records.reduce((sum, { length }) => sum + length, 0)) / 2, 24);
  header.writeInt32LE(VERSION, 28);
  header.writeInt32LE(POLYGON, 32);
  return Buffer.concat([header, ...records]);
}

function record(rings: readonly Ring[], number: number): Buffer {
  const points = rings.flat();
  const content = Buffer.alloc(44 + 4 * rings.length + 16 * points.length);
  content.writeInt32LE(POLYGON, 0);
  const [xs, ys] = [points.map(([x = 0]) => x), points.map(([, y = 0]) => y)];
  for (const [index, value] of [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)].entries())
    content.writeDoubleLE(value, 4 + 8 * index);
  content.writeInt32LE(rings.length, 36);
  content.writeInt32LE(points.length, 40);
  let first = 0;
  for (const [index, ring] of rings.entries()) {
    content.writeInt32LE(first, 44 + 4 * index);
    first += ring.length;
  }
  for (const [index, [x = 0, y = 0]] of points.entries()) {
    content.writeDoubleLE(x, 44 + 4 * rings.length + 16 * index);
    content.writeDoubleLE(y, 52 + 4 * rings.length + 16 * index);
  }
  const header = Buffer.alloc(8);
  header.writeInt32BE(number, 0);
  header.writeInt32BE(content.length / 2, 4);
  return Buffer.concat([header, content]);
}

/** `.dbf` of texts, encoded by `encode`; `language` is the byte that says in which encoding. */
export function dbfOf(shapes: readonly Shape[], encode: (text: string) => Uint8Array, language = 0): Buffer {
  const names = Object.keys(shapes[0]?.row ?? {});
  const header = Buffer.alloc(32 + 32 * names.length + 1);
  header[0] = 3;
  header.writeUInt32LE(shapes.length, 4);
  header.writeUInt16LE(header.length, 8);
  header.writeUInt16LE(1 + FIELD_BYTES * names.length, 10);
  header[29] = language;
  for (const [index, name] of names.entries()) {
    const at = 32 + 32 * index;
    header.set(encode(name).subarray(0, 10), at);
    header.write('C', at + 11, 'latin1');
    header[at + 16] = FIELD_BYTES;
  }
  header[header.length - 1] = 13;
  const rows = shapes.map(({ row }) => {
    const bytes = Buffer.alloc(1 + FIELD_BYTES * names.length, ' ');
    for (const [index, name] of names.entries()) bytes.set(encode(row[name] ?? ''), 1 + FIELD_BYTES * index);
    return bytes;
  });
  return Buffer.concat([header, ...rows]);
}
