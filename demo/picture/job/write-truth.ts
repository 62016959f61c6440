/**
 * Writes the truth of rendered clips: node demo/picture/job/write-truth.ts LINES_FOLDER [OUT_FOLDER] [CLIP …]
 * LINES_FOLDER holds the tracer's `<view>-<variant>.jsonl`, gzipped or not, and where what is parked was traced apart
 * (`city-trace --parked-only`) `<view>-<variant>.parked.jsonl`; OUT_FOLDER is demo/clips where none is named.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { rehearse } from '#demo/world/rehearse.ts';
import { clipName } from '#demo/world/truth/clip-truth.ts';
import { CLIPS_DIR, truthPath } from '#demo/world/truth/load.ts';
import { mergeTruth, readTraced } from '#demo/world/truth/merge.ts';
import { MISFIT_MAX_M, misfitM } from '#demo/world/truth/misfit.ts';
import { packTruth } from '#demo/world/truth/pack.ts';
import { VIEWS } from '#demo/world/views.ts';

const [linesFolder, outFolder = CLIPS_DIR, ...wanted] = process.argv.slice(2);
if (linesFolder === undefined) {
  process.stderr.write('usage: write-truth.ts LINES_FOLDER [OUT_FOLDER] [CLIP …]\n');
  process.exit(2);
}
mkdirSync(outFolder, { recursive: true });
let bytes = 0;
let failed = 0;
for (const view of VIEWS) {
  for (const variant of view.variants) {
    const name = clipName(view.id, variant.id);
    const lines = linesOf(name);
    if (lines === undefined || (wanted.length > 0 && !wanted.includes(name))) continue;
    try {
      const parked = new Map(readTraced(linesOf(`${name}.parked`) ?? '').map(({ frame, agents }) => [frame, agents]));
      const traced = readTraced(lines).map(({ frame, agents }) => ({
        frame,
        agents: [...agents, ...(parked.get(frame) ?? [])],
      }));
      const truth = mergeTruth({ view, variant: variant.id, motion: rehearse(view, variant), traced });
      const apartM = misfitM(view, truth);
      if (apartM !== undefined && apartM > MISFIT_MAX_M)
        throw new Error(`feet are ${apartM.toFixed(2)} m from their boxes: the picture was made from another motion`);
      const packed = packTruth(truth);
      writeFileSync(truthPath(view.id, variant.id, outFolder), packed);
      bytes += packed.length;
      const agents = truth.frames.reduce((sum, frame) => sum + frame.length, 0) / truth.frames.length;
      say(
        `${name}: ${truth.frames.length} frames, ${agents.toFixed(1)} agents a frame, ${packed.length} bytes, feet ${apartM?.toFixed(2) ?? '–'} m off`,
      );
    } catch (error) {
      failed += 1;
      process.stderr.write(`${name}: ${(error as Error).message}\n`);
    }
  }
}
say(`${bytes} bytes`);
if (failed > 0) process.exitCode = 1;

function linesOf(name: string): string | undefined {
  const path = resolve(linesFolder!, `${name}.jsonl`);
  if (existsSync(path)) return readFileSync(path, 'utf8');
  return existsSync(`${path}.gz`) ? gunzipSync(readFileSync(`${path}.gz`)).toString('utf8') : undefined;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
