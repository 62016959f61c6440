/** A detection: one thing in one frame; and the message that carries them to whoever counts. */
import Type, { type Static } from 'typebox';
import { AreaPath } from './area.ts';
import { Id, TimeMs } from './id.ts';
import { Kind } from './kind.ts';

/** [x, y, width, height] as fractions of the image, origin top left. */
export const Box = Type.Array(Type.Number(), { minItems: 4, maxItems: 4 });
export type Box = [x: number, y: number, width: number, height: number];

export type Detection = { kind: Kind; score: number; box: Box };

/** A detection that belongs to a track; `isHeld` when the track is believed, not seen, in this look. */
export type TrackedDetection = Detection & {
  track: string;
  isHeld: boolean;
  /** At a track's second look: its first, which nobody was told of because one look alone confirms nothing. */
  first?: FirstSeen;
  /** Told in hindsight, by the look after it. */
  isFirst?: boolean;
};

export type FirstSeen = { atMs: number; score: number; box: Box };

/**
 * A thing of one track at one look. `presenceMs` is the time until the next look, in whole milliseconds, capped:
 * the sum over sightings is how long things were there, however often the camera looked.
 */
export const Sighting = Type.Object({
  track: Type.String({ pattern: '^[a-z0-9]{8,24}$', description: 'Random, of one camera, ends with the track' }),
  kind: Kind,
  score: Type.Number({ minimum: 0, maximum: 1 }),
  box: Box,
  presenceMs: Type.Integer({ minimum: 0 }),
  isHeld: Type.Boolean({ description: 'Stands still while the gate is closed; not looked at just now' }),
  isFirst: Type.Optional(
    Type.Boolean({ description: 'Told in hindsight: the next look confirmed the track, and this look was its first' }),
  ),
  first: Type.Optional(
    Type.Object(
      { atMs: TimeMs, score: Type.Number({ minimum: 0, maximum: 1 }), box: Box },
      { description: 'Of looks told at once: what the look before saw of a track that this one confirms' },
    ),
  ),
});
export type Sighting = Omit<Static<typeof Sighting>, 'box' | 'first'> & { box: Box; first?: FirstSeen };

/**
 * Told twice: at once to the rules, without the time it stands for, and to all when that is known (`LOOKS_STREAM`).
 *
 * One look at one camera, or, where nothing was seen, several looks in a row: an empty `sightings` with its watched
 * interval is the ledger's "looked, saw nothing". Watched intervals of one lease revision follow each other and never
 * overlap; `watchedToMs - watchedFromMs` is at most the cap plus the aggregation time.
 */
export const DetectionMessage = Type.Object({
  version: Type.Literal(1),
  id: Type.String({ description: 'camera:revision:sequence' }),
  camera: Id,
  revision: Type.Integer({ minimum: 0, description: 'Of the lease under which the worker had the camera' }),
  sequence: Type.Integer({ minimum: 0 }),
  areaPath: AreaPath,
  model: Type.String(),
  capturedAtMs: TimeMs,
  receivedAtMs: TimeMs,
  watchedFromMs: TimeMs,
  watchedToMs: TimeMs,
  looks: Type.Integer({ minimum: 0, description: 'Frames that went through the detector' }),
  sightings: Type.Array(Sighting),
  calibrationVersion: Type.Optional(
    Type.Integer({ minimum: 1, description: 'The calibration of the pose that a camera stood at that turns' }),
  ),
  unwatchedReason: Type.Optional(
    Type.String({
      pattern: '^[a-z0-9-]{1,64}$',
      description:
        'Pictures came and showed nothing (frozen, covered, black …): the interval was not watched. A code of the troubleshooting page',
    }),
  ),
  isViewMoved: Type.Optional(
    Type.Boolean({ description: 'The camera looks elsewhere than calibrated: counted, but not placed' }),
  ),
});
export type DetectionMessage = Omit<Static<typeof DetectionMessage>, 'sightings'> & { sightings: Sighting[] };
