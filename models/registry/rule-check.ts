/** Whether a rule can be meant: what contradicts itself, is drawn nowhere, or asks for what its cameras cannot tell. */
import type { FaultCode } from '../schema/fault.ts';
import { FaultError } from '../schema/fault.ts';
import type { RuleDraft, RuleScope, Schedule } from '../schema/rule.ts';
import type { Condition, SimpleCondition } from '../schema/rule-condition.ts';
import { isTimeZone } from '../schema/time-zone.ts';
import { shapeFaults, shapesOf } from './rule-shapes.ts';

export type RuleFault = {
  code: FaultCode;
  /** Where in the rule, as a JSON pointer: `/when/zone/points/2`. */
  path: string;
  message: string;
};

/** What is registered; a rule that is only read from a file is checked without. */
export type RuleWorld = {
  /** undefined: no such camera. */
  camera: (id: string) => { isCalibrated: boolean } | undefined;
  hasArea: (id: string) => boolean;
  /** Cameras of an area and of all below it. */
  camerasOf: (area: string) => readonly string[];
};

export type Fault = (code: FaultCode, path: string, message: string) => void;

/** Placeholders of a rule's text. */
export const TEXT_FIELDS = ['rule', 'camera', 'area', 'kind', 'count', 'value', 'limit', 'time'] as const;

/** All that is wrong, none when it is good. `world` absent: only what the rule alone can say. */
export function checkRule(rule: RuleDraft, world?: RuleWorld): RuleFault[] {
  const faults: RuleFault[] = [];
  const fault: Fault = (code, path, message) => faults.push({ code, path, message });
  checkCondition(rule.when, '/when', fault);
  checkPlaces(rule, fault);
  checkSchedule(rule.schedule, fault);
  checkText(rule.text, fault);
  if (world !== undefined) checkWorld(rule, world, fault);
  return faults;
}

/** Throws FaultError with the code of the first fault; its message names all of them. */
export function demandRule(rule: RuleDraft, world?: RuleWorld): void {
  const faults = checkRule(rule, world);
  const [first] = faults;
  if (first === undefined) return;
  const text = faults.map(({ path, message }) => `${path}: ${message}`).join('; ');
  throw new FaultError(first.code, `rule "${rule.id}": ${text}`, { about: { rule: rule.id, faults } });
}

function checkCondition(when: Condition, path: string, fault: Fault): void {
  if (when.type !== 'sequence') {
    checkSimple(when, path, fault);
    return;
  }
  checkSimple(when.first, `${path}/first`, fault);
  checkSimple(when.next, `${path}/next`, fault);
  for (const part of ['first', 'next'] as const) {
    if (when.same === 'camera' && when[part].type === 'area-total')
      fault('rule-contradiction', `${path}/${part}`, 'the total of an area belongs to no camera; say same: area');
  }
}

function checkSimple(when: SimpleCondition, path: string, fault: Fault): void {
  if (when.type === 'count' || when.type === 'area-total') checkCounts(when, path, fault);
  if (when.type === 'speed') checkSpeeds(when, path, fault);
  if (when.type === 'flow-imbalance' && when.shareAbove >= 1)
    fault('rule-contradiction', `${path}/shareAbove`, 'no direction can have more than all; say less than 1');
  for (const { shape, name, isLine } of shapesOf(when)) shapeFaults(shape, { path: `${path}/${name}`, isLine, fault });
}

type Bounds = { above?: number; below?: number };

function checkCounts({ above, below }: Bounds, path: string, fault: Fault): void {
  if (above === undefined && below === undefined)
    fault('rule-limit-missing', path, 'it has neither above nor below; one of them is needed');
  if (below === 0) fault('rule-contradiction', `${path}/below`, 'there are never fewer than 0');
  if (above !== undefined && below !== undefined && below - above < 2)
    fault('rule-contradiction', path, `no number is above ${above} and below ${below}`);
}

function checkSpeeds(
  { aboveKmh, belowKmh }: { aboveKmh?: number; belowKmh?: number },
  path: string,
  fault: Fault,
): void {
  if (aboveKmh === undefined && belowKmh === undefined)
    fault('rule-limit-missing', path, 'it has neither aboveKmh nor belowKmh; one of them is needed');
  if (belowKmh === 0) fault('rule-contradiction', `${path}/belowKmh`, 'nothing is slower than 0 km/h');
  if (aboveKmh !== undefined && belowKmh !== undefined && belowKmh <= aboveKmh)
    fault('rule-contradiction', path, `no speed is above ${aboveKmh} and below ${belowKmh} km/h`);
}

export const simpleParts = (when: Condition): { when: SimpleCondition; path: string }[] =>
  when.type === 'sequence'
    ? [
        { when: when.first, path: '/when/first' },
        { when: when.next, path: '/when/next' },
      ]
    : [{ when, path: '/when' }];

/** What is drawn on one camera's picture means nothing on those of a whole area. */
function checkPlaces({ where, when }: RuleDraft, fault: Fault): void {
  if (!('area' in where)) return;
  for (const part of simpleParts(when)) {
    for (const { shape, name } of shapesOf(part.when)) {
      if (shape.space !== 'picture') continue;
      const message = 'it is drawn on a picture, but the rule is for an area; name cameras, or draw it on the ground';
      fault('rule-scope', `${part.path}/${name}`, message);
    }
  }
}

function checkSchedule(schedule: Schedule | undefined, fault: Fault): void {
  if (schedule === undefined) return;
  if (schedule.zone !== undefined && !isTimeZone(schedule.zone))
    fault('rule-time-zone', '/schedule/zone', `"${schedule.zone}" is not in the time zone database`);
  for (const [index, { from }] of schedule.spans.entries()) {
    if (from === '24:00')
      fault('rule-schedule', `/schedule/spans/${index}/from`, 'a span begins at 23:59 at the latest; write 00:00');
  }
}

function checkText(text: string | undefined, fault: Fault): void {
  for (const [, field = ''] of (text ?? '').matchAll(/\{([^{}]*)\}/g)) {
    if ((TEXT_FIELDS as readonly string[]).includes(field)) continue;
    fault('rule-text', '/text', `{${field}} is no field; there are ${TEXT_FIELDS.map((one) => `{${one}}`).join(' ')}`);
  }
}

/** Needs a calibration: speeds, densities, and whatever is drawn on the ground. */
export function needsGround(when: SimpleCondition): boolean {
  if (when.type === 'speed' || when.type === 'density') return true;
  return shapesOf(when).some(({ shape }) => shape.space === 'ground');
}

function checkWorld({ where, when }: RuleDraft, world: RuleWorld, fault: Fault): void {
  const needs = simpleParts(when).filter((part) => needsGround(part.when));
  if ('area' in where) checkArea(where.area, needs, { world, fault });
  else for (const [index, id] of where.cameras.entries()) checkCamera(id, needs, { index, world, fault });
}

type Needs = readonly { path: string }[];

function checkArea(area: string, needs: Needs, { world, fault }: { world: RuleWorld; fault: Fault }): void {
  if (!world.hasArea(area)) {
    fault('rule-area-unknown', '/where/area', `there is no area "${area}"`);
    return;
  }
  if (world.camerasOf(area).some((id) => world.camera(id)?.isCalibrated === true)) return;
  for (const { path } of needs)
    fault('rule-uncalibrated', path, `no camera of area "${area}" is calibrated, and it needs the ground`);
}

type Around = { index: number; world: RuleWorld; fault: Fault };

function checkCamera(id: string, needs: Needs, { index, world, fault }: Around): void {
  const camera = world.camera(id);
  if (camera === undefined) fault('rule-camera-unknown', `/where/cameras/${index}`, `there is no camera "${id}"`);
  if (camera?.isCalibrated !== false) return;
  for (const { path } of needs)
    fault('rule-uncalibrated', path, `camera "${id}" is not calibrated, and it needs the ground`);
}

/** Cameras that a rule is about. */
export const camerasOfScope = (where: RuleScope, world: Pick<RuleWorld, 'camerasOf'>): readonly string[] =>
  'area' in where ? world.camerasOf(where.area) : where.cameras;
