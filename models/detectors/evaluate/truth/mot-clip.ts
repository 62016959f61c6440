/** People in a clip in MOT's format (frame from 1, id, left, top, width, height in pixels), as far as frames are labelled. */
import { existsSync, readFileSync } from 'node:fs';
import type { Box } from '../../../schema/detection.ts';
import { FaultError } from '../../../schema/fault.ts';
import { clipFrames } from '../clip-frames.ts';
import type { LabelledFrame } from '../labelled-frame.ts';

export async function* readMotClip(path: string, every: number): AsyncGenerator<LabelledFrame> {
  const rows = parseMot(readFileSync(path, 'utf8'));
  const last = rows.reduce((latest, { frame }) => Math.max(latest, frame), 0);
  for await (const { index, av } of clipFrames(clipBeside(path))) {
    if (index >= last) return;
    if (index % every !== 0) continue;
    const labels = rows
      .filter(({ frame }) => frame === index + 1)
      .map(({ box: [left, top, width, height] }) => {
        const box: Box = [left / av.width, top / av.height, width / av.width, height / av.height];
        return { kind: 'person' as const, box };
      });
    yield { name: String(index + 1), picture: av, labels, regions: [] };
  }
}

export function parseMot(text: string): { frame: number; box: Box }[] {
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [frame = 0, , left = 0, top = 0, width = 0, height = 0] = line.split(',').map(Number);
      return { frame, box: [left, top, width, height] };
    });
}

function clipBeside(path: string): string {
  const base = path.replace(/\.gt\.txt$/, '');
  const clip = ['.mp4', '.mkv', '.avi'].map((end) => base + end).find((file) => existsSync(file));
  if (clip !== undefined) return clip;
  throw new FaultError('file-missing', `no clip beside ${path}: expected ${base}.mp4`, { about: { path } });
}
