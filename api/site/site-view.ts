/** What there is at all: version, model, cameras, and in a sentence each what is missing before anything is seen. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ClickHouseClient } from '@clickhouse/client';
import { readSimulated } from '#analytics/store/simulated.ts';
import { resolveModel } from '#models/catalog/resolve.ts';
import { FAULTS, faultCodeOf } from '#models/schema/fault.ts';
import type { SiteView } from '#models/schema/site-view.ts';
import { type Config, ROOT_DIR } from '#system/config.ts';

type ModelView = Pick<SiteView, 'hasModel' | 'modelName' | 'sentences'>;

export function readVersion(): string {
  const { version } = JSON.parse(readFileSync(resolve(ROOT_DIR, 'package.json'), 'utf8')) as { version: string };
  return version;
}

/** The model that workers of this machine would take; where they run elsewhere theirs may differ. */
export function findModel(config: Config): ModelView {
  try {
    const { modelsDir, materialDir, model } = config;
    const { manifest } = resolveModel({ name: model, modelsDir, materialDir });
    return { hasModel: true, modelName: manifest.name, sentences: [] };
  } catch (error) {
    const code = faultCodeOf(error);
    const text = `No model is there yet, so nothing is detected. ${(error as { cure?: string }).cure ?? FAULTS['model-missing'].cure}`;
    return { hasModel: false, modelName: null, sentences: [{ code, text }] };
  }
}

/** The whole time that a demo simulated; undefined where all figures are real, or the store does not answer. */
export async function findSimulated(client: ClickHouseClient): Promise<SiteView['simulated']> {
  const ranges = await readSimulated(client).catch(() => []);
  const [first, last] = [ranges[0], ranges.at(-1)];
  return first === undefined || last === undefined ? undefined : { fromMs: first[0], toMs: last[1] };
}

export function describeSite(config: Config, cameras: number): SiteView {
  const model = findModel(config);
  const sentences = [...model.sentences];
  if (cameras === 0) {
    const hasFootage = existsSync(resolve(config.materialDir, 'footage'));
    const start = hasFootage
      ? 'No camera is registered yet.'
      : 'No camera is registered yet, and no footage is there to try things with.';
    const cure = 'Add one: ./sharp-eyes camera add --name <name> --url rtsp://… (or --file <video>).';
    sentences.push({ code: 'no-camera', text: `${start} ${cure}` });
  }
  return { version: readVersion(), ...model, cameras, timeZone: config.timeZone, sentences };
}
