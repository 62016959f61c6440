/** A process that looks at the clips it is given: node infer-main.ts MODEL CACHE_FOLDER FPS [FILE KEY]… */
import { resolveModel } from '#models/catalog/resolve.ts';
import { openDetector } from '#models/detectors/open.ts';
import { loadConfig } from '#system/config.ts';
import { cachePath, lookAtClip, writeLooks } from './infer.ts';

const [model = '', folder = '', fps = '15', ...pairs] = process.argv.slice(2);
const { modelsDir, materialDir } = loadConfig();
await using detector = await openDetector(resolveModel({ name: model, modelsDir, materialDir }));
for (let at = 0; at + 1 < pairs.length; at += 2) {
  const looked = await lookAtClip(detector, pairs[at]!, Number(fps));
  writeLooks(cachePath(folder, pairs[at + 1]!), looked);
  process.stdout.write(`${pairs[at]}\n`);
}
