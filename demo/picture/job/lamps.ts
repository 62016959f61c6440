/** The lamps of a stage: street lamps over the road, path lamps, shop windows that spill light on the pavement. */
import { groundHeight } from '#demo/world/stages/ground.ts';
import type { Prop, Stage } from '#demo/world/stages/stage.ts';
import { LAMP, PATH_LAMP_M } from '../street/poles.ts';
import type { TraceLamp } from './look.ts';

/** Linear intensities; sodium-warm on the road, white LED every third lamp, as streets are refitted. */
const WARM = [46, 33, 18] as const;
const COOL = [40, 41, 38] as const;
const PATH = [11, 8.5, 5.2] as const;
/** Every lamp costs rays: only the nearest to the camera shine. */
const MOST = 12;

export function lampsOf(stage: Stage, eye: { x: number; y: number }): TraceLamp[] {
  const lamps = stage.props.flatMap((prop, index) => lampOf(stage, prop, index));
  const glows = stage.glows.map(({ x, y, z, color, radiusM }): TraceLamp => {
    const power = 7;
    return {
      position: [x, y, z],
      direction: [0, 0, -1],
      color: [color[0] * power, color[1] * power, color[2] * power],
      coneCos: -1,
      radius: radiusM,
    };
  });
  const away = ({ position: [x, y] }: TraceLamp) => Math.hypot(x - eye.x, y - eye.y);
  return [...lamps, ...glows].sort((a, b) => away(a) - away(b)).slice(0, MOST);
}

function lampOf(stage: Stage, { kind, x, y, heading = 0, z }: Prop, index: number): TraceLamp[] {
  const foot = z ?? groundHeight(stage, x, y);
  if (kind === 'street-lamp') {
    const [dx, dy] = [Math.sin(heading) * LAMP.reachM, Math.cos(heading) * LAMP.reachM];
    const color = index % 3 === 0 ? COOL : WARM;
    return [
      {
        position: [x + dx, y + dy, foot + LAMP.heightM + 0.2],
        direction: [0, 0, -1],
        color,
        coneCos: 0.25,
        radius: 0.2,
      },
    ];
  }
  if (kind !== 'path-lamp') return [];
  return [
    { position: [x, y, foot + PATH_LAMP_M + 0.05], direction: [0, 0, -1], color: PATH, coneCos: -0.2, radius: 0.18 },
  ];
}
