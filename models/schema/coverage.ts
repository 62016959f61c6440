/** What the API answers when asked which ground is seen: planned (by calibrations and houses) and observed (by the ledger). */
import Type, { type Static } from 'typebox';
import { AreaLevel } from './area.ts';
import { Importance } from './camera.ts';
import { Id, TimeMs } from './id.ts';
import { KeyPlaceKind } from './key-place.ts';

const Share = Type.Number({ minimum: 0, maximum: 1 });
const Metres2 = Type.Number({ minimum: 0, description: 'Square metres' });
const Lon = Type.Number();
const Lat = Type.Number();

/** By day and by night, the same figure. */
const byLight = <Schema extends typeof Metres2>(schema: Schema) => Type.Object({ day: schema, night: schema });

const Watched = Type.Union([Share, Type.Null()], {
  description:
    'Share of the period in which the camera that saw it longest looked; null where none is planned to see it',
});

export const AreaCoverage = Type.Object({
  area: Id,
  name: Type.String(),
  level: AreaLevel,
  parent: Type.Union([Id, Type.Null()]),
  areaM2: Metres2,
  builtM2: { ...Metres2, description: 'Of it under imported buildings: no ground to see' },
  seenM2: byLight(Metres2),
  share: byLight({ ...Share, description: 'Of the open ground' }),
  watchedM2: { ...Metres2, description: 'Planned by day and watched for half of the period or more' },
});
export type AreaCoverage = Static<typeof AreaCoverage>;

export const CameraCoverage = Type.Object({
  camera: Id,
  name: Type.String(),
  area: Type.Union([Id, Type.Null()]),
  pictureM2: { ...Metres2, description: 'Ground in its picture within 150 m, nothing left out' },
  hiddenM2: { ...Metres2, description: 'Of it behind houses or masks' },
  seenM2: byLight(Metres2),
  onlyM2: { ...Metres2, description: 'Seen by day by no other camera' },
  watched: Watched,
  isHardlyWatched: Type.Boolean({ description: 'Planned, and watched for less than half of the period' }),
  reason: Type.Optional(
    Type.String({
      description: 'What kept it longest: an error code, `disabled`, `unknown` (nobody watched) or `new`',
    }),
  ),
});
export type CameraCoverage = Static<typeof CameraCoverage>;

export const PLACE_STATES = ['covered', 'partly', 'blind'] as const;

export const PlaceCoverage = Type.Object({
  id: Id,
  name: Type.String(),
  kind: KeyPlaceKind,
  importance: Importance,
  area: Type.Union([Id, Type.Null()]),
  lon: Lon,
  lat: Lat,
  groundM2: Metres2,
  share: byLight({ ...Share, description: 'Of its ground' }),
  state: Type.Object({ day: Type.Enum(PLACE_STATES), night: Type.Enum(PLACE_STATES) }),
  watched: Watched,
  cameras: Type.Array(Id),
});
export type PlaceCoverage = Static<typeof PlaceCoverage>;

export const CoverageReport = Type.Object({
  fromMs: TimeMs,
  toMs: TimeMs,
  model: Type.String({ description: 'Detection model that the shares of people found were measured with' }),
  leastPx: Type.Object(
    { day: Type.Number(), night: Type.Number() },
    { description: 'Least height of a person that counts as seen, pixels of a picture 720 high' },
  ),
  buildings: Type.Integer({ description: 'Imported buildings that may hide ground' }),
  areas: Type.Array(AreaCoverage),
  cameras: Type.Array(CameraCoverage),
  places: Type.Array(PlaceCoverage, { description: 'Key areas and checkpoints, worst first' }),
});
export type CoverageReport = Static<typeof CoverageReport>;

/** A cell that is in the picture of a camera at least. */
export const CoverageCell = Type.Object({
  cell: Type.String({ description: 'H3 index, resolution 13' }),
  day: { ...Share, description: 'Share of the people there that one look finds by day' },
  night: Share,
  isSeen: Type.Object({ day: Type.Boolean(), night: Type.Boolean() }),
  personPx: Type.Number({ description: 'Height of a person there, of the camera that sees it best' }),
  hiddenBy: Type.Optional(Type.Enum(['building', 'mask'], { description: 'Where no camera sees it for this reason' })),
  watched: Watched,
  cameras: Type.Integer({ description: 'Cameras that see it' }),
});
export type CoverageCell = Static<typeof CoverageCell>;

export const CoverageCells = Type.Object({ fromMs: TimeMs, toMs: TimeMs, cells: Type.Array(CoverageCell) });
export type CoverageCells = Static<typeof CoverageCells>;

const PlaceGain = Type.Object({ id: Id, name: Type.String(), before: Share, after: Share });

/** What turning a camera or putting one more would bring, by the light that was asked for. */
export const Suggestion = Type.Object({
  kind: Type.Enum(['turn', 'add']),
  camera: Type.Optional(Type.Object({ id: Id, name: Type.String() })),
  turnDeg: Type.Optional(Type.Number({ description: 'Clockwise from where it looks now' })),
  lon: Lon,
  lat: Lat,
  heightM: Type.Number(),
  headingDeg: Type.Number({ description: '0 is north, clockwise' }),
  fieldOfViewDeg: Type.Number(),
  gainedM2: Metres2,
  lostM2: Metres2,
  places: Type.Array(PlaceGain, { description: 'Key places of which more is seen then, or less' }),
  gained: Type.Array(Type.String(), { description: 'Cells that are seen then and are not now' }),
});
export type Suggestion = Static<typeof Suggestion>;

/** Lines of the answer: how far the search is, each suggestion, and the end. */
export const SuggestionLine = Type.Union([
  Type.Object({ done: Share, step: Type.Enum(['poles', 'turns', 'choice']) }),
  Type.Object({ suggestion: Suggestion }),
  Type.Object({
    end: Type.Literal(true),
    poles: Type.Integer({ description: 'Places for new cameras that were compared, each with twelve directions' }),
    isThinned: Type.Boolean({ description: 'There were more places than are compared: name an area' }),
    turned: Type.Integer({ description: 'Cameras of which turns were compared' }),
    guarantee: Type.Number({ description: 'The new cameras reach at least this share of the best choice among them' }),
  }),
  Type.Object({ end: Type.Literal(true), code: Type.String(), message: Type.String(), cure: Type.String() }),
]);
export type SuggestionLine = Static<typeof SuggestionLine>;
