/** The frames of a clip, one after the other, decoded with one thread. */
import { Decoder, Demuxer } from 'node-av/api';
import type { Frame as AvFrame } from 'node-av/lib';
import { FaultError } from '../../schema/fault.ts';

/** `index` counts from 0. The frame is freed when the loop goes on. Throws FaultError `file-unreadable`. */
export async function* clipFrames(path: string): AsyncGenerator<{ index: number; av: AvFrame }> {
  await using demuxer = await Demuxer.open(path);
  const stream = demuxer.video();
  if (stream === undefined) throw new FaultError('file-unreadable', `${path} has no video`, { about: { path } });
  using decoder = await Decoder.create(stream, { threadCount: 1 });
  let index = 0;
  for await (using av of decoder.frames(demuxer.packets(stream.index))) {
    if (av === null) continue;
    yield { index, av };
    index += 1;
  }
}
