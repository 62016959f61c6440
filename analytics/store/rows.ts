/** The one place where our names meet the store's: messages and places to columns, and rare rows to lines of JSON. */
import type { DetectionMessage } from '#models/schema/detection.ts';
import { arrays, type Column, nullable, plain, strings, wide } from './native-block.ts';

/** Weights of a sighting's cells are thousandths and sum to this. */
export const WEIGHT_SUM = 1000;

/** Where a sighting is; `cells` are H3 indexes of resolution 13. NaN where there is no place. */
export type Placed = {
  lon: number;
  lat: number;
  /** Covariance, square metres. */
  covEe: number;
  covEn: number;
  covNn: number;
  cells: readonly bigint[];
  weights: readonly number[];
  areaPath: string;
  /** `none`: seen, not placed. */
  placedBy: 'foot' | 'head' | 'none';
  /** Why not; empty where it is placed. */
  unplacedReason: UnplacedReason | '';
};

export type UnplacedReason = 'no-calibration' | 'view-moved' | 'horizon' | 'beyond-reach' | 'vague' | 'outside-mask';

export type PlacedMessage = {
  message: DetectionMessage;
  /** One per sighting, in their order. */
  places: readonly Placed[];
  calibrationVersion: number;
  /** The camera's own area path, as in the subject. */
  areaPath: string;
};

export type QuarantineReason = 'clock' | 'expired' | 'stale' | 'implausible' | 'undecodable';

export type Quarantined = {
  reason: QuarantineReason;
  id: string;
  camera: string;
  capturedAtMs: number | null;
  message: string;
  payload: string;
};

export type CoverageRow = {
  camera: string;
  calibrationVersion: number;
  cell: bigint;
  areaPath: string;
  /** Empty or absent where the camera sees it: `building` or `mask` otherwise. */
  hiddenBy?: string;
  /** Of a picture 720 high. */
  personPx?: number;
  recallDay?: number;
  recallNight?: number;
};

export type RevisionRow = { camera: string; revision: number; firstCapturedAtMs: number };

const TIME = "DateTime64(3, 'UTC')";

type Columns = Readonly<Record<string, Column>>;

/** One row per sighting. Loops over typed arrays, because this runs for every sighting of a city. */
export function sightingColumns(messages: readonly PlacedMessage[]): { rows: number; columns: Columns } {
  const rows = messages.reduce((sum, { places }) => sum + places.length, 0);
  return {
    rows,
    columns: { ...messageColumns(messages, rows), ...boxColumns(messages, rows), ...placeColumns(messages, rows) },
  };
}

/** What all sightings of a message share. */
function messageColumns(messages: readonly PlacedMessage[], rows: number): Columns {
  const [capturedAt, receivedAt] = [new Float64Array(rows), new Float64Array(rows)];
  const [revision, sequence] = [new Float64Array(rows), new Float64Array(rows)];
  const [ordinal, calibration] = [new Uint16Array(rows), new Uint32Array(rows)];
  const [camera, model] = [new Array<string>(rows), new Array<string>(rows)];
  let row = 0;
  for (const { message, places, calibrationVersion } of messages) {
    for (let index = 0; index < places.length; index++, row++) {
      capturedAt[row] = message.capturedAtMs;
      receivedAt[row] = message.receivedAtMs;
      revision[row] = message.revision;
      sequence[row] = message.sequence;
      ordinal[row] = index;
      calibration[row] = calibrationVersion;
      camera[row] = message.camera;
      model[row] = message.model;
    }
  }
  return {
    captured_at: wide(TIME, capturedAt),
    camera: strings(camera),
    revision: wide('UInt64', revision),
    sequence: wide('UInt64', sequence),
    ordinal: plain('UInt16', ordinal),
    calibration_version: plain('UInt32', calibration),
    model: strings(model),
    received_at: wide(TIME, receivedAt),
  };
}

/** What the detector and the tracker say. */
function boxColumns(messages: readonly PlacedMessage[], rows: number): Columns {
  const [track, kind] = [new Array<string>(rows), new Array<string>(rows)];
  const [score, presence, isHeld] = [new Float32Array(rows), new Uint32Array(rows), new Uint8Array(rows)];
  const [x, y, width, height] = [0, 1, 2, 3].map(() => new Float32Array(rows)) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  let row = 0;
  for (const { message } of messages) {
    for (const sighting of message.sightings) {
      track[row] = sighting.track;
      kind[row] = sighting.kind;
      score[row] = sighting.score;
      presence[row] = sighting.presenceMs;
      isHeld[row] = sighting.isHeld ? 1 : 0;
      [x[row], y[row], width[row], height[row]] = sighting.box;
      row++;
    }
  }
  return {
    track: strings(track),
    kind: strings(kind),
    score: plain('Float32', score),
    x: plain('Float32', x),
    y: plain('Float32', y),
    width: plain('Float32', width),
    height: plain('Float32', height),
    presence_ms: plain('UInt32', presence),
    is_held: plain('Bool', isHeld),
  };
}

/** Where the placer put them. */
function placeColumns(messages: readonly PlacedMessage[], rows: number): Columns {
  const [lon, lat] = [new Float64Array(rows), new Float64Array(rows)];
  const [covEe, covEn, covNn] = [new Float32Array(rows), new Float32Array(rows), new Float32Array(rows)];
  const [areaPath, placedBy, reason] = [new Array<string>(rows), new Array<string>(rows), new Array<string>(rows)];
  const cells: bigint[] = [];
  const weights: number[] = [];
  const ends = new Float64Array(rows);
  let row = 0;
  for (const { places } of messages) {
    for (const place of places) {
      lon[row] = place.lon;
      lat[row] = place.lat;
      covEe[row] = place.covEe;
      covEn[row] = place.covEn;
      covNn[row] = place.covNn;
      areaPath[row] = place.areaPath;
      placedBy[row] = place.placedBy;
      reason[row] = place.unplacedReason;
      for (let index = 0; index < place.cells.length; index++) {
        cells.push(place.cells[index]!);
        weights.push(place.weights[index]!);
      }
      ends[row++] = cells.length;
    }
  }
  return {
    lon: nullable('Float64', lon),
    lat: nullable('Float64', lat),
    cov_ee: nullable('Float32', covEe),
    cov_en: nullable('Float32', covEn),
    cov_nn: nullable('Float32', covNn),
    cells: arrays(ends, plain('UInt64', new BigUint64Array(cells))),
    weights: arrays(ends, plain('UInt16', new Uint16Array(weights))),
    area_path: strings(areaPath),
    placed_by: strings(placedBy),
    unplaced_reason: strings(reason),
  };
}

/** A span in which nothing could be seen was not watched. */
export function observedMsOf({ watchedFromMs, watchedToMs, unwatchedReason }: DetectionMessage): number {
  return unwatchedReason === undefined ? watchedToMs - watchedFromMs : 0;
}

/** One row per message. */
export function lookColumns(all: readonly PlacedMessage[]): { rows: number; columns: Columns } {
  const large = (pick: (message: DetectionMessage) => number) =>
    new Float64Array(all.map(({ message }) => pick(message)));
  const small = (pick: (one: PlacedMessage) => number) => plain('UInt32', new Uint32Array(all.map(pick)));
  const columns = {
    watched_from: wide(
      TIME,
      large((message) => message.watchedFromMs),
    ),
    camera: strings(all.map(({ message }) => message.camera)),
    revision: wide(
      'UInt64',
      large((message) => message.revision),
    ),
    sequence: wide(
      'UInt64',
      large((message) => message.sequence),
    ),
    watched_to: wide(
      TIME,
      large((message) => message.watchedToMs),
    ),
    observed_ms: small(({ message }) => observedMsOf(message)),
    unwatched_reason: strings(all.map(({ message }) => message.unwatchedReason ?? '')),
    looks: small(({ message }) => message.looks),
    sightings: small(({ message }) => message.sightings.length),
    calibration_version: small(({ calibrationVersion }) => calibrationVersion),
    area_path: strings(all.map(({ areaPath }) => areaPath)),
    model: strings(all.map(({ message }) => message.model)),
    captured_at: wide(
      TIME,
      large((message) => message.capturedAtMs),
    ),
    received_at: wide(
      TIME,
      large((message) => message.receivedAtMs),
    ),
  };
  return { rows: all.length, columns };
}

/** A bare integer is read as ticks of DateTime64(3), which are milliseconds. */
export function quarantineLine(row: Quarantined): string {
  return `${JSON.stringify([row.reason, row.id, row.camera, row.capturedAtMs, row.message, row.payload])}\n`;
}

export function coverageLine(row: CoverageRow, version: string): string {
  const { camera, calibrationVersion, cell, areaPath } = row;
  const { hiddenBy = '', personPx = 0, recallDay = 0, recallNight = 0 } = row;
  const looks = `"${hiddenBy}",${personPx.toFixed(1)},${recallDay.toFixed(3)},${recallNight.toFixed(3)}`;
  return `["${camera}",${calibrationVersion},${cell},"${areaPath}",${version},${looks}]\n`;
}

export function revisionLine(row: RevisionRow): string {
  return `["${row.camera}",${row.revision},${row.firstCapturedAtMs}]\n`;
}
