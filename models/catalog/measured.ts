/** What was measured of which file: the figures of docs/models.md, for the list. */
import type { ModelManifest } from '../schema/model-manifest.ts';
import measured from './measured.json' with { type: 'json' };

/** AP50 on judges of which no frame was trained on, and the time beside yolox-nano's; null where it was not measured. */
export type Measured = {
  name: string;
  /** Of the file that was measured: other exports of the same model are other files. */
  sha256: string;
  /** `416x416` */
  size: string;
  /** Persons on `campus`. */
  personAp50: number | null;
  /** Cars on `ipc_a`. */
  carAp50: number | null;
  timeOfYoloxNano: number | null;
};

/** By test/bench/models.ts, which writes docs/models.md in the same run. */
export const MEASURED: readonly Measured[] = measured.models;

/** Figures belong to a file and the size that it is fed at, whatever it is called here; null where there are none. */
export function measuredOf({ sha256, input }: Pick<ModelManifest, 'sha256' | 'input'>): Measured | null {
  const size = `${input.width}x${input.height}`;
  return MEASURED.find((entry) => entry.sha256 === sha256 && entry.size === size) ?? null;
}
