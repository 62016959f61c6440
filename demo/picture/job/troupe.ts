/** Who plays the agents: something that dresses a member of the cast and says which meshes show it at a moment. */
import type { AgentAt, CastMember } from '#demo/world/traffic/motion.ts';
import type { Material } from './material.ts';

export type Palette = readonly (readonly [number, number, number])[];

/** One mesh of an agent: a rider and its machine are two. `forwardM`: how far before its place it stands. */
export type Part = { mesh: number; palette: Palette; isRider: boolean; forwardM?: number };

/** `seconds`: time in the loop, for who stands and moves a little. */
export type Scene = { view: string; isRaining: boolean; seconds: number };

export type Troupe = {
  materials: readonly Material[];
  /** library.mesh. */
  library: Buffer;
  show: (member: CastMember, at: AgentAt, scene: Scene) => Part[];
};
