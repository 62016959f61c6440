/** A variant of a view as a shot: camera, light, and every agent at every frame. All in the stage's own metres. */
import { axesOf, type Camera, PICTURE } from '#demo/world/camera.ts';
import { matrixOf } from '#demo/world/placement.ts';
import { rehearse } from '#demo/world/rehearse.ts';
import { groundHeight } from '#demo/world/stages/ground.ts';
import type { Prop, Stage } from '#demo/world/stages/stage.ts';
import { fromAgentId, toAgentId } from '#demo/world/traffic/agent-id.ts';
import { kindOf } from '#demo/world/traffic/figures.ts';
import type { AgentAt, CastMember, Motion } from '#demo/world/traffic/motion.ts';
import { colourAt, type SignalPlan } from '#demo/world/traffic/signals.ts';
import type { Variant, View } from '#demo/world/view.ts';
import type { Kind } from '#models/schema/kind.ts';
import { SIGNAL } from '../street/poles.ts';
import { BRAKING, type Instance, LIT } from './instance-file.ts';
import { lampsOf } from './lamps.ts';
import { traceLook } from './look.ts';
import type { Palette, Scene, Troupe } from './troupe.ts';

/** The stage is the tracer's world, so that slabs lie along their streets. */
const HERE = { xM: 0, yM: 0, bearingDeg: 0 } as const;

/** What is farther than this is never seen: it is left out of the picture, not of the truth. */
const FARTHEST_M = 130;

/** Meshes of red, amber and green discs, from this id on. */
export type ShotSources = { troupe: Troupe; firstLight: number };

export function traceCamera(
  camera: Camera,
  size: { widthPx: number; heightPx: number } = PICTURE,
): Record<string, unknown> {
  const { x, y, heightM, yawDeg, pitchDeg, focalPx, k1, k2 } = camera;
  const scale = size.widthPx / PICTURE.widthPx;
  const middle = { cx: size.widthPx / 2, cy: size.heightPx / 2 };
  return { position: [x, y, heightM], ...axesOf(yawDeg, pitchDeg), focalPx: focalPx * scale, ...middle, k1, k2 };
}

/** `agents`: what every agent's number stands for; a rider is a person beside its machine. */
export type Shot = {
  name: string;
  header: Record<string, unknown>;
  frames: Instance[][];
  agents: { id: number; kind: Kind }[];
};

export function writeShot(view: View, variant: Variant, { troupe, firstLight }: ShotSources): Shot {
  const motion = rehearse(view, variant);
  const palettes = collectPalettes();
  const plan = variant.signals ?? view.stage.signals;
  const isRaining = variant.look === 'rain' || variant.look === 'wet-night';
  const lights = view.stage.props.filter(({ kind }) => kind === 'signal' || kind === 'walk-signal');
  const frames = motion.frames.map((agents, frame) => {
    const seconds = frame / motion.fps;
    const seen = agents.filter(({ x, y }) => Math.hypot(x - view.camera.x, y - view.camera.y) < FARTHEST_M);
    const shown = seen.flatMap((at) =>
      agentInstances({
        at,
        member: motion.cast[at.member]!,
        scene: { view: view.id, isRaining, seconds },
        troupe,
        palettes,
      }),
    );
    return [...shown, ...lights.flatMap((light) => lightInstances(view.stage, light, { plan, seconds, firstLight }))];
  });
  const header = headerOf(view, variant, { motion, palettes: palettes.all });
  return { name: `${view.id}-${variant.id}`, header, frames, agents: kindsOf(frames, motion.cast) };
}

export function kindsOf(frames: readonly (readonly Instance[])[], cast: readonly CastMember[]): Shot['agents'] {
  const ids = new Set(frames.flatMap((frame) => frame.map(({ agent }) => agent)));
  ids.delete(0);
  return [...ids].map((id) => {
    const { member, isRider } = fromAgentId(id);
    return { id, kind: isRider ? 'person' : kindOf(cast[member]!.body) };
  });
}

function headerOf(
  view: View,
  variant: Variant,
  { motion, palettes }: { motion: Motion; palettes: Palette[] },
): Record<string, unknown> {
  const { camera, stage } = view;
  // Glare comes from before the camera, wherever its street points.
  const sun = variant.look === 'glare' ? { sunFromDeg: camera.yawDeg + 18 } : view.sun;
  const look = traceLook(variant.look, { bearingDeg: stage.place.bearingDeg, ...sun }, lampsOf(stage, camera));
  return {
    view: view.id,
    variant: variant.id,
    width: PICTURE.widthPx,
    height: PICTURE.heightPx,
    fps: motion.fps,
    frames: motion.frames.length,
    seed: [...view.id].reduce((sum, letter) => sum * 7 + letter.charCodeAt(0), 1) % 100_000,
    camera: traceCamera(camera),
    look,
    palettes,
    overlay: { text: view.overlay, startSecond: 0 },
  };
}

type Palettes = { all: Palette[]; numberOf: (palette: Palette) => number };

export function collectPalettes(): Palettes {
  const all: Palette[] = [];
  const numbers = new Map<string, number>();
  return {
    all,
    numberOf(palette) {
      const key = JSON.stringify(palette);
      const known = numbers.get(key);
      if (known !== undefined) return known;
      numbers.set(key, all.length);
      return all.push(palette) - 1;
    },
  };
}

type Shown = { at: AgentAt; member: CastMember; scene: Scene; troupe: Troupe; palettes: Palettes };

export function agentInstances({ at, member, scene, troupe, palettes }: Shown): Instance[] {
  return troupe.show(member, at, scene).map(({ mesh, palette, isRider, forwardM = 0 }): Instance => {
    const place = { ...at, x: at.x + forwardM * Math.sin(at.heading), y: at.y + forwardM * Math.cos(at.heading) };
    return {
      mesh,
      agent: toAgentId({ member: at.member, age: at.age, isRider }),
      palette: palettes.numberOf(palette),
      flags: at.isBraking ? BRAKING : 0,
      matrix: matrixOf(HERE, place),
    };
  });
}

type Lighting = { plan: SignalPlan; seconds: number; firstLight: number };

/** Three discs on a mast's arm or two on a walkers' post, one of them lit. */
export function lightInstances(stage: Stage, light: Prop, { plan, seconds, firstLight }: Lighting): Instance[] {
  const { x, y, heading = 0, group = '', lengthM = 4 } = light;
  const colour = colourAt(plan, group, seconds);
  const isForWalkers = light.kind === 'walk-signal';
  const shown = isForWalkers ? (['red', 'green'] as const) : (['red', 'amber', 'green'] as const);
  const base = groundHeight(stage, x, y);
  return shown.map((name, index): Instance => {
    const right = isForWalkers ? 0 : lengthM;
    const up = isForWalkers ? 2.7 - index * 0.3 : SIGNAL.lampUp + 0.4 - index * 0.4;
    // A walkers' light looks forward from its post, a drivers' light backwards.
    const turn = isForWalkers ? heading + Math.PI : heading;
    const shift = isForWalkers ? 0.15 : 0;
    const place = {
      x: x + right * Math.cos(heading) + shift * Math.sin(heading),
      y: y - right * Math.sin(heading) + shift * Math.cos(heading),
      z: base + up,
      heading: turn,
    };
    const number = firstLight + ['red', 'amber', 'green'].indexOf(name);
    const isLit = isForWalkers ? (colour === 'green') === (name === 'green') : colour === name;
    return {
      mesh: number,
      agent: 0,
      palette: 0,
      flags: isLit ? LIT : 0,
      matrix: matrixOf(HERE, place, isForWalkers ? 0.75 : 1),
    };
  });
}
