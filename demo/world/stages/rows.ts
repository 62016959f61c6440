/** What stands in rows: fronts of houses along a street, trees, lamps, parked bicycles. */
import { between, pickOne, type Random, randomStream } from '../random.ts';
import type { Building, FacadeStyle, Prop, PropKind, Side } from './stage.ts';

export type HouseRow = {
  /** The line of the fronts, and which way they look. */
  front: number;
  facing: Side;
  from: number;
  to: number;
  seed: number;
  depthM?: number;
  heightM?: readonly [number, number];
  widthM?: readonly [number, number];
  styles?: readonly FacadeStyle[];
  hasShops?: boolean;
  hasBalconies?: boolean;
};

const STYLES: readonly FacadeStyle[] = ['tile', 'brick', 'plaster', 'stone', 'concrete', 'plaster'];

/** Houses wall to wall with a little set-back here and there, from `from` to `to` along the street. */
export function houses(row: HouseRow): Building[] {
  const { front, facing, from, to, seed, depthM = 12, heightM = [9, 20], widthM = [9, 17], styles = STYLES } = row;
  const random = randomStream(seed, `houses ${facing} ${front}`);
  const out: Building[] = [];
  let last: FacadeStyle | undefined;
  for (let at = from; at < to - 3; ) {
    const width = Math.min(between(random, ...widthM), to - at);
    const setBack = random() < 0.3 ? between(random, 0.15, 0.6) : 0;
    const style = pickOne(
      random,
      styles.filter((candidate) => candidate !== last || styles.length === 1),
    );
    last = style;
    out.push({
      at: footprint({ facing, front, setBack, depthM, from: at, to: at + width }),
      heightM: Math.round(between(random, ...heightM) / 3.1) * 3.1 + 0.9,
      style,
      seed: Math.floor(random() * 1e6),
      ...(row.hasShops === true ? { shops: [facing] } : {}),
      ...(row.hasBalconies === true || (row.hasBalconies !== false && random() < 0.55) ? { balconies: [facing] } : {}),
      ...(random() < 0.2 ? { hasGable: true } : {}),
    });
    at += width + (random() < 0.12 ? 0.4 : 0);
  }
  return out;
}

type FootprintOf = { facing: Side; front: number; setBack: number; depthM: number; from: number; to: number };

function footprint({ facing, front, setBack, depthM, from, to }: FootprintOf): Building['at'] {
  switch (facing) {
    case 'east':
      return [front - setBack - depthM, from, front - setBack, to];
    case 'west':
      return [front + setBack, from, front + setBack + depthM, to];
    case 'south':
      return [from, front + setBack, to, front + setBack + depthM];
    case 'north':
      return [from, front - setBack - depthM, to, front - setBack];
  }
}

export type PropRow = { x?: number; y?: number; from: number; to: number; everyM: number; seed?: number } & Omit<
  Prop,
  'x' | 'y' | 'kind' | 'seed'
>;

/** The same thing every so many metres along x (when `y` is given) or along y. */
export function inRow(kind: PropKind, { x, y, from, to, everyM, seed = 1, ...rest }: PropRow): Prop[] {
  const out: Prop[] = [];
  for (let at = from, index = 0; at <= to; at += everyM, index++) {
    const place = x === undefined ? { x: at, y: y ?? 0 } : { x, y: at };
    out.push({ kind, ...place, seed: seed * 100 + index, ...rest });
  }
  return out;
}

/** Nudged by up to `byM`, so that a row does not look ruled. */
export function nudged(props: readonly Prop[], byM: number, random: Random): Prop[] {
  return props.map((prop) => ({
    ...prop,
    x: prop.x + between(random, -byM, byM),
    y: prop.y + between(random, -byM, byM),
  }));
}
