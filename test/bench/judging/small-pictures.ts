/** Small pictures of a clip, also with a fault of the city's variants laid over it; for benches and tests. */
import { Decoder, Demuxer, FilterAPI } from 'node-av/api';
import type { Frame as AvFrame } from 'node-av/lib';
import { howToMake, type RecipeId } from '#demo/variants/recipe.ts';
import { createShrinker, type SmallPicture } from '#ingest/diagnose/small-picture.ts';

/** `everyS` absent: the keyframes, which alone are decoded then. */
export type Wanted = { everyS?: number; count?: number; recipe?: RecipeId; filter?: string };

/** At most `count`; a filter is laid over those that are wanted, so that it need not see the others. */
export async function smallPictures(path: string, wanted: Wanted = {}): Promise<SmallPicture[]> {
  const { everyS = 0, count = Number.POSITIVE_INFINITY } = wanted;
  await using demuxer = await Demuxer.open(path);
  const stream = demuxer.video();
  if (stream === undefined) throw new Error(`${path} has no video`);
  using decoder = await Decoder.create(stream, { context: { threadCount: 1 } });
  const graph = graphOf(wanted, stream.codecpar);
  using filter = graph === undefined ? undefined : FilterAPI.create(graph, { threads: 1 });
  using shrinker = createShrinker();
  async function* packets() {
    for await (using packet of demuxer.packets(stream!.index)) {
      if (packet === null || everyS > 0 || packet.isKeyframe) yield packet;
    }
  }
  async function* chosen(): AsyncGenerator<AvFrame | null> {
    let [nextS, number] = [Number.NEGATIVE_INFINITY, 0n];
    for await (using frame of decoder.frames(packets())) {
      if (frame === null || number >= count) break;
      const atS = (Number(frame.pts) * stream!.timeBase.num) / stream!.timeBase.den;
      if (atS < nextS) continue;
      nextS = atS + everyS - 0.01;
      frame.pts = number++;
      const copy = frame.clone();
      if (copy !== null) yield copy;
    }
    yield null;
  }
  const pictures: SmallPicture[] = [];
  for await (using frame of filter?.frames(chosen()) ?? chosen()) {
    if (frame !== null) pictures.push(shrinker.shrink(frame));
  }
  return pictures;
}

function graphOf({ recipe, filter }: Wanted, { width, height }: { width: number; height: number }): string | undefined {
  if (filter !== undefined) return `${filter},format=yuv420p`;
  if (recipe === undefined) return undefined;
  const made = howToMake({ recipe, isSub: false, codec: 'h264' }, { width, height, codec: 'h264' });
  return made === null ? undefined : `${made.filter},format=yuv420p`;
}
