/** What the engine of rules is fed: looks at a camera with what was seen, and words on how a camera is. */
import type { PlacedMessage } from '#analytics/store/rows.ts';
import type { CameraState } from '#models/schema/camera.ts';
import type { CameraEvent } from '#models/schema/camera-event.ts';
import type { Box, DetectionMessage, Sighting } from '#models/schema/detection.ts';
import type { Kind } from '#models/schema/kind.ts';
import type { FindingName } from '#models/schema/picture-finding.ts';
import type { CAMERA_TROUBLES } from '#models/schema/rule-condition.ts';

export type Place = { lon: number; lat: number; covEe: number; covEn: number; covNn: number };

/** One thing in one look. */
export type Seen = {
  track: string;
  kind: Kind;
  score: number;
  box: Box;
  isHeld: boolean;
  /** Absent where it could not be placed on the ground. */
  place?: Place;
  /** What the look before saw of it, where this one is told at once and confirms its track. */
  first?: { atMs: number; score: number; box: Box; place?: Place };
};

export type Look = {
  /** camera:revision:sequence */
  id: string;
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
    id: message.id,
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

const roundPlace = ({ lon, lat, covEe, covEn, covNn }: Place): Place => ({
  ...{ lon, lat },
  ...{ covEe: Math.fround(covEe), covEn: Math.fround(covEn), covNn: Math.fround(covNn) },
});

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
