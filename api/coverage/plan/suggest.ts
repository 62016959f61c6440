/**
 * Which camera to turn and where one more helps most, by day or by night. The same city gives the same answer; how much is
 * compared is bounded, how far it is is told, and it ends with its signal.
 */
import { setImmediate as breathe } from 'node:timers/promises';
import { cellArea, UNITS } from 'h3-js';
import type { Surroundings } from '#models/registry/sight/outlook.ts';
import type { Light } from '#models/registry/sight/recall.ts';
import type { Area } from '#models/schema/area.ts';
import type { Calibration } from '#models/schema/calibration.ts';
import type { Suggestion, SuggestionLine } from '#models/schema/coverage.ts';
import type { KeyPlace } from '#models/schema/key-place.ts';
import type { Ground } from '../ground.ts';
import { isSeen, isSeenIn, type Planned } from '../planned.ts';
import { chooseGreedily, GREEDY_SHARE } from './choose.ts';
import { type Option, optionsAt } from './options.ts';
import { type Pole, polesOf } from './poles.ts';
import { reachOf, STANDARD_CAMERA } from './standard-camera.ts';
import { aimOf, bestTurn } from './turns.ts';
import { changesOf, type Worth, worthOf } from './worth.ts';

/** Some 2 ms each. */
const POLES_MAX = 3000;
/** Some 100 ms each. */
const TURNED_MAX = 100;

export type PlanWanted = {
  light: Light;
  /** New cameras. */
  cameras: number;
  /** Turns that are told. */
  turns: number;
  /** Places for new cameras; along the borders of areas and round key places where none are named. */
  poles?: readonly Pole[] | undefined;
};

export type PlanFacts = {
  planned: Planned;
  ground: Ground;
  areas: readonly Area[];
  places: readonly KeyPlace[];
  cameras: readonly { id: string; name: string; calibration: Calibration; surroundings: Surroundings }[];
  /** Whether the ground at a place counts: in the areas that are asked for. */
  isWanted: (lon: number, lat: number) => boolean;
  isWantedCell: (cell: string) => boolean;
};

export async function* suggest(
  facts: PlanFacts,
  wanted: PlanWanted,
  signal: AbortSignal,
): AsyncGenerator<SuggestionLine> {
  const { light } = wanted;
  const worth = worthOf(facts.places);
  const isSeenNow = (cell: string) => {
    const known = facts.planned.get(cell);
    return known !== undefined && isSeen(known, light);
  };
  const turned = facts.cameras.slice(0, TURNED_MAX);
  yield* suggestTurns(facts, { ...wanted, worth, isSeenNow, turned }, signal);
  const { poles, isThinned } = findPoles(facts, wanted);
  const options: Option[] = [];
  const reachM = reachOf(light);
  const isWanted = (cell: string) => !isSeenNow(cell) && facts.isWantedCell(cell);
  for (const [index, pole] of poles.entries()) {
    if (signal.aborted) return;
    options.push(...optionsAt(pole, { walls: facts.ground.walls, light, reachM, isWanted }));
    if (index % 5 === 0) await breathe();
    if (index % 50 === 0) yield { done: index / poles.length, step: 'poles' };
  }
  const added = new Set<string>();
  for (const { option, gained } of chooseGreedily(options, worth.of, wanted.cameras)) {
    if (signal.aborted) return;
    const isSeenBefore = (cell: string) => isSeenNow(cell) || added.has(cell);
    const own = new Set(gained);
    const places = changesOf(worth, isSeenBefore, (cell) => isSeenBefore(cell) || own.has(cell));
    for (const cell of gained) added.add(cell);
    yield { suggestion: asAddition(option, gained, places) };
    await breathe();
  }
  yield { end: true, poles: poles.length, isThinned, turned: turned.length, guarantee: GREEDY_SHARE };
}

function findPoles({ areas, places, ground, isWanted }: PlanFacts, { poles }: PlanWanted) {
  if (poles !== undefined) return { poles: poles.slice(0, POLES_MAX), isThinned: poles.length > POLES_MAX };
  const isAllowed = (lon: number, lat: number) =>
    isWanted(lon, lat) && ground.walls.seenFrom({ lon: lon + 1e-4, lat, heightM: 1000 })(lon, lat);
  return polesOf({ areas: deepest(areas), places, isAllowed, max: POLES_MAX });
}

/** Areas without any below them. */
function deepest(areas: readonly Area[]): Area[] {
  const parents = new Set(areas.map(({ parent }) => parent));
  return areas.filter(({ id }) => !parents.has(id));
}

type Turning = PlanWanted & {
  worth: Worth;
  isSeenNow: (cell: string) => boolean;
  turned: PlanFacts['cameras'];
};

/** Each turn alone, as everything else stands now; the best ones first. */
async function* suggestTurns(
  { planned, isWantedCell }: PlanFacts,
  { turned, turns, light, worth, isSeenNow }: Turning,
  signal: AbortSignal,
): AsyncGenerator<SuggestionLine> {
  if (turns === 0) return;
  const only = seenByOneOnly(planned, light);
  const found: { suggestion: Suggestion; worth: number }[] = [];
  for (const [index, camera] of turned.entries()) {
    if (signal.aborted) return;
    yield { done: index / turned.length, step: 'turns' };
    const own = only.get(camera.id) ?? [];
    const { calibration, surroundings } = camera;
    const known = { surroundings, light, isSeen: isSeenNow, only: own, isWanted: isWantedCell, worthOf: worth.of };
    const turn = await bestTurn(calibration, known);
    if (turn === undefined) continue;
    const { turnDeg, gained, lost } = turn;
    const [more, less] = [new Set(gained), new Set(lost)];
    const places = changesOf(worth, isSeenNow, (cell) => (isSeenNow(cell) && !less.has(cell)) || more.has(cell));
    const aim = aimOf(calibration, surroundings);
    const suggestion: Suggestion = {
      kind: 'turn',
      camera: { id: camera.id, name: camera.name },
      turnDeg,
      ...aim,
      headingDeg: (aim.headingDeg + turnDeg + 360) % 360,
      gainedM2: squareMetres(gained),
      lostM2: squareMetres(lost),
      places,
      gained,
    };
    found.push({ suggestion, worth: turn.worth });
  }
  found.sort((a, b) => b.worth - a.worth);
  for (const { suggestion } of found.slice(0, turns)) yield { suggestion };
}

function seenByOneOnly(planned: Planned, light: Light): Map<string, string[]> {
  const only = new Map<string, string[]>();
  for (const { cell, looks } of planned.values()) {
    const lookers = new Set(looks.filter((look) => isSeenIn(look, light)).map(({ camera }) => camera));
    const [camera] = lookers;
    if (camera === undefined || lookers.size > 1) continue;
    const cells = only.get(camera);
    if (cells === undefined) only.set(camera, [cell]);
    else cells.push(cell);
  }
  return only;
}

function asAddition(option: Option, gained: string[], places: Suggestion['places']): Suggestion {
  const { lon, lat, headingDeg } = option;
  const { heightM, fieldOfViewDeg } = STANDARD_CAMERA;
  const gainedM2 = squareMetres(gained);
  return { kind: 'add', lon, lat, headingDeg, heightM, fieldOfViewDeg, gainedM2, lostM2: 0, places, gained };
}

const squareMetres = (cells: readonly string[]) => cells.reduce((sum, cell) => sum + cellArea(cell, UNITS.m2), 0);
