/** Who plays the agents: something that dresses a member of the cast and says which meshes show it at a moment. */
import type { AgentAt, CastMember } from '#demo/world/traffic/motion.ts';
import type { Material } from './material.ts';

export type Palette = readonly (readonly [number, number, number])[];

/** One mesh of an agent: a rider and its machine are two. */
export type Part = { mesh: number; palette: Palette; isRider: boolean; scale?: number; isBraking?: boolean };

export type Troupe = {
  materials: readonly Material[];
  /** library.mesh. */
  library: Buffer;
  /** `seconds`: time in the loop, for who stands and moves a little. */
  show: (member: CastMember, at: AgentAt, seconds: number) => Part[];
};
