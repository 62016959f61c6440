/** For tests of clips: plays an MP4 in memory as a player would, and measures how much detail a part of a picture has. */
import { Demuxer } from 'node-av/api';
import { AV_PIX_FMT_GRAY8 } from 'node-av/constants';
import { openDecoder } from '#ingest/decode/decoder.ts';
import { createConversion } from '#ingest/detect/conversion.ts';
import type { Box } from '#models/schema/detection.ts';

export type Grey = { width: number; height: number; atS: number; pixels: Uint8Array };

/** Every picture, in the order it is shown; throws where one does not decode. */
export async function play(mp4: Buffer): Promise<{ codec: string; pictures: Grey[] }> {
  await using demuxer = await Demuxer.open(mp4, { format: 'mp4' });
  const stream = demuxer.video()!;
  await using decoder = await openDecoder(stream, 'a clip');
  const { width, height } = stream.codecpar;
  using conversion = createConversion({ width, height, format: AV_PIX_FMT_GRAY8 });
  const pictures: Grey[] = [];
  const scale = stream.timeBase.num / stream.timeBase.den;
  const take: Parameters<typeof decoder.decode>[1] = (picture) => {
    const { data, linesize } = conversion.convert(picture);
    const pixels = new Uint8Array(width * height);
    for (let row = 0; row < height; row++)
      pixels.set(data![0]!.subarray(row * linesize[0]!, row * linesize[0]! + width), row * width);
    pictures.push({ width, height, atS: Number(picture.bestEffortTimestamp) * scale, pixels });
    return false;
  };
  for await (using packet of demuxer.packets(stream.index)) if (packet !== null) await decoder.decode(packet, take);
  await decoder.decode(null, take);
  if (decoder.takeFailed() > 0) throw new Error('the clip has pictures that do not decode');
  return { codec: decoder.codec, pictures };
}

/** Mean of what a pixel differs from its four neighbours, within the box. */
export function detail({ width, height, pixels }: Grey, [x, y, w, h]: Box): number {
  let [sum, count] = [0, 0];
  for (let row = Math.ceil(y * height) + 1; row < Math.floor((y + h) * height) - 1; row++) {
    for (let column = Math.ceil(x * width) + 1; column < Math.floor((x + w) * width) - 1; column++) {
      const at = row * width + column;
      sum += Math.abs(4 * pixels[at]! - pixels[at - 1]! - pixels[at + 1]! - pixels[at - width]! - pixels[at + width]!);
      count++;
    }
  }
  return sum / count;
}

/** Mean difference of two pictures within the box, grey levels. */
export function difference(a: Grey, b: Grey, [x, y, w, h]: Box): number {
  let [sum, count] = [0, 0];
  for (let row = Math.ceil(y * a.height); row < Math.floor((y + h) * a.height); row++) {
    for (let column = Math.ceil(x * a.width); column < Math.floor((x + w) * a.width); column++) {
      sum += Math.abs(a.pixels[row * a.width + column]! - b.pixels[row * b.width + column]!);
      count++;
    }
  }
  return sum / count;
}
