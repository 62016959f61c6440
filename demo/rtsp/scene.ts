/** Synthetic scenes for tests and benchmarks: a textured street seen by a noisy sensor, with or without something that moves. */

export type SceneKind = 'still' | 'still-noise' | 'moving-box' | 'sparse-motion';

export type SceneOptions = {
  width: number;
  height: number;
  fps: number;
  /** Of the whole clip. */
  frames: number;
  scene: SceneKind;
  seed: number;
  /** Standard deviation of the sensor's noise in grey levels; `still` has none. */
  noise: number;
};

/** Where the object is, in pixels; it may reach out of the picture. */
export type Box = { x: number; y: number; width: number; height: number };

export type Scene = {
  /** The object's box in a frame, null where none is seen. */
  boxAt(frame: number): Box | null;
  /** Draws frames in ascending order into a planar 4:2:0 picture. */
  draw(frame: number, picture: Buffer): void;
};

export function createScene(options: SceneOptions): Scene {
  const random = xorshift(options.seed);
  const { width, height, scene } = options;
  const ground = drawGround(options, random);
  const size = { width: even(width * 0.12), height: even(height * 0.3) };
  const texture = drawBlocks(size.width, size.height, random);
  const crossings = scene === 'sparse-motion' ? planCrossings(options, random) : [];
  const noise = scene === 'still' ? null : noiseLevels(options.noise);
  const boxAt = (frame: number): Box | null => {
    const share = scene === 'moving-box' ? sweep(frame / (options.fps * SWEEP_S)) : shareOf(crossings, frame);
    if (share === null) return null;
    const [from, to] = scene === 'moving-box' ? [0, width - size.width] : [-size.width, width];
    return { x: even(from + (to - from) * share), y: even(height * 0.45), ...size };
  };
  return {
    boxAt,
    draw(frame, picture) {
      ground.copy(picture);
      const box = boxAt(frame);
      if (box !== null) drawBox(picture, { box, texture, width, height, frame });
      if (noise !== null) addNoise(picture, { pixels: width * height, noise, random });
    },
  };
}

/** The moving box goes from side to side, without ever standing still, in this time. */
const SWEEP_S = 4;

function sweep(turns: number): number {
  const phase = turns % 2;
  return phase < 1 ? phase : 2 - phase;
}

type Crossing = { from: number; to: number };

/** The object crosses within 4 s; 6 to 12 s later it comes again. */
function planCrossings({ fps, frames }: SceneOptions, random: () => number): Crossing[] {
  const crossings: Crossing[] = [];
  let from = Math.round(3 * fps);
  while (from < frames) {
    const to = from + Math.round(4 * fps);
    crossings.push({ from, to });
    from = to + Math.round((6 + (random() % 6000) / 1000) * fps);
  }
  return crossings;
}

function shareOf(crossings: readonly Crossing[], frame: number): number | null {
  const crossing = crossings.find(({ from, to }) => frame >= from && frame < to);
  return crossing === undefined ? null : (frame - crossing.from) / (crossing.to - crossing.from);
}

function even(value: number): number {
  return Math.round(value / 2) * 2;
}

/** Marsaglia's xorshift32: unsigned, never 0. */
function xorshift(seed: number): () => number {
  let state = (Math.imul(seed, 2_654_435_761) ^ 0x9e3779b9) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
}

/** Sky above, a street below: gradients with blocks of texture at several sizes, grey with a touch of colour. */
function drawGround({ width, height }: SceneOptions, random: () => number): Buffer {
  const picture = Buffer.alloc((width * height * 3) / 2, 128);
  const coarse = drawBlocks(width, height, random, 64);
  const fine = drawBlocks(width, height, random, 8);
  for (let y = 0; y < height; y += 1) {
    const light = 150 - (y / height) * 70;
    for (let x = 0; x < width; x += 1) {
      const at = y * width + x;
      picture[at] = light + (coarse[at]! - 125) * 0.3 + (fine[at]! - 125) * 0.12;
    }
  }
  const chroma = width * height;
  for (let at = 0; at < chroma / 4; at += 1) {
    const row = at / (width / 2) / (height / 2);
    picture[chroma + at] = 136 - row * 12;
    picture[chroma + chroma / 4 + at] = 122 + row * 10;
  }
  return picture;
}

function drawBlocks(width: number, height: number, random: () => number, side = 8): Buffer {
  const blocks = Buffer.alloc(width * height);
  const columns = Math.ceil(width / side);
  const levels = Array.from({ length: columns * Math.ceil(height / side) }, () => 30 + (random() % 190));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1)
      blocks[y * width + x] = levels[Math.floor(y / side) * columns + Math.floor(x / side)]!;
  }
  return blocks;
}

type BoxDrawing = { box: Box; texture: Buffer; width: number; height: number; frame: number };

/** The texture sways from row to row as it moves: like what walks, it is never just the last picture moved on. */
function drawBox(picture: Buffer, { box, texture, width, height, frame }: BoxDrawing): void {
  const from = Math.max(0, -box.x);
  const to = Math.min(box.width, width - box.x);
  for (let y = 0; y < box.height; y += 1) {
    const at = (box.y + y) * width + box.x;
    const sway = box.width + Math.round(Math.sin(frame * 0.9 + y * 0.15) * box.width * 0.06);
    for (let x = from; x < to; x += 1) picture[at + x] = texture[y * box.width + ((x + sway) % box.width)]!;
  }
  const luma = width * height;
  for (let y = 0; y < box.height / 2; y += 1) {
    const at = luma + (box.y / 2 + y) * (width / 2) + box.x / 2;
    picture.fill(90, at + from / 2, at + to / 2);
    picture.fill(170, at + luma / 4 + from / 2, at + luma / 4 + to / 2);
  }
}

/** 256 levels of a normal distribution, so that one random byte makes one sample. */
function noiseLevels(deviation: number): Int8Array {
  const levels: number[] = [];
  for (let step = 0; step < 256; step += 1) levels.push(Math.round(deviation * normalQuantile((step + 0.5) / 256)));
  return Int8Array.from(levels);
}

/** Logistic approximation of the normal quantile; it is within 0.05 where 256 levels can tell. */
function normalQuantile(share: number): number {
  return Math.log(share / (1 - share)) / 1.702;
}

type NoiseDrawing = { pixels: number; noise: Int8Array; random: () => number };

function addNoise(picture: Buffer, { pixels, noise, random }: NoiseDrawing): void {
  for (let at = 0; at < pixels; at += 4) {
    const bytes = random();
    picture[at] = picture[at]! + noise[bytes & 255]!;
    picture[at + 1] = picture[at + 1]! + noise[(bytes >>> 8) & 255]!;
    picture[at + 2] = picture[at + 2]! + noise[(bytes >>> 16) & 255]!;
    picture[at + 3] = picture[at + 3]! + noise[bytes >>> 24]!;
  }
}
