/** The variants of a clip that a camera can show: other sizes and codecs, and every picture fault as an FFmpeg filter. */
import type { VideoCodec } from '#demo/rtsp/nal-units.ts';

export type Recipe = {
  /** FFmpeg's filter graph from the clip's pictures to the variant's; `{w}` and `{h}` are the clip's size. */
  filter: string;
  /** The clip's own where it is left out. */
  codec?: VideoCodec;
  /** From keyframe to keyframe; shorter clips are repeated until one such time is full. */
  keyframeS?: number;
};

/** Changes when a recipe or the encoder's settings change, so that cached variants are made anew. */
export const RECIPE_VERSION = 1;
export const SUB_SIZE = { width: 640, height: 360 };
const KEYFRAME_S = 2;

/** The burned-in name and clock stand in this part of the picture, from its upper left corner. */
const CLOCK = { width: 0.6, height: 0.07 };

const grey = (level: number) => `lutyuv=y=${level}:u=128:v=128`;

/** Zoomed in by `zoom` on a place given as fractions of the room that the zoom leaves. */
function zoomed(zoom: number, x: number, y: number): string {
  const share = (1 / zoom).toFixed(4);
  return `crop=iw*${share}:ih*${share}:(iw-ow)*${x}:(ih-oh)*${y},scale={w}:{h}`;
}

/** A few strokes of a spray can, corner to corner, that run down a little. */
function paint(): string {
  const strokes = Array.from({ length: 14 }, (_, at) => {
    const [x, y] = [0.08 + at * 0.055, 0.2 + 0.18 * Math.sin(at * 1.9) + at * 0.025];
    const [width, height] = [0.14, 0.22 + 0.1 * Math.abs(Math.sin(at * 2.7))];
    const colour = at % 5 === 4 ? '0x2a2a2e' : '0xb8202c';
    return `drawbox=x=iw*${x.toFixed(3)}:y=ih*${y.toFixed(3)}:w=iw*${width}:h=ih*${height.toFixed(3)}:color=${colour}@0.96:t=fill`;
  });
  return strokes.join(',');
}

const RECIPES = {
  black: { filter: grey(16) },
  white: { filter: grey(235) },
  blurred: { filter: 'gblur=sigma=12:steps=2' },
  covered: {
    filter: 'drawbox=x=0:y=0:w=iw:h=ih*0.86:color=0x17130f:t=fill,gblur=sigma=26:steps=2,noise=alls=5:allf=t',
  },
  painted: { filter: paint() },
  turned: { filter: 'scale=iw*1.34:ih*1.34,rotate=10*PI/180:bilinear=1,crop={w}:{h}' },
  tilted: { filter: 'scale=iw*1.5:ih*1.5,crop={w}:{h}:(iw-ow)/2:ih-oh' },
  'night-noise': {
    filter:
      'lutyuv=y=16+(val-16)*0.28:u=128+(val-128)*0.15:v=128+(val-128)*0.15,noise=c0s=34:c0f=t+u:c1s=10:c1f=t:c2s=10:c2f=t',
  },
  'frozen-behind-clock': {
    filter: `split[a][b];[a]trim=end_frame=1,tpad=stop_mode=clone:stop=-1[f];[b]crop=iw*${CLOCK.width}:ih*${CLOCK.height}:0:0[c];[f][c]overlay=0:0:shortest=1`,
  },
  'rare-keyframes': { filter: 'null', keyframeS: 20 },
  'low-fps': { filter: 'fps=11' },
  smaller: { filter: 'scale=trunc(iw*3/8)*2:trunc(ih*3/8)*2' },
  h264: { filter: 'null', codec: 'h264' },
  h265: { filter: 'null', codec: 'h265' },
  'preset-2': { filter: zoomed(1.6, 0.1, 0.75) },
  'preset-3': { filter: zoomed(1.6, 0.9, 0.75) },
  'preset-4': { filter: zoomed(2.2, 0.5, 0.45) },
} as const satisfies Record<string, Recipe>;

export type RecipeId = keyof typeof RECIPES;

export const recipe = (id: RecipeId): Recipe => RECIPES[id];

/** What a stream shows of a clip. `isSub`: shrunk to {@link SUB_SIZE}. */
export type Variant = { recipe: RecipeId | null; isSub: boolean; codec: VideoCodec };

export type Shape = { width: number; height: number; codec: VideoCodec };

/** How the variant is made from a clip of this shape; null: it is the clip itself. */
export function howToMake(
  variant: Variant,
  clip: Shape,
): { filter: string; codec: VideoCodec; keyframeS: number } | null {
  const made: Recipe = variant.recipe === null ? { filter: 'null' } : recipe(variant.recipe);
  const codec = made.codec ?? variant.codec;
  const isSmaller = variant.isSub && (clip.width > SUB_SIZE.width || clip.height > SUB_SIZE.height);
  if (variant.recipe === null && !isSmaller && codec === clip.codec) return null;
  const size = isSmaller ? SUB_SIZE : clip;
  const steps = isSmaller ? [`scale=${size.width}:${size.height}`] : [];
  if (made.filter !== 'null' || steps.length === 0) steps.push(made.filter);
  const filter = steps.join(',').replaceAll('{w}', String(size.width)).replaceAll('{h}', String(size.height));
  return { filter, codec, keyframeS: made.keyframeS ?? KEYFRAME_S };
}
