/** What an alert says: a rule's own text with its fields, or a sentence by its condition. English; the page has its own words. */
import type { Rule } from '#models/schema/rule.ts';
import { CAMERA_TROUBLES, type SimpleCondition } from '#models/schema/rule-condition.ts';
import { localClock } from '#models/schema/time-zone.ts';
import type { Firing } from './firing.ts';

const TEXT_MAX = 1000;
/** The first of these that a firing has is its value. */
const VALUES = ['count', 'perM2', 'speedKmh', 'seconds', 'offDeg', 'share', 'mean', 'afterS'] as const;

export type Names = { camera: string; area: string; zone: string };

export function textOf(firing: Firing, rule: Rule, names: Names): string {
  const { values, kind, beganAtMs } = firing;
  const place = firing.camera === null ? names.area : names.camera;
  const name = VALUES.find((one) => values[one] !== undefined);
  const fields: Record<string, string> = {
    ...{ rule: rule.name, camera: names.camera, area: names.area, kind: kind ?? 'thing' },
    count: `${values.count ?? firing.tracks.length}`,
    value: name === undefined ? '' : `${values[name]}`,
    limit: values.limit === undefined ? '' : `${values.limit}`,
    time: clockOf(beganAtMs, rule.schedule?.zone ?? names.zone),
  };
  const text =
    rule.text?.replaceAll(/\{([a-z]+)\}/g, (whole, field: string) => fields[field] ?? whole) ??
    `${sentence(firing, rule)} at ${place}`;
  return text.slice(0, TEXT_MAX);
}

function clockOf(atMs: number, zone: string): string {
  const { day, minute } = localClock(zone)(atMs);
  const two = (value: number) => `${value}`.padStart(2, '0');
  return `${day} ${two(Math.floor(minute / 60))}:${two(minute % 60)}:${two(Math.floor(atMs / 1000) % 60)}`;
}

function sentence(firing: Firing, { when }: Rule): string {
  if (when.type !== 'sequence') return simpleSentence(firing, when);
  return `${doing(when.first)}, and ${firing.values.afterS} s later ${doing(when.next)}`;
}

const doing = (when: SimpleCondition) => SEQUENCE_WORDS[when.type];

const SEQUENCE_WORDS: Record<SimpleCondition['type'], string> = {
  line: 'a line was crossed',
  zone: 'somebody or something was in a zone',
  dwell: 'something stayed in a zone',
  count: 'a number was beyond its limit',
  density: 'it was crowded',
  speed: 'a speed was beyond its limit',
  'wrong-way': 'something went the wrong way',
  stopped: 'something stood still',
  'flow-imbalance': 'the flow was one-sided',
  'unlike-normal': 'it was unlike normal',
  camera: 'a camera was in trouble',
  'area-total': 'a total was beyond its limit',
};

function simpleSentence({ values, kind = 'car' }: Firing, when: SimpleCondition): string {
  const thing = `A ${kind}`;
  switch (when.type) {
    case 'line':
      return `${thing} crossed the line (${values.direction === 1 ? 'forth' : 'back'})`;
    case 'zone':
      return `${thing} ${{ entry: 'came into the zone', exit: 'left the zone', presence: 'is in the zone' }[when.event]}`;
    case 'dwell':
      return `${thing} has stayed in the zone for ${values.seconds} s (limit ${values.limit} s)`;
    case 'count':
      return `${values.count} things at once (limit ${values.limit})`;
    case 'density':
      return `${values.perM2} persons per m² (limit ${values.limit})`;
    case 'speed':
      return `${thing} moves at ${values.speedKmh} ± ${values.errorKmh} km/h (limit ${values.limit})`;
    case 'wrong-way':
      return `${thing} moves against the allowed way`;
    case 'stopped':
      return `${thing} has stood still for ${values.seconds} s (limit ${values.limit} s)`;
    case 'flow-imbalance':
      return `${values.forth} went forth and ${values.back} back (limit ${Math.round((values.limit ?? 0) * 100)} %)`;
    case 'unlike-normal':
      return `${values.mean} things at once on average, normal is ${values.normal} (${values.sigmas} sigmas)`;
    case 'camera':
      return `The camera is ${troubleOf(values)}`;
    case 'area-total':
      return `${values.count} things at once over ${values.cameras} cameras (limit ${values.limit})`;
  }
}

const TROUBLE_WORDS: Record<(typeof CAMERA_TROUBLES)[number], string> = {
  down: 'down',
  tampered: 'covered or blinded',
  moved: 'turned away from its view',
  frozen: 'showing a frozen picture',
  dark: 'showing a black picture',
  'device-tamper': 'tampered with, as its device says',
  'device-input': 'switched at an input of its device',
};

export const troubleOf = (values: Firing['values']) => TROUBLE_WORDS[CAMERA_TROUBLES[values.trouble ?? 0] ?? 'down'];
