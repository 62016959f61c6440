/** What the registry says now of cameras, areas, calibrations and holidays: a rule is tried as it would run today. */
import { isDeepStrictEqual } from 'node:util';
import type { NatsConnection } from '@nats-io/nats-core';
import { buildAreaTree } from '#models/registry/area-tree.ts';
import { openAlertRegistry, openRegistry } from '#models/registry/registry.ts';
import type { Calibration } from '#models/schema/calibration.ts';
import type { Quiet, Rule, RuleDraft, RuleScope } from '#models/schema/rule.ts';
import type { CameraFacts } from '../engine.ts';
import { factsOf } from '../feed.ts';

export type TryWorld = {
  cameras: ReadonlyMap<string, CameraFacts>;
  calibrations: ReadonlyMap<string, Calibration>;
  areaNames: ReadonlyMap<string, string>;
  holidays: ReadonlySet<string>;
  quiets: readonly Quiet[];
  rules: ReadonlyMap<string, Rule>;
};

export async function readWorld(connection: NatsConnection): Promise<TryWorld> {
  const registry = await openRegistry(connection);
  const { quiets, rules } = await openAlertRegistry(connection);
  const [cameras, areas, calibrations, days, silences, saved] = await Promise.all([
    registry.cameras.list(),
    registry.areas.list(),
    registry.calibrations.list(),
    registry.calendar.list(),
    quiets.list(),
    rules.list(),
  ]);
  const tree = buildAreaTree(areas.map(({ value }) => value));
  return {
    cameras: new Map(cameras.map(({ key, value }) => [key, factsOf(value, tree.pathOf(value.area))])),
    calibrations: new Map(calibrations.map(({ key, value }) => [key, value])),
    areaNames: new Map(areas.map(({ key, value }) => [key, value.name])),
    holidays: new Set(days.flatMap(({ key, value }) => (value.holiday === undefined ? [] : [key]))),
    quiets: silences.map(({ value }) => value),
    rules: new Map(saved.map(({ key, value }) => [key, value])),
  };
}

/** Cameras that a rule is about and that are registered. */
export function camerasOf(where: RuleScope, { cameras }: Pick<TryWorld, 'cameras'>): string[] {
  if ('cameras' in where) return where.cameras.filter((id) => cameras.has(id));
  return [...cameras].flatMap(([id, { areaPath }]) => (areaPath.includes(where.area) ? [id] : []));
}

/** That of the saved rule where it says the same, so that what it raises has the ids that it had live; else the next. */
export function versionOf(draft: RuleDraft, { rules }: Pick<TryWorld, 'rules'>): number {
  const saved = rules.get(draft.id);
  if (saved === undefined) return 1;
  const { version, updatedAtMs: _at, updatedBy: _by, ...written } = saved;
  return isDeepStrictEqual({ ...written, isEnabled: true }, { ...draft, isEnabled: true }) ? version : version + 1;
}
