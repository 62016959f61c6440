/** How often a thing comes into sight, in the truth: a track ends where it is gone for too long, and so does a coming. */
import { expect, it } from 'vitest';
import { comingsOf } from '#demo/score/comings.ts';
import { toAgentId } from '#demo/world/traffic/agent-id.ts';
import type { TruthAgent } from '#demo/world/truth/clip-truth.ts';
import { viewOf } from '#demo/world/views.ts';
import type { Box } from '#models/schema/detection.ts';

const view = viewOf('market');
const fromMs = Date.parse('2026-06-09T02:00+08:00');
const SECONDS = 14;

/** People who come, by one thing that is in sight where `boxAt` says so. */
function people(boxAt: (second: number) => Box | undefined): number {
  const id = toAgentId({ member: 1, age: 0, isRider: false });
  const place = { lon: 117, lat: 36.6 };
  const frames = Array.from({ length: SECONDS * 15 }, (_, frame): TruthAgent[] => {
    const box = boxAt(frame / 15);
    return box === undefined ? [] : [{ id, kind: 'person', part: 'whole', stays: false, box, visible: 0.9, ...place }];
  });
  const truth = () => ({ view: view.id, variant: 'night', fps: 15, frames }) as const;
  return comingsOf({ view, fromMs, toMs: fromMs + SECONDS * 1000, clips: ['night'], truth }).person;
}

const PLACE: Box = [0.4, 0.4, 0.1, 0.2];
const walker = (t: number): Box => [0.05 + 0.05 * t, 0.4, 0.05, 0.15];

it('counts who walks through once, behind something for two seconds or not', () => {
  expect(people(walker)).toBe(1);
  expect(people((t) => (t > 4 && t < 5.8 ? undefined : walker(t)))).toBe(1);
});

it('counts who is out of sight for longer anew, as the tracker must', () => {
  expect(people((t) => (t > 4 && t < 7 ? undefined : walker(t)))).toBe(2);
});

it('counts who stands and is hidden for longer once, because the place says who it is', () => {
  expect(people((t) => (t > 4 && t < 7 ? undefined : PLACE))).toBe(1);
});

it('does not count what shows only between two looks', () => {
  expect(people((t) => (Math.round(t * 15) === 31 ? PLACE : undefined))).toBe(0);
});
