/** Keeps what was learned of a camera's view in the registry, so that a turn during a restart is found out too. */
import { createHash } from 'node:crypto';
import type { Table } from '#models/registry/table.ts';
import { CALIBRATED_POSES_MAX } from '#models/schema/calibration.ts';
import type { PictureRings } from '#models/schema/mask.ts';
import type { ReferenceView } from '#models/schema/reference-view.ts';
import { pause } from '#system/lifecycle.ts';
import type { Logger } from '#system/logs.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { KeptView } from './view-memory.ts';

export type ViewKeeping = {
  camera: string;
  diagnosis: Diagnosis;
  table: Table<ReferenceView>;
  /** The version of the camera's calibration, 0 where it has none. */
  calibrationVersion: () => number;
  privacyMasks?: PictureRings | undefined;
  /** The camera turns: each of its calibrated poses has a view of its own. */
  isTurning?: () => boolean;
  logger: Logger;
  signal: AbortSignal;
  tickMs?: number;
};

const TICK_MS = 1000;
const VIEWS_MAX = CALIBRATED_POSES_MAX;
/** A view that was never calibrated and stays as it is now is the new one. */
const ACCEPT_AFTER_MS = 600_000;

export type KeptViewState = {
  /** What was known before is there: learning may begin. */
  isLoaded: () => boolean;
  over: Promise<void>;
};

/**
 * Until the registry has answered nothing is learned: what is kept there is what the camera shall be compared with. What
 * cannot be written now is written later. A new version of the calibration makes the view of now the right one; a camera
 * that turns goes on with the view of the pose that it turns to. The registry keeps the one that was learned last. One that
 * was learned under other privacy masks is removed: it may hold edges of what is now hidden.
 */
export function keepView(keeping: ViewKeeping): KeptViewState {
  const { camera, diagnosis, table, calibrationVersion, logger, signal, tickMs = TICK_MS } = keeping;
  const { isTurning = () => false } = keeping;
  const masks = digestOf(keeping.privacyMasks);
  let isLoaded = false;
  let version = calibrationVersion();
  let isUnsaved = false;
  const views = new Map<number, KeptView>();

  function remember(of: number, view: KeptView | undefined): void {
    if (view === undefined) return;
    views.delete(of);
    views.set(of, view);
    const [oldest] = views.keys();
    if (views.size > VIEWS_MAX && oldest !== undefined) views.delete(oldest);
  }

  async function load(): Promise<void> {
    const entry = await table.get(camera);
    const isOfTheseMasks = entry?.value.masks === masks;
    if (entry !== undefined && !isOfTheseMasks) await table.remove(camera);
    const kept = isOfTheseMasks ? entry?.value : undefined;
    version = calibrationVersion();
    if (kept !== undefined) remember(kept.calibrationVersion, kept);
    if (kept !== undefined && kept.calibrationVersion === version) diagnosis.restore(kept);
    isLoaded = true;
  }

  async function save(): Promise<void> {
    const view = diagnosis.reference();
    if (view !== undefined)
      await table.put(camera, {
        ...{ ...view, camera, calibrationVersion: version, learnedAtMs: Date.now() },
        ...(masks === undefined ? {} : { masks }),
      });
    isUnsaved = false;
  }

  function learnAnewWhereDue(): void {
    const isNewVersion = calibrationVersion() !== version;
    const movedSinceMs = diagnosis.findings().find(({ finding }) => finding === 'moved')?.sinceMs;
    const isAccepted = version === 0 && movedSinceMs !== undefined && Date.now() - movedSinceMs > ACCEPT_AFTER_MS;
    if (!isNewVersion && !isAccepted) return;
    remember(version, diagnosis.reference());
    version = calibrationVersion();
    diagnosis.learnAnew();
    const known = isTurning() ? views.get(version) : undefined;
    if (known !== undefined) diagnosis.restore(known);
    else logger.info({ camera, calibrationVersion: version }, 'view learned anew');
  }

  const over = (async () => {
    while (!signal.aborted) {
      try {
        if (isLoaded) learnAnewWhereDue();
        else await load();
        isUnsaved = diagnosis.takeLearned() || isUnsaved;
        if (isUnsaved) await save();
      } catch (error) {
        logger.debug({ camera, error: (error as Error).message }, 'view not kept yet');
      }
      await pause(tickMs, signal);
    }
  })();
  return { isLoaded: () => isLoaded, over };
}

function digestOf(masks: PictureRings | undefined): string | undefined {
  if (masks === undefined || masks.length === 0) return undefined;
  return createHash('sha256').update(JSON.stringify(masks)).digest('base64url').slice(0, 16);
}
