/** A rendered shot, its clip or its pictures, with what the tracer knows of every agent in every frame. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { Frame as AvFrame } from 'node-av/lib';
import type { Box } from '../../../schema/detection.ts';
import { FaultError } from '../../../schema/fault.ts';
import { KINDS, type Kind } from '../../../schema/kind.ts';
import { readPicture } from '../../picture.ts';
import { clipFrames } from '../clip-frames.ts';
import type { LabelledFrame } from '../labelled-frame.ts';

type Corners = [left: number, top: number, right: number, bottom: number];
/** Of one agent: its whole silhouette, what is seen of it, and their pixels. */
export type SeenAgent = { id: number; box: Corners; seen: Corners | null; full: number; visible: number };

/** Below the first of these shares a thing is not there, below the second it is ignored, below the third its box is that of what is seen. */
const SEEN_HARDLY = 0.05;
const SEEN_LEAST = 0.25;
const SEEN_MOSTLY = 0.5;
/** A thing whose longer side is smaller than this share of the picture's is not asked for. */
const SMALLEST = 8 / 640;

export async function* readRender(path: string, every: number): AsyncGenerator<LabelledFrame> {
  const base = path.replace(/(\.truth)?\.jsonl$/, '');
  const kindsAt = readKinds(base);
  const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
  const truth = new Map(
    lines.map((line) => {
      const { frame, agents } = JSON.parse(line) as { frame: number; agents: SeenAgent[] };
      return [frame, agents];
    }),
  );
  for await (const { index, av } of framesOf(base)) {
    const agents = truth.get(index);
    if (agents === undefined || index % every !== 0) continue;
    yield {
      name: `${basename(base)} ${index}`,
      picture: av,
      ...sortAgents(agents, { kinds: kindsAt(index), size: av }),
    };
  }
}

async function* framesOf(base: string): AsyncGenerator<{ index: number; av: AvFrame }> {
  const clip = ['.mp4', '.mkv', '.h264', '.264'].map((end) => base + end).find((file) => existsSync(file));
  if (clip !== undefined) {
    yield* clipFrames(clip);
    return;
  }
  const name = basename(base);
  const pictures = readdirSync(dirname(base)).filter(
    (file) => file.startsWith(name) && /[-_.]\d+\.(ppm|png|jpg|webp)$/.test(file),
  );
  if (pictures.length === 0) {
    throw new FaultError('file-missing', `no clip and no pictures beside ${base}.jsonl`, { about: { path: base } });
  }
  for (const file of pictures.sort()) {
    using av = await readPicture(resolve(dirname(base), file));
    yield { index: Number(/(\d+)\.\w+$/.exec(file)?.[1]), av };
  }
}

/** Agent id → kind, from `NAME.agents.json` for all frames, or from `NAME.kinds.json` with [id, kind] pairs per frame. */
function readKinds(base: string): (frame: number) => Map<number, Kind> {
  const [same, perFrame] = [`${base}.agents.json`, `${base}.kinds.json`];
  if (existsSync(same)) {
    const { agents } = JSON.parse(readFileSync(same, 'utf8')) as { agents: { id: number; kind: string }[] };
    const kinds = kindsOf(agents.map(({ id, kind }) => [id, kind]));
    return () => kinds;
  }
  if (existsSync(perFrame)) {
    const frames = JSON.parse(readFileSync(perFrame, 'utf8')) as [number, string][][];
    return (frame) => kindsOf(frames[frame] ?? []);
  }
  throw new FaultError('file-missing', `${same} is not there: it says what kind each agent is`, {
    about: { path: same },
  });
}

function kindsOf(pairs: readonly (readonly [id: number, kind: string])[]): Map<number, Kind> {
  const isKind = (kind: string): kind is Kind => (KINDS as readonly string[]).includes(kind);
  return new Map(pairs.flatMap(([id, kind]) => (isKind(kind) ? [[id, kind] as const] : [])));
}

type Scene = { kinds: ReadonlyMap<number, Kind>; size: { width: number; height: number } };

/** The whole box, cut to the picture, where half of it is seen or it is ignored; else the box of what is seen. */
export function sortAgents(
  agents: readonly SeenAgent[],
  { kinds, size: { width, height } }: Scene,
): Pick<LabelledFrame, 'labels' | 'regions'> {
  const labels: LabelledFrame['labels'] = [];
  const regions: Box[] = [];
  for (const { id, box, seen, full, visible } of agents) {
    const kind = kinds.get(id);
    const share = visible / Math.max(1, full);
    if (kind === undefined || share < SEEN_HARDLY) continue;
    const isPart = share >= SEEN_LEAST && share < SEEN_MOSTLY;
    const cut = toBox(isPart && seen !== null ? seen : box, { width, height });
    if (cut === undefined) continue;
    const isAsked = share >= SEEN_LEAST && Math.max(cut[2], (cut[3] * height) / width) >= SMALLEST;
    if (isAsked) labels.push({ kind, box: cut });
    else regions.push(cut);
  }
  return { labels, regions };
}

function toBox([left, top, right, bottom]: Corners, { width, height }: Scene['size']): Box | undefined {
  const [x, y] = [Math.max(0, left), Math.max(0, top)];
  const [toX, toY] = [Math.min(width, right), Math.min(height, bottom)];
  if (toX - x < 1 || toY - y < 1) return undefined;
  return [x / width, y / height, (toX - x) / width, (toY - y) / height];
}
