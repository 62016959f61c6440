/**
 * Two answers of the store, looks and sightings, merged row by row into what the engine takes. The same objects are
 * filled again for each batch: making new ones for twenty million sightings cost more than what rules do with them.
 */
import { KINDS, type Kind } from '#models/schema/kind.ts';
import { DEGREE_STEPS, type Look, type Place, type Seen } from '../look.ts';
import { type Column, type Numbers, readNative, type Texts } from './read-native.ts';

const BATCH = 2000;

/** Answers of the store in its Native format, both in order of time, camera, revision and sequence. */
export type SpanBlocks = { fromMs: number; looks: readonly Uint8Array[]; sightings: readonly Uint8Array[] };

/** What names the look of a row. */
type Keys = {
  rows: number;
  at: Numbers;
  camera: Texts;
  ranks: readonly number[];
  revision: Numbers;
  sequence: Numbers;
};

type LookBlock = Keys & {
  receivedAt: Numbers;
  watchedFrom: Numbers;
  watchedTo: Numbers;
  calibrationVersion: Numbers;
  unwatchedReason: Texts;
  model: Texts;
  areaPath: Texts;
};

type SightingBlock = Keys & {
  track: Texts;
  kind: Texts;
  kinds: readonly Kind[];
  score: Numbers;
  x: Numbers;
  y: Numbers;
  width: Numbers;
  height: Numbers;
  isHeld: Numbers;
  unplacedReason: Texts;
  lon: Numbers;
  lat: Numbers;
  errorM: Numbers;
  varianceM2: Numbers;
};

/**
 * Some thousand looks at a time, good until the next are asked for. Sightings whose look is not stored (yet) are passed
 * over: nobody knows what was watched. `own`: only looks of these; absent: of all cameras that were asked for.
 */
export function* mergeSpan(
  blocks: SpanBlocks,
  cameras: readonly string[],
  own?: ReadonlySet<string>,
): Generator<readonly Look[]> {
  const ranks = new Map(cameras.map((camera, index) => [camera, index]));
  const isOwn = cameras.map((camera) => own?.has(camera) !== false);
  const sightings = sightingsOf(blocks.sightings, ranks);
  const pool = createPool();
  let block = sightings.next().value;
  let row = 0;
  for (const looks of lookBlocksOf(blocks.looks, ranks)) {
    for (let look = 0; look < looks.rows; look++) {
      if (isOwn[rankAt(looks, look)] !== true) continue;
      const made = pool.look(looks, look);
      made.capturedAtMs = blocks.fromMs + looks.at[look]!;
      made.camera = cameras[rankAt(looks, look)] ?? '';
      let count = 0;
      while (block !== undefined) {
        if (row >= block.rows) {
          block = sightings.next().value;
          row = 0;
          continue;
        }
        const place = order(block, row, looks, look);
        if (place > 0) break;
        if (place === 0) {
          pool.seen(block, row);
          count++;
        }
        row++;
      }
      made.seen = pool.last(count);
      if (pool.isFull()) yield pool.take();
    }
  }
  yield pool.take();
}

const rankAt = ({ camera, ranks }: Keys, row: number) => ranks[camera.keys[row]!]!;

/** Where a sighting stands to a look: before it, of it, or after it. */
function order(one: Keys, row: number, other: Keys, look: number): number {
  return (
    one.at[row]! - other.at[look]! ||
    rankAt(one, row) - rankAt(other, look) ||
    one.revision[row]! - (other.revision[look]! & 0xffff) ||
    one.sequence[row]! - (other.sequence[look]! >>> 0)
  );
}

type Filled = Look;
const NONE: Seen[] = [];

function createPool() {
  const looks: Filled[] = [];
  const sightings: Seen[] = [];
  const places: Place[] = [];
  let [lookCount, seenCount] = [0, 0];
  return {
    isFull: () => lookCount >= BATCH,
    take(): readonly Look[] {
      const taken = looks.slice(0, lookCount);
      [lookCount, seenCount] = [0, 0];
      return taken;
    },
    look(block: LookBlock, row: number): Filled {
      const look = lookCount < looks.length ? looks[lookCount]! : emptyLook();
      if (lookCount === looks.length) looks.push(look);
      lookCount++;
      look.areaPath = pathOf(textAt(block.areaPath, row));
      look.revision = block.revision[row]!;
      look.sequence = block.sequence[row]!;
      look.receivedAtMs = block.receivedAt[row]!;
      look.watchedFromMs = block.watchedFrom[row]!;
      look.watchedToMs = block.watchedTo[row]!;
      look.isWatched = textAt(block.unwatchedReason, row) === '';
      look.model = textAt(block.model, row);
      look.calibrationVersion = block.calibrationVersion[row]!;
      return look;
    },
    /** A list that is emptied gives its room away and asks for it again at once: one of the right size is less. */
    last: (count: number): Seen[] => (count === 0 ? NONE : sightings.slice(seenCount - count, seenCount)),
    seen(block: SightingBlock, row: number): void {
      if (seenCount === sightings.length) {
        sightings.push(emptySeen());
        places.push(emptyPlace());
      }
      const [seen, place] = [sightings[seenCount]!, places[seenCount]!];
      seenCount++;
      seen.track = textAt(block.track, row);
      seen.kind = block.kinds[block.kind.keys[row]!]!;
      seen.score = block.score[row]!;
      seen.box[0] = block.x[row]!;
      seen.box[1] = block.y[row]!;
      seen.box[2] = block.width[row]!;
      seen.box[3] = block.height[row]!;
      seen.isHeld = block.isHeld[row] === 1;
      const isPlaced = textAt(block.unplacedReason, row) === '';
      seen.place = isPlaced ? place : undefined;
      if (!isPlaced) return;
      place.lon = block.lon[row]! / DEGREE_STEPS;
      place.lat = block.lat[row]! / DEGREE_STEPS;
      place.errorM = block.errorM[row]!;
      place.varianceM2 = block.varianceM2[row]!;
    },
  };
}

const textAt = ({ texts, keys }: Texts, row: number) => texts[keys[row]!]!;

/** Numbers that are no whole ones, so that the engine keeps room for such from the start. */
const emptySeen = (): Seen => ({
  track: '',
  kind: 'person',
  score: 0.5,
  box: [0.5, 0.5, 0.5, 0.5],
  isHeld: false,
  place: undefined,
});
const emptyPlace = (): Place => ({ lon: 0.5, lat: 0.5, errorM: 0.5, varianceM2: 0.5 });

const emptyLook = (): Filled => ({
  camera: '',
  areaPath: [],
  revision: 0,
  sequence: 0,
  capturedAtMs: 0.5,
  receivedAtMs: 0.5,
  watchedFromMs: 0.5,
  watchedToMs: 0.5,
  isWatched: false,
  model: '',
  calibrationVersion: 0,
  seen: [],
});

type Ranks = ReadonlyMap<string, number>;

function* lookBlocksOf(chunks: readonly Uint8Array[], ranks: Ranks): Generator<LookBlock> {
  for (const { rows, columns } of readNative(chunks)) {
    const [numbers, texts] = [numbersOf(columns), textsOf(columns)];
    yield {
      ...keysOf(rows, columns, { ranks, revision: 'revision', sequence: 'sequence' }),
      ...{ receivedAt: numbers('received_at'), watchedFrom: numbers('watched_from'), watchedTo: numbers('watched_to') },
      ...{ calibrationVersion: numbers('calibration_version'), unwatchedReason: texts('unwatched_reason') },
      ...{ model: texts('model'), areaPath: texts('area_path') },
    };
  }
}

function* sightingsOf(chunks: readonly Uint8Array[], ranks: Ranks): Generator<SightingBlock, undefined> {
  for (const { rows, columns } of readNative(chunks)) {
    const [numbers, texts] = [numbersOf(columns), textsOf(columns)];
    const kind = texts('kind');
    yield {
      ...keysOf(rows, columns, { ranks, revision: 'revision_end', sequence: 'sequence_end' }),
      ...{ track: texts('of_track'), kind, kinds: kind.texts.map(kindOf), score: numbers('score') },
      ...{ x: numbers('x'), y: numbers('y'), width: numbers('width'), height: numbers('height') },
      ...{ isHeld: numbers('is_held'), unplacedReason: texts('unplaced_reason') },
      ...{
        lon: numbers('at_lon'),
        lat: numbers('at_lat'),
        errorM: numbers('error_m'),
        varianceM2: numbers('variance_m2'),
      },
    };
  }
  return undefined;
}

/** The one string of ours: comparing it with another of ours is comparing places in memory. */
const kindOf = (text: string) => KINDS.find((kind) => kind === text) ?? (text as Kind);

type Named = { ranks: Ranks; revision: string; sequence: string };

function keysOf(rows: number, columns: ReadonlyMap<string, Column>, { ranks, revision, sequence }: Named): Keys {
  const [numbers, camera] = [numbersOf(columns), textsOf(columns)('camera')];
  return {
    ...{ rows, at: numbers('at_ms'), camera, ranks: camera.texts.map((text) => ranks.get(text) ?? -1) },
    ...{ revision: numbers(revision), sequence: numbers(sequence) },
  };
}

const numbersOf = (columns: ReadonlyMap<string, Column>) => (name: string) => {
  const column = columns.get(name);
  if (column === undefined || !('values' in column)) throw new Error(`the store told no numbers of ${name}`);
  return column.values;
};

const textsOf = (columns: ReadonlyMap<string, Column>) => (name: string) => {
  const column = columns.get(name);
  if (column === undefined || !('texts' in column)) throw new Error(`the store told no texts of ${name}`);
  return column;
};

const paths = new Map<string, readonly string[]>();
const PATHS_MAX = 10_000;

function pathOf(text: string): readonly string[] {
  const known = paths.get(text);
  if (known !== undefined) return known;
  if (paths.size >= PATHS_MAX) paths.clear();
  const path = text.split('.');
  paths.set(text, path);
  return path;
}
