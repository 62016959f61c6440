/** Changes many cameras at once, by an import of rows that name them: dry run, count, word of the workers. */
import type { ImportOutcome, RowOutcome } from '#models/schema/camera-import.ts';
import type { CameraView } from '#models/schema/camera-view.ts';
import { loadConfig } from '#system/config.ts';
import { openApi } from '../api-client.ts';
import { appliedText } from './applied-text.ts';
import { changeText } from './change-text.ts';
import { confirmCount, type SelectionOptions, selectCameras } from './selection.ts';

type Patch = Record<string, unknown>;

/** Seconds that the word of the workers is waited for. */
const WAIT_S = 5;

export async function changeMany(
  ids: readonly string[],
  options: SelectionOptions,
  patchOf: (camera: CameraView) => Patch,
): Promise<void> {
  const api = openApi(loadConfig());
  const { cameras, isFound } = await selectCameras(api, ids, options);
  // With the revision that was read: who changed one meanwhile is not overwritten.
  const rows = cameras.map((camera, index) => {
    const fields = { id: camera.id, ...patchOf(camera) };
    return { row: index + 1, revision: camera.revision, fields };
  });
  const trial = await api.json<ImportOutcome>('POST', '/cameras/import?dryRun=true', { rows });
  if (options.dryRun === true || trial.counts.changed === 0) return print(trial, options);
  await confirmCount(trial.counts.changed, { isFound, count: options.count });
  print(await api.json<ImportOutcome>('POST', `/cameras/import?wait=${WAIT_S}`, { rows }), options);
}

function print(outcome: ImportOutcome, { json }: SelectionOptions): void {
  if (outcome.counts.refused > 0) process.exitCode = 1;
  if (json === true) console.log(JSON.stringify(outcome, null, 2));
  else console.log(outcomeText(outcome));
}

function outcomeText({ rows, counts, isApplied, isDryRun }: ImportOutcome): string {
  const would = isApplied ? '' : 'would be ';
  const sum = `${counts.changed} ${would}changed, ${counts.unchanged} unchanged, ${counts.refused} refused.`;
  const dry = isDryRun && counts.changed > 0 ? ['Nothing was written: this was a dry run.'] : [];
  return [...rows.filter(({ verdict }) => verdict !== 'unchanged').map(rowText), sum, ...dry].join('\n');
}

function rowText({ camera, verdict, changes = [], message, cure, code, applied }: RowOutcome): string {
  if (verdict === 'refused') return `${camera} refused: ${message}\n  what to do: ${cure}  [${code}]`;
  const word = applied === undefined ? '' : `; ${appliedText(applied)}`;
  return `${camera} ${verdict}: ${changes.map(changeText).join(', ')}${word}`;
}
