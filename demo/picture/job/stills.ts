/** Single pictures to train on: the streets from other places, heights and lenses, in other light, with other people. */
import { type Camera, isInPicture } from '#demo/world/camera.ts';
import { between, pickOne, type Random, randomStream } from '#demo/world/random.ts';
import { rehearse } from '#demo/world/rehearse.ts';
import { furnitureOf } from '#demo/world/stages/furniture.ts';
import { groundHeight } from '#demo/world/stages/ground.ts';
import type { StandPose } from '#demo/world/stages/stage.ts';
import { type Body, VEHICLES, type VehicleBody } from '#demo/world/traffic/figures.ts';
import type { AgentAt, CastMember } from '#demo/world/traffic/motion.ts';
import { edgeDistance, type Footprint } from '#demo/world/traffic/occupancy.ts';
import type { Look, View } from '#demo/world/view.ts';
import type { Instance } from './instance-file.ts';
import { lampsOf } from './lamps.ts';
import { type TraceLook, traceLook } from './look.ts';
import {
  agentInstances,
  collectPalettes,
  kindsOf,
  lightInstances,
  type Shot,
  type ShotSources,
  traceCamera,
} from './shot.ts';

const SIZE = { widthPx: 640, heightPx: 384 } as const;

const LOOKS: readonly Look[] = [
  'clear-morning',
  'clear-noon',
  'clear-afternoon',
  'hazy',
  'overcast',
  'golden',
  'glare',
  'clear-noon',
  'overcast',
  'rain',
  'fog',
  'dusk',
  'night',
  'night',
  'wet-night',
];

/** Every agent of every still has a number of its own; a rider's follows its machine's. */
export function writeStills(view: View, count: number, sources: ShotSources): Shot {
  const palettes = collectPalettes();
  const random = randomStream(view.id.length * 97 + count, `stills ${view.id}`);
  const stills = Array.from({ length: count }, (_, index) => still(view, { index, random, sources, palettes }));
  const header = {
    view: view.id,
    variant: 'stills',
    width: SIZE.widthPx,
    height: SIZE.heightPx,
    fps: 1,
    frames: count,
    seed: 11,
    stills: true,
    shots: stills.map(({ camera, look }) => ({ camera: traceCamera(camera, SIZE), look })),
    palettes: palettes.all,
  };
  const agents: Shot['agents'] = [];
  const frames = stills.map(({ instances, cast }) => {
    const kinds = new Map(kindsOf([instances], cast).map(({ id, kind }) => [id, kind]));
    return instances.map((instance) => {
      const kind = kinds.get(instance.agent);
      if (kind === undefined) return instance;
      agents.push({ id: agents.length + 1, kind });
      return { ...instance, agent: agents.length };
    });
  });
  return { name: `${view.id}-stills`, header, frames, agents };
}

type Making = { index: number; random: Random; sources: ShotSources; palettes: ReturnType<typeof collectPalettes> };
type Still = { camera: Camera; look: TraceLook; instances: Instance[]; cast: readonly CastMember[] };
type Crew = { cast: CastMember[]; agents: AgentAt[] };

function still(view: View, { index, random, sources: { troupe, firstLight }, palettes }: Making): Still {
  const camera = strayCamera(view, random);
  const lookName = pickOne(random, LOOKS);
  const { cast, agents } = crew(view, { camera, random, index });
  const scene = {
    view: view.id,
    isRaining: lookName === 'rain' || lookName === 'wet-night',
    seconds: between(random, 0, 15),
  };
  const near = agents.filter(
    ({ x, y }) => Math.hypot(x - camera.x, y - camera.y) < 90 && Math.hypot(x - camera.x, y - camera.y) > 2,
  );
  const shown = near.flatMap((at) => agentInstances({ at, member: cast[at.member]!, scene, troupe, palettes }));
  const lights = view.stage.props.filter(({ kind }) => kind === 'signal' || kind === 'walk-signal');
  const lighting = { plan: view.stage.signals, seconds: between(random, 0, 60), firstLight };
  return {
    camera,
    look: strayLook(view, { lookName, camera, random }),
    instances: [...shown, ...lights.flatMap((light) => lightInstances(view.stage, light, lighting))],
    cast,
  };
}

/** Near the view's own camera, but not in a house or a tree's crown. */
function strayCamera(view: View, random: Random): Camera {
  const { camera, stage } = view;
  for (let tries = 0; ; tries++) {
    const reach = tries < 60 ? 1 : 0.2;
    const stray: Camera = {
      x: camera.x + between(random, -4, 4) * reach,
      y: camera.y + between(random, -3, 9) * reach,
      heightM: between(random, 3.2, 8.2),
      yawDeg: camera.yawDeg + between(random, -22, 22) * reach,
      pitchDeg: between(random, 7, 27),
      focalPx: 1280 * between(random, 0.62, 1.5),
      k1: between(random, -0.16, 0.01),
      k2: between(random, 0, 0.03),
    };
    const isWalled = stage.buildings.some(
      ({ at: [x0, y0, x1, y1] }) => stray.x > x0 - 1.5 && stray.x < x1 + 1.5 && stray.y > y0 - 1 && stray.y < y1 + 1,
    );
    const isHidden = stage.props.some(
      ({ kind, x, y }) =>
        /tree|willow|lamp|signal|pole|canopy|parasol/.test(kind) && isRightBefore(stray, { x, y }, kind),
    );
    if ((!isWalled && !isHidden) || tries > 90) return stray;
  }
}

function isRightBefore(camera: Camera, { x, y }: { x: number; y: number }, kind: string): boolean {
  const away = Math.hypot(x - camera.x, y - camera.y);
  if (/tree|willow/.test(kind)) return away < 5 || (away < 10 && isInPicture(camera, { x, y, z: 4.5 }));
  return away < 3.5 && isInPicture(camera, { x, y, z: 1.5 });
}

function strayLook(
  view: View,
  { lookName, camera, random }: { lookName: Look; camera: Camera; random: Random },
): TraceLook {
  const look = traceLook(lookName, { bearingDeg: 0, sunFromDeg: between(random, 0, 360) }, lampsOf(view.stage, camera));
  return {
    ...look,
    exposure: look.exposure * between(random, 0.82, 1.22),
    contrast: look.contrast * between(random, 0.92, 1.08),
    saturation: look.saturation * between(random, 0.75, 1.12),
    noiseSigma: look.noiseSigma * between(random, 0.5, 2),
    blurPx: between(random, 0.35, 0.95),
    vignette: between(random, 0, 0.35),
    fogDensity: look.fogDensity * between(random, 0.5, 1.6),
  };
}

/** A moment of one of the view's loops in new clothes, and some strangers where there is room. */
function crew(view: View, { camera, random, index }: { camera: Camera; random: Random; index: number }): Crew {
  const motion = rehearse(view, pickOne(random, view.variants));
  const moment = pickOne(random, motion.frames);
  const shift = index * 7919;
  const cast: CastMember[] = motion.cast.map((member) => ({ ...member, seed: member.seed + shift }));
  const agents = moment.map((at) => ({ ...at, age: 0 }));
  const once = agents.filter((at, place) => agents.findIndex(({ member }) => member === at.member) === place);
  const taken = [...furnitureOf(view.stage), ...once.map((at) => footprintOf(cast[at.member]!.body, at))];
  for (let stranger = Math.floor(between(random, 2, 14)); stranger > 0; stranger--) {
    const body: Body = pickOne(random, [
      'person',
      'person',
      'person',
      'bicycle',
      'motorcycle',
      'bicycle',
      'car',
      'truck',
      'van',
    ]);
    const at = roomFor(view, { body, camera, random, taken });
    if (at === undefined) continue;
    cast.push({ body, seed: Math.floor(random() * 1e6), way: 'stranger', stays: false });
    once.push({ ...at, member: cast.length - 1 });
    taken.push(footprintOf(body, at));
  }
  return { cast, agents: once };
}

function footprintOf(body: Body, { x, y, heading }: { x: number; y: number; heading: number }): Footprint {
  if (body === 'person') return { x, y, heading, halfWidthM: 0.3, halfLengthM: 0.3 };
  const { lengthM, widthM } = VEHICLES[body as VehicleBody];
  return { x, y, heading, halfWidthM: widthM / 2, halfLengthM: lengthM / 2 };
}

const POSES: readonly ('walk' | StandPose)[] = ['walk', 'walk', 'walk', 'stand', 'phone', 'talk', 'look'];

type Wanted = { body: Body; camera: Camera; random: Random; taken: readonly Footprint[] };

function roomFor({ stage }: View, { body, camera, random, taken }: Wanted): Omit<AgentAt, 'member'> | undefined {
  for (let tries = 0; tries < 12; tries++) {
    const away = between(random, 5, body === 'person' ? 30 : 45);
    const turn = ((camera.yawDeg + between(random, -26, 26)) * Math.PI) / 180;
    const [x, y] = [camera.x + away * Math.sin(turn), camera.y + away * Math.cos(turn)];
    const z = groundHeight(stage, x, y);
    // Vehicles stay on the road, and nobody stands on water.
    if (z < -0.5 || (body !== 'person' && z > 0.03)) continue;
    const heading =
      body === 'person' || random() < 0.2
        ? between(random, 0, 2 * Math.PI)
        : pickOne(random, [0, Math.PI, Math.PI / 2, -Math.PI / 2]);
    const own = footprintOf(body, { x, y, heading });
    const reach = Math.max(own.halfLengthM, own.halfWidthM) + 0.15;
    if (taken.some((box) => edgeDistance(box, { x, y }) < reach)) continue;
    const pose =
      body === 'person' ? pickOne(random, POSES) : body === 'bicycle' || body === 'motorcycle' ? 'ride' : 'drive';
    return {
      age: 0,
      x,
      y,
      z,
      heading,
      speedMs: 1,
      travelledM: between(random, 0, 90),
      pose,
      isBraking: random() < 0.3,
    };
  }
  return undefined;
}
