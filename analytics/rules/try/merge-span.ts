/** Two answers of the store, looks and sightings, merged row by row into what the engine takes. */
import type { Box } from '#models/schema/detection.ts';
import type { Kind } from '#models/schema/kind.ts';
import { messageId } from '#models/wire/codec.ts';
import type { Look, Seen } from '../look.ts';
import { readNative } from './read-native.ts';

const BATCH = 2000;

const LOOK_NUMBERS = [
  'at',
  'camera_index',
  'revision',
  'sequence',
  'received',
  'watched_from_ms',
  'watched_to_ms',
  'is_watched',
  'calibration_version',
] as const;
const LOOK_TEXTS = ['by_model', 'path'] as const;
const SIGHTING_NUMBERS = [
  'at',
  'camera_index',
  'revision',
  'sequence',
  'score',
  'x',
  'y',
  'width',
  'height',
  'is_held',
  'is_placed',
  'at_lon',
  'at_lat',
  'ee',
  'en',
  'nn',
] as const;
const SIGHTING_TEXTS = ['of_track', 'of_kind'] as const;

/** Columns of the block in hand by name, so that a value costs an index and no search. */
type Columns<Numbers extends string, Texts extends string> = Record<Numbers, (row: number) => number> &
  Record<Texts, (row: number) => string>;

/** Rows one after the other, over all blocks. */
type Rows<Numbers extends string = string, Texts extends string = string> = {
  columns: Columns<Numbers, Texts>;
  row: number;
  /** Goes on to the next row; false at the end. */
  next: () => Promise<boolean>;
  /** The same, while the block in hand has one: a promise per row would cost more than the row. */
  step: () => boolean;
};

type LookRows = Rows<(typeof LOOK_NUMBERS)[number], (typeof LOOK_TEXTS)[number]>;
type SightingRows = Rows<(typeof SIGHTING_NUMBERS)[number], (typeof SIGHTING_TEXTS)[number]>;
type KeyRows = Rows<'at' | 'camera_index' | 'revision' | 'sequence', never>;

function openRows<Numbers extends string, Texts extends string>(
  chunks: readonly Uint8Array[],
  names: readonly (Numbers | Texts)[],
): Rows<Numbers, Texts> {
  const blocks = readNative(chunks);
  let count = 0;
  const rows: Rows<Numbers, Texts> = {
    columns: {} as Columns<Numbers, Texts>,
    row: -1,
    async next() {
      if (rows.step()) return true;
      const block = await blocks.next();
      if (block.done === true) return false;
      const { columns } = block.value;
      rows.columns = Object.fromEntries(names.map((name) => [name, columns.get(name)!.at])) as Columns<Numbers, Texts>;
      count = block.value.rows;
      rows.row = 0;
      return true;
    },
    step: () => rows.row + 1 < count && ++rows.row > -1,
  };
  return rows;
}

type Key = { atMs: number; camera: number; revision: number; sequence: number };

const keyOf = ({ columns, row }: KeyRows): Key => ({
  atMs: columns.at(row),
  camera: columns.camera_index(row),
  revision: columns.revision(row),
  sequence: columns.sequence(row),
});

/** Where the row in hand stands to a look: before it, of it, or after it. */
function order({ columns, row }: KeyRows, key: Key): number {
  return (
    columns.at(row) - key.atMs ||
    columns.camera_index(row) - key.camera ||
    columns.revision(row) - key.revision ||
    columns.sequence(row) - key.sequence
  );
}

/** Answers of the store in its Native format, both in order of time, camera, revision and sequence. */
export type SpanBlocks = { looks: readonly Uint8Array[]; sightings: readonly Uint8Array[] };

/** Some thousand looks at a time. Sightings whose look is not stored (yet) are passed over: nobody knows what was watched. */
export async function* mergeSpan(blocks: SpanBlocks, cameras: readonly string[]): AsyncGenerator<Look[]> {
  const looks: LookRows = openRows(blocks.looks, [...LOOK_NUMBERS, ...LOOK_TEXTS]);
  const sightings: SightingRows = openRows(blocks.sightings, [...SIGHTING_NUMBERS, ...SIGHTING_TEXTS]);
  let hasSighting = await sightings.next();
  let batch: Look[] = [];
  while (looks.step() || (await looks.next())) {
    const key = keyOf(looks);
    const seen: Seen[] = [];
    while (hasSighting) {
      const place = order(sightings, key);
      if (place > 0) break;
      if (place === 0) seen.push(seenOf(sightings));
      hasSighting = sightings.step() || (await sightings.next());
    }
    batch.push(lookOf(looks, key, { seen, camera: cameras[key.camera - 1] ?? '' }));
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function lookOf({ columns, row }: LookRows, key: Key, { seen, camera }: { seen: Seen[]; camera: string }): Look {
  const { atMs, revision, sequence } = key;
  return {
    id: messageId(camera, revision, sequence),
    camera,
    areaPath: pathOf(columns.path(row)),
    revision,
    sequence,
    capturedAtMs: atMs,
    receivedAtMs: columns.received(row),
    watchedFromMs: columns.watched_from_ms(row),
    watchedToMs: columns.watched_to_ms(row),
    isWatched: columns.is_watched(row) === 1,
    model: columns.by_model(row),
    calibrationVersion: columns.calibration_version(row),
    seen,
  };
}

function seenOf({ columns, row }: SightingRows): Seen {
  const box: Box = [columns.x(row), columns.y(row), columns.width(row), columns.height(row)];
  const [track, kind] = [columns.of_track(row), columns.of_kind(row) as Kind];
  const isHeld = columns.is_held(row) === 1;
  if (columns.is_placed(row) === 0) return { track, kind, score: columns.score(row), box, isHeld };
  const place = {
    lon: columns.at_lon(row),
    lat: columns.at_lat(row),
    covEe: columns.ee(row),
    covEn: columns.en(row),
    covNn: columns.nn(row),
  };
  return { track, kind, score: columns.score(row), box, isHeld, place };
}

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
