/** Writes a trace job of one square of ground and one box that stands on it, in the tracer's format. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

type Vector = [number, number, number];
type Face = { corners: [Vector, Vector, Vector, Vector]; normal: Vector };

const GROUND: Face[] = [
  {
    corners: [
      [-20, -20, 0],
      [20, -20, 0],
      [20, 20, 0],
      [-20, 20, 0],
    ],
    normal: [0, 0, 1],
  },
];
const identity = (x: number, y: number) => [1, 0, 0, x, 0, 1, 0, y, 0, 0, 1, 0];

export const PARKED_ID = 2 ** 30 + 7;

/** A box of 1 x 1 x 2 m on the ground. */
function box(): Face[] {
  const [h, top] = [0.5, 2];
  const side = (ax: number, ay: number, bx: number, by: number): Face => ({
    corners: [
      [ax, ay, 0],
      [bx, by, 0],
      [bx, by, top],
      [ax, ay, top],
    ],
    normal: [by - ay, ax - bx, 0],
  });
  const lid: Face = {
    corners: [
      [-h, -h, top],
      [h, -h, top],
      [h, h, top],
      [-h, h, top],
    ],
    normal: [0, 0, 1],
  };
  return [side(-h, -h, h, -h), side(h, -h, h, h), side(h, h, -h, h), side(-h, h, -h, -h), lid];
}

function meshBytes(id: number, faces: Face[], material: number): Buffer {
  const scale = 0.001;
  const corners = faces.flatMap((face) => face.corners);
  const padded = (buffer: Buffer) => Buffer.concat([buffer, Buffer.alloc((4 - (buffer.length % 4)) % 4)]);
  const head = Buffer.alloc(36);
  for (const [at, value] of [id, corners.length, faces.length * 2, 0xffffffff, 0].entries())
    head.writeUInt32LE(value, at * 4);
  head.writeFloatLE(scale, 32);
  const positions = Buffer.from(Int16Array.from(corners.flat().map((metres) => Math.round(metres / scale))).buffer);
  const normals = Buffer.from(
    Int8Array.from(faces.flatMap(({ normal }) => [normal, normal, normal, normal].flat().map((part) => part * 127)))
      .buffer,
  );
  const indices = Buffer.from(
    Uint32Array.from(faces.flatMap((_, face) => [0, 1, 2, 0, 2, 3].map((k) => face * 4 + k))).buffer,
  );
  const materials = Buffer.from(new Uint16Array(faces.length * 2).fill(material).buffer);
  return Buffer.concat([head, padded(positions), padded(normals), indices, padded(materials)]);
}

function meshFile(meshes: Buffer[]): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(0x314d4553, 0);
  head.writeUInt32LE(meshes.length, 4);
  return Buffer.concat([head, ...meshes]);
}

function instanceFile(boxes: { x: number; y: number }[]): Buffer {
  const head = Buffer.from(Uint32Array.of(0x31494553, 1, boxes.length).buffer);
  const rows = boxes.map(({ x, y }, index) =>
    Buffer.concat([
      Buffer.from(Uint32Array.of(2, index + 1, 0, 0).buffer),
      Buffer.from(Float32Array.from(identity(x, y)).buffer),
    ]),
  );
  return Buffer.concat([head, ...rows]);
}

/**
 * A camera 4 m up that looks north and 20° down. The shots: `with` the box, `without` it; `parked` has one as scenery whose
 * truth is wanted, `hidden` another box that moves half before it. The sun stands in the west.
 */
export function writeTraceJob(folder: string): void {
  const [sin, cos] = [Math.sin(0.35), Math.cos(0.35)];
  const material = (color: Vector) => ({ name: 'matt', pattern: 'plain', color, slot: -1 });
  writeFileSync(join(folder, 'materials.json'), JSON.stringify([material([0.6, 0.6, 0.6]), material([0.8, 0.2, 0.1])]));
  writeFileSync(join(folder, 'library.mesh'), meshFile([meshBytes(2, box(), 1)]));
  writeFileSync(join(folder, 'yard.mesh'), meshFile([meshBytes(1, GROUND, 0)]));
  for (const [name, boxes, parked] of [
    ['with', [{ x: 0, y: 2 }], []],
    ['without', [], []],
    ['parked', [], [{ mesh: 2, matrix: identity(0, 2), agent: PARKED_ID }]],
    ['hidden', [{ x: 0.5, y: 0 }], [{ mesh: 2, matrix: identity(0, 2), agent: PARKED_ID }]],
  ] as const) {
    writeFileSync(join(folder, `${name}.inst`), instanceFile([...boxes]));
    const shot = {
      view: 'yard',
      variant: name,
      width: 96,
      height: 54,
      fps: 15,
      frames: 1,
      seed: 5,
      camera: {
        position: [0, -8, 4],
        right: [1, 0, 0],
        down: [0, -sin, -cos],
        forward: [0, cos, -sin],
        focalPx: 90,
        cx: 48,
        cy: 27,
        k1: -0.1,
        k2: 0.01,
      },
      look: { sunDirection: [-0.7, 0, 0.7], sunColor: [3, 3, 3], sunAngleDeg: 0.3, exposure: 0.5, noiseSigma: 0 },
      palettes: [],
      statics: [{ mesh: 1, matrix: identity(0, 0) }, ...parked],
      overlay: { text: '', startSecond: 0 },
      instances: `${name}.inst`,
    };
    writeFileSync(join(folder, `${name}.shot.json`), JSON.stringify(shot));
  }
}
