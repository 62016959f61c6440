/** What the engine of rules is fed: looks at a camera with what was seen, and words on how a camera is. */
import type { Placed, PlacedMessage } from '#analytics/store/rows.ts';
import type { CameraState } from '#models/schema/camera.ts';
import type { CameraEvent } from '#models/schema/camera-event.ts';
import type { Box, DetectionMessage, Sighting } from '#models/schema/detection.ts';
import type { Kind } from '#models/schema/kind.ts';
import type { FindingName } from '#models/schema/picture-finding.ts';
import type { CAMERA_TROUBLES } from '#models/schema/rule-condition.ts';

/** Degrees, rounded to a centimetre; the longer half axis of the error's ellipse, and the mean variance of both. */
export type Place = { lon: number; lat: number; errorM: number; varianceM2: number };

/** One thing in one look. */
export type Seen = {
  track: string;
  kind: Kind;
  score: number;
  box: Box;
  isHeld: boolean;
  /** Absent where it could not be placed on the ground. */
  place?: Place | undefined;
  /** What the look before saw of it, where this one is told at once and confirms its track. */
  first?: { atMs: number; score: number; box: Box; place?: Place | undefined };
};

/** Good until the next one is asked for: who reads millions of them fills the same objects again. */
export type Look = {
  camera: string;
  areaPath: readonly string[];
  revision: number;
  sequence: number;
  capturedAtMs: number;
  receivedAtMs: number;
  /** When the broker had it; unknown where stored rows are read again. */
  publishedAtMs?: number;
  watchedFromMs: number;
  watchedToMs: number;
  /** False while pictures showed nothing (black, covered, frozen …). */
  isWatched: boolean;
  model: string;
  /** 0: none was used. */
  calibrationVersion: number;
  seen: readonly Seen[];
};

export type Trouble = (typeof CAMERA_TROUBLES)[number];

/** What somebody says of a camera: which troubles it has and which it has not; of others it says nothing. */
export type CameraWord = {
  id: string;
  camera: string;
  areaPath: readonly string[];
  atMs: number;
  receivedAtMs: number;
  troubles: readonly { trouble: Trouble; isOn: boolean; sinceMs: number }[];
};

/**
 * Rounded as the store rounds it (boxes, scores and covariances are Float32 there), so that stored rows that are read
 * again give the same figures to the last digit.
 */
export function lookOf({ message, places, calibrationVersion }: PlacedMessage, publishedAtMs?: number): Look {
  return {
    camera: message.camera,
    areaPath: message.areaPath,
    revision: message.revision,
    sequence: message.sequence,
    capturedAtMs: message.capturedAtMs,
    receivedAtMs: message.receivedAtMs,
    ...(publishedAtMs === undefined ? {} : { publishedAtMs }),
    watchedFromMs: message.watchedFromMs,
    watchedToMs: message.watchedToMs,
    isWatched: message.unwatchedReason === undefined,
    model: message.model,
    calibrationVersion,
    seen: withFirsts(
      message.sightings,
      message.sightings.map(({ track, kind, score, box, isHeld }, index): Seen => {
        const [x, y, width, height] = box;
        const one = { track, kind, score: Math.fround(score), isHeld, box: roundBox(x, y, width, height) };
        const place = places[index];
        return place === undefined || place.unplacedReason !== '' ? one : { ...one, place: roundPlace(place) };
      }),
    ),
  };
}

/** The message with the places where things were first as sightings of their own, to be placed like those of the look before. */
export function unfold(message: DetectionMessage): DetectionMessage {
  const firsts = message.sightings.flatMap(({ first, ...sighting }): Sighting[] =>
    first === undefined ? [] : [{ ...sighting, score: first.score, box: first.box, isFirst: true }],
  );
  return firsts.length === 0 ? message : { ...message, sightings: [...message.sightings, ...firsts] };
}

/** Folds again what `unfold` made sightings of; nothing else in a message names a track twice. */
function withFirsts(sightings: readonly Sighting[], seen: readonly Seen[]): readonly Seen[] {
  const told = sightings.filter(({ first }) => first !== undefined).length;
  if (told === 0) return seen;
  const firsts = new Map(seen.slice(-told).map((one) => [one.track, one]));
  return seen.slice(0, -told).map((one, index): Seen => {
    const atMs = sightings[index]?.first?.atMs;
    const first = firsts.get(one.track);
    if (atMs === undefined || first === undefined) return one;
    const { score, box, place } = first;
    return { ...one, first: { atMs, score, box, ...(place === undefined ? {} : { place }) } };
  });
}

const roundBox = (x: number, y: number, width: number, height: number): Box => [
  Math.fround(x),
  Math.fround(y),
  Math.fround(width),
  Math.fround(height),
];

/** Steps of a degree that rules know; `PLACE_COLUMNS` says the same to the store. */
export const DEGREE_STEPS = 1e7;

function roundPlace({ lon, lat, ...cov }: Pick<Placed, 'lon' | 'lat' | 'covEe' | 'covEn' | 'covNn'>): Place {
  const [ee, en, nn] = [Math.fround(cov.covEe), Math.fround(cov.covEn), Math.fround(cov.covNn)];
  const half = (ee - nn) / 2;
  return {
    lon: Math.floor(lon * DEGREE_STEPS + 0.5) / DEGREE_STEPS,
    lat: Math.floor(lat * DEGREE_STEPS + 0.5) / DEGREE_STEPS,
    errorM: Math.fround(Math.sqrt((ee + nn) / 2 + Math.sqrt(half * half + en * en))),
    varianceM2: Math.fround((ee + nn) / 2),
  };
}

/** Findings that are a trouble of the same or another name. */
const FINDING_TROUBLES: Partial<Record<FindingName, Trouble>> = {
  covered: 'tampered',
  white: 'tampered',
  blurred: 'tampered',
  moved: 'moved',
  frozen: 'frozen',
  black: 'dark',
};
const STATE_TROUBLES = ['down', 'tampered', 'moved', 'frozen', 'dark'] as const satisfies Trouble[];

export function wordOfState(state: CameraState, areaPath: readonly string[]): CameraWord {
  const since = new Map<Trouble, number>();
  if (state.downSinceMs !== undefined || state.state === 'down') since.set('down', state.downSinceMs ?? state.sinceMs);
  for (const { finding, sinceMs } of state.picture ?? []) {
    const trouble = FINDING_TROUBLES[finding];
    if (trouble !== undefined) since.set(trouble, Math.min(sinceMs, since.get(trouble) ?? sinceMs));
  }
  const { camera, updatedAtMs } = state;
  return {
    ...{ id: `${camera}:state:${updatedAtMs}`, camera, areaPath, atMs: updatedAtMs, receivedAtMs: updatedAtMs },
    troubles: STATE_TROUBLES.map((trouble) => ({
      trouble,
      isOn: since.has(trouble),
      sinceMs: since.get(trouble) ?? updatedAtMs,
    })),
  };
}

/** undefined for what is no trouble, such as motion. */
export function wordOfEvent(event: CameraEvent, areaPath: readonly string[]): CameraWord | undefined {
  const { id, camera, topic, isOn, capturedAtMs, receivedAtMs } = event;
  const trouble = topic === 'tamper' ? 'device-tamper' : topic === 'digital-input' ? 'device-input' : undefined;
  if (trouble === undefined) return undefined;
  const troubles = [{ trouble, isOn, sinceMs: capturedAtMs }] as const;
  return { id, camera, areaPath, atMs: capturedAtMs, receivedAtMs, troubles };
}
