/**
 * Looks at the past, collected as numbers, and given as blocks for the store in the order of its tables. What a
 * sighting has in common with others lies in its template: made in a third of the time that an object of each takes.
 */
import { arrays, type Column, names, nullable, plain, wide } from '#analytics/store/native-block.ts';
import type { Block } from '#analytics/store/writer.ts';
import { createNames, doubled, type Templates } from './templates.ts';

/** Model of every simulated row: no detector saw it. */
export const SIMULATED_MODEL = 'simulated';
const RECEIVED_AFTER_MS = 40;
const TIME = "DateTime64(3, 'UTC')";

const ROOM = 1 << 16;

export type PastLook = {
  camera: string;
  areaPath: string;
  calibrationVersion: number;
  sequence: number;
  atMs: number;
  /** Until when it speaks, and for how many looks; both are known when the next one comes. */
  toMs: number;
  looks: number;
  /** Where its sightings begin, and how many they are. */
  first: number;
  sightings: number;
};

export type PastRows = ReturnType<typeof createPastRows>;

export function createPastRows(templates: Templates) {
  const looks: PastLook[] = [];
  const things = {
    template: new Uint32Array(ROOM),
    first: new Uint32Array(ROOM),
    second: new Uint32Array(ROOM),
    presenceMs: new Uint32Array(ROOM),
  };
  let count = 0;

  function makeRoom(): void {
    things.template = doubled(things.template);
    things.first = doubled(things.first);
    things.second = doubled(things.second);
    things.presenceMs = doubled(things.presenceMs);
  }

  return {
    looks: looks as readonly PastLook[],
    sightings: () => count,
    /** They belong to the look that says so. */
    addSighting(template: number, [first, second]: readonly [number, number], presenceMs: number): void {
      if (count === things.template.length) makeRoom();
      things.template[count] = template;
      things.first[count] = first;
      things.second[count] = second;
      things.presenceMs[count] = presenceMs;
      count++;
    },
    dropSightings(from: number): void {
      count = from;
    },
    addLook: (look: PastLook) => void looks.push(look),
    blocks(): { sightings: Block; looks: Block } {
      const cameras = [...new Set(looks.map(({ camera }) => camera))].sort();
      const rank = new Map(cameras.map((camera, index) => [camera, index]));
      const sorted = looks.sort((a, b) => a.atMs - b.atMs || rank.get(a.camera)! - rank.get(b.camera)!);
      const camera = Uint8Array.from(sorted, (look) => rank.get(look.camera)!);
      const of = { looks: sorted, cameras, camera };
      return { sightings: sightingBlock(of, { rows: count, ...things }, templates), looks: lookBlock(of) };
    },
  };
}

type Sorted = { looks: readonly PastLook[]; cameras: readonly string[]; camera: Uint8Array };
type Things = Record<'template' | 'first' | 'second' | 'presenceMs', Uint32Array> & { rows: number };

/** What is left out has the value that its column begins with: revision 0, not held, watched. */
function lookBlock({ looks, cameras, camera }: Sorted): Block {
  const large = (pick: (look: PastLook) => number) => Float64Array.from(looks, pick);
  const small = (pick: (look: PastLook) => number) => plain('UInt32', Uint32Array.from(looks, pick));
  const areaPaths = createNames();
  const areaPath = Uint8Array.from(looks, (look) => areaPaths.numberOf(look.areaPath));
  const at = wide(
    TIME,
    large(({ atMs }) => atMs),
  );
  const columns = {
    watched_from: at,
    camera: names(cameras, camera),
    sequence: wide(
      'UInt64',
      large(({ sequence }) => sequence),
    ),
    watched_to: wide(
      TIME,
      large(({ toMs }) => toMs),
    ),
    observed_ms: small(({ atMs, toMs }) => toMs - atMs),
    looks: small((look) => look.looks),
    sightings: small(({ sightings }) => sightings),
    calibration_version: small(({ calibrationVersion }) => calibrationVersion),
    area_path: names(areaPaths.all(), areaPath),
    model: names([SIMULATED_MODEL], new Uint8Array(looks.length)),
    captured_at: at,
    received_at: wide(
      TIME,
      large(({ atMs }) => atMs + RECEIVED_AFTER_MS),
    ),
  };
  return { rows: looks.length, columns };
}

function sightingBlock({ looks, cameras, camera }: Sorted, things: Things, templates: Templates): Block {
  const { rows } = things;
  const [at, receivedAt, sequence] = [new Float64Array(rows), new Float64Array(rows), new Float64Array(rows)];
  const [ordinal, cameraOf] = [new Uint16Array(rows), new Uint8Array(rows)];
  /** Which thing a row is, and of which template. */
  const [thing, template] = [new Uint32Array(rows), new Uint32Array(rows)];
  let row = 0;
  for (let index = 0; index < looks.length; index++) {
    const look = looks[index]!;
    for (let nth = 0; nth < look.sightings; nth++, row++) {
      at[row] = look.atMs;
      receivedAt[row] = look.atMs + RECEIVED_AFTER_MS;
      sequence[row] = look.sequence;
      ordinal[row] = nth;
      cameraOf[row] = camera[index]!;
      thing[row] = look.first + nth;
      template[row] = things.template[look.first + nth]!;
    }
  }
  const columns = {
    captured_at: wide(TIME, at),
    camera: names(cameras, cameraOf),
    sequence: wide('UInt64', sequence),
    ordinal: plain('UInt16', ordinal),
    received_at: wide(TIME, receivedAt),
    track: tracks(thing, things),
    presence_ms: plain('UInt32', taken(things.presenceMs, thing, new Uint32Array(rows))),
    model: names([SIMULATED_MODEL], new Uint8Array(rows)),
    ...templateColumns(template, templates),
  };
  return { rows, columns };
}

function templateColumns(template: Uint32Array, { names: known, columns: of, cells }: Templates) {
  const rows = template.length;
  const named = (key: 'kind' | 'areaPath' | 'placedBy' | 'reason') =>
    names(known[key].all(), taken(of[key], template, new Uint8Array(rows)));
  const small = (values: Float64Array) => taken(values, template, new Float32Array(rows));
  const large = (values: Float64Array) => taken(values, template, new Float64Array(rows));
  return {
    kind: named('kind'),
    score: plain('Float32', small(of.score)),
    x: plain('Float32', small(of.x)),
    y: plain('Float32', small(of.y)),
    width: plain('Float32', small(of.width)),
    height: plain('Float32', small(of.height)),
    lon: nullable('Float64', large(of.lon)),
    lat: nullable('Float64', large(of.lat)),
    cov_ee: nullable('Float32', small(of.covEe)),
    cov_en: nullable('Float32', small(of.covEn)),
    cov_nn: nullable('Float32', small(of.covNn)),
    ...cellColumns(template, { firstCell: of.firstCell, cells: of.cells, ...cells }),
    area_path: named('areaPath'),
    placed_by: named('placedBy'),
    unplaced_reason: named('reason'),
    calibration_version: plain('UInt32', taken(of.calibration, template, new Uint32Array(rows))),
  };
}

type Cells = Record<'firstCell' | 'cells', Float64Array> & Templates['cells'];

function cellColumns(template: Uint32Array, { firstCell, cells, cellHalves, weights }: Cells) {
  const ends = new Float64Array(template.length);
  let total = 0;
  for (let row = 0; row < ends.length; row++) {
    total += cells[template[row]!]!;
    ends[row] = total;
  }
  const [halves, shares] = [new Uint32Array(2 * total), new Uint16Array(total)];
  let to = 0;
  for (let row = 0; row < ends.length; row++) {
    const end = firstCell[template[row]!]! + cells[template[row]!]!;
    for (let cell = firstCell[template[row]!]!; cell < end; cell++, to++) {
      halves[2 * to] = cellHalves[2 * cell]!;
      halves[2 * to + 1] = cellHalves[2 * cell + 1]!;
      shares[to] = weights[cell]!;
    }
  }
  return { cells: arrays(ends, plain('UInt64', halves)), weights: arrays(ends, plain('UInt16', shares)) };
}

function taken<Values extends Uint8Array | Uint32Array | Float32Array | Float64Array>(
  values: Float64Array | Uint32Array,
  rows: Uint32Array,
  into: Values,
): Values {
  for (let row = 0; row < rows.length; row++) into[row] = values[rows[row]!]!;
  return into;
}

const DIGITS = new TextEncoder().encode('0123456789abcdefghijklmnopqrstuvwxyz');
/** Of a number of 32 bits. */
const TRACK_HALF = 7;

/** Two numbers of 32 bits each as seven digits of base 36. */
function tracks(thing: Uint32Array, { first, second }: Pick<Things, 'first' | 'second'>): Column {
  const size = 1 + 2 * TRACK_HALF;
  const bytes = new Uint8Array(size * thing.length);
  for (let row = 0; row < thing.length; row++) {
    bytes[row * size] = 2 * TRACK_HALF;
    writeDigits(bytes, row * size + TRACK_HALF, first[thing[row]!]!);
    writeDigits(bytes, row * size + 2 * TRACK_HALF, second[thing[row]!]!);
  }
  return { type: 'String', bytes: [bytes] };
}

function writeDigits(bytes: Uint8Array, last: number, value: number): void {
  let rest = value;
  for (let at = last; at > last - TRACK_HALF; at--) {
    const next = Math.floor(rest / 36);
    bytes[at] = DIGITS[rest - next * 36]!;
    rest = next;
  }
}
