/**
 * Who was there at a moment of the city's past: the things of the loop that the rhythm plays then, thinned out or shown
 * several times by the density, each with an identity that lasts as long as it is in sight. The same moment always gives
 * the same things, whoever asks and from wherever the asking began.
 */
import { programmeOf } from '../rhythm.ts';
import { fromAgentId } from '../traffic/agent-id.ts';
import type { TruthAgent } from '../truth/clip-truth.ts';
import { inSight } from '../truth/digest.ts';
import { loadTruth } from '../truth/load.ts';
import type { VariantId, View } from '../view.ts';
import { COPIES_MAX, type Density, densityOf } from './density.ts';

/** One thing of a frame with what decides whether it was there; made once per frame of a loop. */
export type PastAgent = {
  agent: TruthAgent;
  /** Of its way through the loop; `age` loops ago it came. */
  seed: number;
  age: number;
  /** Stands where it is as long as it is there. */
  isStanding: boolean;
};

export type PastThing = {
  past: PastAgent;
  /** Two numbers of 32 bits that name it. */
  identity: readonly [number, number];
};

export const FRAMES_PER_S = 15;
const FRAME_MS = 1000 / FRAMES_PER_S;
/** How long what stands is there or not: somebody who waits or works in a place, and what is parked. */
const PERSON_STANDS_MS = 900_000;
const THING_STANDS_MS = 7_200_000;

export type PastFrames = {
  /** What is there at the moment; `frame` finds what was remembered of the frame. */
  at: (atMs: number) => PastMoment;
};

export type PastMoment = { clip: VariantId; parts: readonly MomentPart[]; density: Density; atMs: number };

/** A frame of the loop, shown as copy number `copy`; `round` counts the rounds of the loop since 1970. */
export type MomentPart = { frame: number; copy: number; round: number; agents: readonly PastAgent[] };

export function pastFramesOf(view: View, folder?: string): PastFrames {
  const loops = new Map<VariantId, (readonly PastAgent[])[]>();
  const viewSeed = seedOf(view.id);
  const agentsOf = (clip: VariantId) => {
    const known = loops.get(clip);
    if (known !== undefined) return known;
    const clipSeed = mix(viewSeed, seedOf(clip));
    const frames = loadTruth(view, clip, folder).frames.map((agents) =>
      inSight(agents).map((agent) => pastAgentOf(agent, clipSeed, viewSeed)),
    );
    loops.set(clip, frames);
    return frames;
  };
  return {
    at(atMs) {
      const { clip } = programmeOf(view, atMs);
      const frames = agentsOf(clip);
      const density = densityOf(view.id, clip, atMs);
      const loopMs = frames.length * FRAME_MS;
      const round = Math.floor(atMs / loopMs);
      const first = Math.floor((atMs - round * loopMs) / FRAME_MS);
      const copies = Math.min(COPIES_MAX, Math.max(1, Math.ceil(Math.max(...Object.values(density.passing)))));
      const parts = Array.from({ length: copies }, (_, copy): MomentPart => {
        const moved = first + Math.round((frames.length * copy) / COPIES_MAX);
        const frame = moved % frames.length;
        return { frame, copy, round: round + (moved >= frames.length ? 1 : 0), agents: frames[frame]! };
      });
      return { clip, parts, density, atMs };
    },
  };
}

function pastAgentOf(agent: TruthAgent, clipSeed: number, viewSeed: number): PastAgent {
  const { member, age } = fromAgentId(agent.id);
  if (!agent.stays) return { agent, seed: mix(clipSeed, member), age, isStanding: false };
  // What is parked stays where it is from loop to loop: its place is its name.
  const isFurniture = agent.part === 'parked' || (agent.part === 'whole' && agent.kind !== 'person');
  const place = seedOf(`${agent.kind} ${agent.part} ${agent.lon.toFixed(6)} ${agent.lat.toFixed(6)}`);
  return { agent, seed: isFurniture ? mix(viewSeed, place) : mix(clipSeed, member), age: 0, isStanding: true };
}

/** What stands is asked for in the first copy alone: it would stand in itself. */
export function thingOf(
  past: PastAgent,
  { copy, round }: Pick<MomentPart, 'copy' | 'round'>,
  { density, atMs }: Pick<PastMoment, 'density' | 'atMs'>,
): PastThing | undefined {
  if (past.isStanding) {
    if (copy > 0) return undefined;
    const standsMs = past.agent.kind === 'person' ? PERSON_STANDS_MS : THING_STANDS_MS;
    const period = Math.floor((atMs + (past.seed % standsMs)) / standsMs);
    const standing = mix(past.seed, period);
    return standing / 2 ** 32 < density.standing ? { past, identity: named(past, standing, period) } : undefined;
  }
  // A rider comes with the machine.
  const kind = past.agent.part === 'rider' ? 'bicycle' : past.agent.kind;
  const way = mix(mix(past.seed, round - past.age), copy);
  return way / 2 ** 32 < density.passing[kind] - copy ? { past, identity: named(past, way, copy) } : undefined;
}

function named({ agent }: PastAgent, first: number, more: number): readonly [number, number] {
  return [first, mix(first ^ 0x5bd1e995, agent.part === 'rider' ? more + 1e6 : more)];
}

/** MurmurHash3's finaliser over both. */
function mix(a: number, b: number): number {
  let mixed = Math.imul(a ^ Math.imul(b ^ (b / 2 ** 32), 0x9e3779b9), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

function seedOf(text: string): number {
  let seed = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) seed = Math.imul(seed ^ text.charCodeAt(index), 0x01000193);
  return seed >>> 0;
}
