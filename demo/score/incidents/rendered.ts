/** Incidents in rendered clips, with the shipped detector: what happens, the rule that waits for it, what the truth says. */
import type { Firing } from '#analytics/rules/firing.ts';
import { toLonLat, toMetres } from '#demo/world/origin.ts';
import { toCity } from '#demo/world/placement.ts';
import { insideBox, isThing } from '#demo/world/truth/clip-truth.ts';
import type { RuleDraft } from '#models/schema/rule.ts';
import type { ScoredClip } from '../clips.ts';
import type { LookedFrame } from '../infer.ts';
import { CLIP_BEGINS_MS, foundLooks, runClip } from './clip-run.ts';
import { isAtEdge, lineOf, lineRule, trueCrossings } from './lines.ts';

/** `isOptional`: hard to see, or cut by the clip's ends: neither missed nor wrong. */
export type RenderedEvent = {
  atMs: number;
  slackMs: number;
  says: string;
  lon?: number;
  lat?: number;
  isOptional?: boolean;
};
export type RenderedVerdict = {
  clip: string;
  says: string;
  expected: number;
  found: number;
  missed: string[];
  wrong: number;
};

type Written = {
  says: string;
  rule: (clip: ScoredClip) => RuleDraft;
  events: (clip: ScoredClip, rule: RuleDraft) => RenderedEvent[];
};

const PLACE_SLACK_M = 5;
const IN_SIGHT_MIN = 0.25;

const ruleOf = (clip: ScoredClip, when: RuleDraft['when'], kinds?: RuleDraft['kinds']): RuleDraft => ({
  ...{ id: clip.name, name: clip.name, isEnabled: true, where: { cameras: [clip.view.id] }, when, severity: 'minor' },
  ...(kinds === undefined ? {} : { kinds }),
});

/** A rectangle in the stage's metres. */
function ground({ view }: ScoredClip, [left, near, right, far]: readonly [number, number, number, number]) {
  const corners = [
    [left, near],
    [right, near],
    [right, far],
    [left, far],
  ] as const;
  return { space: 'ground' as const, points: corners.map((corner) => toLonLat(toCity(view.stage.place, corner))) };
}

type Zone = ReturnType<typeof ground>;

/** By the even-odd rule, as the truth has its own way of deciding. */
function isWithin({ points }: Zone, lon: number, lat: number): boolean {
  let isIn = false;
  for (let index = 0; index < points.length; index++) {
    const [[x1, y1], [x2, y2]] = [points[index]!, points[(index + 1) % points.length]!];
    if (y1 > lat !== y2 > lat && lon < ((x2 - x1) * (lat - y1)) / (y2 - y1) + x1) isIn = !isIn;
  }
  return isIn;
}

/** People whom the truth sees come into the zone from outside of it. */
function entriesOf({ truth: { frames, fps } }: ScoredClip, zone: Zone): RenderedEvent[] {
  const inside = new Map<number, boolean>();
  return frames.flatMap((agents, frame) =>
    agents
      .filter((agent) => isThing(agent) && agent.kind === 'person' && agent.visible >= IN_SIGHT_MIN)
      .flatMap((agent) => {
        const isIn = isWithin(zone, agent.lon, agent.lat);
        const was = inside.get(agent.id);
        inside.set(agent.id, isIn);
        if (!isIn || was !== false) return [];
        return [
          {
            atMs: (frame * 1000) / fps,
            slackMs: 2000,
            says: `person ${agent.id} comes in`,
            lon: agent.lon,
            lat: agent.lat,
          },
        ];
      }),
  );
}

const entry = (says: string, rectangle: readonly [number, number, number, number]): Written => ({
  says,
  rule: (clip) => ruleOf(clip, { type: 'zone', event: 'entry', zone: ground(clip, rectangle) }, ['person']),
  events: (clip) => entriesOf(clip, ground(clip, rectangle)),
});

/** Over the view's line: what is a quarter in sight then has to be seen. */
const line = (says: string): Written => ({
  says,
  rule: (clip) => lineRule(clip, lineOf(clip)!),
  events: (clip) =>
    trueCrossings(clip, lineOf(clip)!).map(({ atMs, agent, way }) => {
      const isOptional = agent.visible < IN_SIGHT_MIN || agent.part === 'rider' || isAtEdge(clip, atMs);
      const { kind, id, lon, lat } = agent;
      return { atMs, slackMs: 1500, says: `${kind} ${id} ${way}`, lon, lat, isOptional };
    }),
});

const STANDS_S = 6;
const CROWD = 6;

export const RENDERED: Readonly<Record<string, Written>> = {
  'crossing-incident': entry('People cross on red between the cars', [-7, 11, 7, 16]),
  'yard-incident': entry('Somebody enters the closed yard at night', [-6, 12.5, 6, 24]),
  'school-incident': {
    says: 'A car stands on the zebra before the school',
    rule: (clip) => ruleOf(clip, { type: 'stopped', afterS: STANDS_S, zone: ground(clip, [-4, 11, 5, 18]) }),
    events: () => [{ atMs: STANDS_S * 1000, slackMs: 3000, says: 'the car on the zebra' }],
  },
  'square-incident': {
    says: 'A crowd gathers round something on the square',
    rule: (clip) => ruleOf(clip, { type: 'count', above: CROWD, forS: 3 }, ['person']),
    events: (clip) => {
      const { frames, fps } = clip.truth;
      const isCrowd = (agents: (typeof frames)[number]) =>
        agents.filter((one) => one.kind === 'person' && one.visible >= 0.5 && insideBox(one.box) !== undefined).length >
        CROWD;
      const first = frames.findIndex(isCrowd);
      return first < 0 ? [] : [{ atMs: (first * 1000) / fps + 3000, slackMs: 4000, says: 'the crowd' }];
    },
  },
  'crossing-night': line('Crossings of the line by night'),
  'avenue-fog': line('Crossings of the line in fog'),
  'avenue-night': line('Crossings of the line by night'),
  'bus-stop-rain': line('Crossings of the line in rain'),
  'market-rain': line('Crossings of the line in rain'),
  'parking-glare': line('Crossings of the line against the sun'),
  'riverside-fog': line('Crossings of the line in fog'),
  'shops-rain': line('Crossings of the line in rain'),
  'side-street-glare': line('Crossings of the line against the sun'),
  'estate-dusk': line('Crossings of the line at dusk'),
  'school-busy': line('Crossings of the line by day'),
};

export function judgeRendered(clip: ScoredClip, frames: readonly LookedFrame[], scoreMin: number): RenderedVerdict {
  const written = RENDERED[clip.name]!;
  const rule = written.rule(clip);
  const rest = runClip(clip, rule, foundLooks(clip, frames, scoreMin));
  const events = written.events(clip, rule);
  const take = (event: RenderedEvent) => {
    const index = nearest(rest, event);
    if (index >= 0) rest.splice(index, 1);
    return index >= 0;
  };
  const needed = events.filter(({ isOptional }) => isOptional !== true);
  const missed = needed.filter((event) => !take(event));
  for (const event of events) if (event.isOptional === true) take(event);
  const found = needed.length - missed.length;
  return {
    clip: clip.name,
    says: written.says,
    expected: needed.length,
    found,
    missed: missed.map(sayEvent),
    wrong: rest.length,
  };
}

const sayEvent = ({ atMs, says }: RenderedEvent) => `${says} at ${(atMs / 1000).toFixed(1)} s`;

/** The alert that is nearest in time of those near enough in time and place; -1 where none is. */
function nearest(firings: readonly Firing[], { atMs, slackMs, lon, lat }: RenderedEvent): number {
  let best = -1;
  let leastMs = slackMs;
  for (const [index, { beganAtMs, position }] of firings.entries()) {
    const offMs = Math.abs(beganAtMs - CLIP_BEGINS_MS - atMs);
    if (
      offMs > leastMs ||
      (lon !== undefined &&
        lat !== undefined &&
        position !== undefined &&
        apart(position, { lon, lat }) > PLACE_SLACK_M)
    )
      continue;
    leastMs = offMs;
    best = index;
  }
  return best;
}

function apart(a: { lon: number; lat: number }, b: { lon: number; lat: number }): number {
  const [[x1, y1], [x2, y2]] = [toMetres(a.lon, a.lat), toMetres(b.lon, b.lat)];
  return Math.hypot(x1 - x2, y1 - y2);
}
