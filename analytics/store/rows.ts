/** The one place where our names meet the store's: messages and places to lines of JSONCompactEachRow. */
import type { DetectionMessage, Sighting } from '#models/schema/detection.ts';

/** Weights of a sighting's cells are thousandths and sum to this. */
export const WEIGHT_SUM = 1000;

/** Where a sighting is: `cells` are H3 indexes of resolution 13 as decimal digits. */
export type Placed = {
  lon: number | null;
  lat: number | null;
  covEe: number | null;
  covEn: number | null;
  covNn: number | null;
  cells: readonly string[];
  weights: readonly number[];
  areaPath: string;
};

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

export type CoverageRow = { camera: string; calibrationVersion: number; cell: string; areaPath: string };

export type RevisionRow = { camera: string; revision: number; firstCapturedAtMs: number };

export const SIGHTING_COLUMNS =
  'captured_at, camera, revision, sequence, ordinal, track, kind, score, x, y, width, height, presence_ms, is_held, ' +
  'lon, lat, cov_ee, cov_en, cov_nn, cells, weights, area_path, calibration_version, model, received_at';

export const LOOK_COLUMNS =
  'watched_from, camera, revision, sequence, watched_to, observed_ms, looks, sightings, calibration_version, ' +
  'area_path, model, captured_at, received_at';

/**
 * Ids, kinds, tracks and area paths hold no character that JSON would escape; model names may. A bare integer is read
 * as ticks of DateTime64(3), which are milliseconds.
 */
export function sightingLines({ message, places, calibrationVersion }: PlacedMessage): string {
  const head = `[${message.capturedAtMs},"${message.camera}",${message.revision},${message.sequence},`;
  const tail = `,${calibrationVersion},${JSON.stringify(message.model)},${message.receivedAtMs}]\n`;
  let lines = '';
  for (let ordinal = 0; ordinal < message.sightings.length; ordinal++) {
    lines += `${head}${ordinal},${sightingFields(message.sightings[ordinal]!, places[ordinal]!)}${tail}`;
  }
  return lines;
}

function sightingFields(sighting: Sighting, place: Placed): string {
  const [x, y, width, height] = sighting.box;
  return (
    `"${sighting.track}","${sighting.kind}",${round(sighting.score)},${round(x)},${round(y)},${round(width)},` +
    `${round(height)},${sighting.presenceMs},${sighting.isHeld},${place.lon},${place.lat},` +
    `${place.covEe},${place.covEn},${place.covNn},[${place.cells}],[${place.weights}],"${place.areaPath}"`
  );
}

/** A millionth of the image is far below a pixel; short numbers make short lines. */
const round = (value: number) => Math.round(value * 1e6) / 1e6;

export function observedMsOf(message: DetectionMessage): number {
  return Math.max(0, message.watchedToMs - message.watchedFromMs);
}

export function lookLine({ message, calibrationVersion, areaPath }: PlacedMessage): string {
  return (
    `[${message.watchedFromMs},"${message.camera}",${message.revision},${message.sequence},` +
    `${message.watchedToMs},${observedMsOf(message)},${message.looks},${message.sightings.length},` +
    `${calibrationVersion},"${areaPath}",${JSON.stringify(message.model)},${message.capturedAtMs},` +
    `${message.receivedAtMs}]\n`
  );
}

export function quarantineLine(row: Quarantined): string {
  return `${JSON.stringify([row.reason, row.id, row.camera, row.capturedAtMs, row.message, row.payload])}\n`;
}

export function coverageLine(row: CoverageRow, version: string): string {
  return `["${row.camera}",${row.calibrationVersion},${row.cell},"${row.areaPath}",${version}]\n`;
}

export function revisionLine(row: RevisionRow): string {
  return `["${row.camera}",${row.revision},${row.firstCapturedAtMs}]\n`;
}
