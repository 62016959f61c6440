/** Single pictures to train on: the streets from other places, heights and lenses, in other light, with other people. */
import type { Camera } from '#demo/world/camera.ts';
import { between, pickOne, randomStream } from '#demo/world/random.ts';
import { BICYCLE_PAINTS } from '#demo/world/stages/parked-bicycles.ts';
import type { AgentAt, CastMember } from '#demo/world/traffic/motion.ts';
import type { Look, View } from '#demo/world/view.ts';
import type { Instance } from './instance-file.ts';
import type { TraceLook } from './look.ts';
import {
  agentInstances,
  collectPalettes,
  kindsOf,
  lightInstances,
  type Shot,
  type ShotSources,
  traceCamera,
} from './shot.ts';
import { crewOf, STANDING } from './still-crew.ts';
import { strayCamera, strayLook } from './stray-camera.ts';

const SIZE = { widthPx: 640, heightPx: 384 } as const;

/** Lighting a street costs as much as ten frames of who is on it. */
const FRAMES_A_VIEW = 6;

/** Half a millimetre: what is finer only makes a job larger to send. */
const STEP = 2048;

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
  'clear-afternoon',
  'rain',
  'fog',
  'dusk',
  'night',
  'night',
  'wet-night',
];

/** `firstStanding`: meshes of a bicycle that stands, one for each of BICYCLE_PAINTS. */
export type StillSources = ShotSources & { firstStanding: number };

type Scene = { camera: Camera; lookName: Look; look: TraceLook };

/** Every agent of every still has a number of its own; a rider's follows its machine's. */
export function writeStills(view: View, count: number, sources: StillSources): Shot {
  const palettes = collectPalettes();
  const random = randomStream(view.id.length * 97 + count, `stills ${view.id}`);
  const scenes = Array.from({ length: Math.ceil(count / FRAMES_A_VIEW) }, (): Scene => {
    const camera = strayCamera(view, random);
    const lookName = pickOne(random, LOOKS);
    return { camera, lookName, look: strayLook(view, { lookName, camera, random }) };
  });
  const agents: Shot['agents'] = [];
  const still = (index: number): Instance[] => {
    const { camera, lookName } = scenes[Math.floor(index / FRAMES_A_VIEW)]!;
    const crew = crewOf(view, { camera, random, index });
    const scene = {
      view: view.id,
      isRaining: lookName === 'rain' || lookName === 'wet-night',
      seconds: between(random, 0, 15),
    };
    const shown = crew.agents.flatMap((at) => {
      const member = crew.cast[at.member]!;
      const parts = agentInstances({ at, member, scene, troupe: sources.troupe, palettes });
      return member.way === STANDING ? parts.map((part) => asStanding(part, member, sources.firstStanding)) : parts;
    });
    const lights = view.stage.props.filter(({ kind }) => kind === 'signal' || kind === 'walk-signal');
    const lighting = { plan: view.stage.signals, seconds: between(random, 0, 60), firstLight: sources.firstLight };
    const all = [...shown, ...lights.flatMap((light) => lightInstances(view.stage, light, lighting))];
    return numbered(all, crew, agents);
  };
  const frames = Array.from({ length: scenes.length * FRAMES_A_VIEW }, (_, index) => still(index));
  const header = {
    view: view.id,
    variant: 'stills',
    width: SIZE.widthPx,
    height: SIZE.heightPx,
    fps: 1,
    frames: frames.length,
    seed: 11,
    stills: true,
    framesAView: FRAMES_A_VIEW,
    shots: scenes.map(({ camera, look }) => ({ camera: traceCamera(camera, SIZE), look })),
    palettes: palettes.all,
  };
  return { name: `${view.id}-stills`, header, frames, agents };
}

function asStanding(part: Instance, { seed }: CastMember, firstStanding: number): Instance {
  return { ...part, mesh: firstStanding + (seed % BICYCLE_PAINTS.length) };
}

/** Gives what a still shows numbers of its own, and adds their kinds to `agents`. */
function numbered(
  instances: readonly Instance[],
  { cast }: { cast: readonly CastMember[]; agents: readonly AgentAt[] },
  agents: Shot['agents'],
): Instance[] {
  const kinds = new Map(kindsOf([instances], cast).map(({ id, kind }) => [id, kind]));
  return instances.map((instance) => {
    const matrix = instance.matrix.map((value) => Math.round(value * STEP) / STEP);
    const kind = kinds.get(instance.agent);
    if (kind === undefined) return { ...instance, matrix };
    agents.push({ id: agents.length + 1, kind });
    return { ...instance, matrix, agent: agents.length };
  });
}
