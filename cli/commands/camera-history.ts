/** `camera history` and `camera undo`: who changed a camera, and the last change taken back. */
import type { Command } from 'commander';
import type { CameraChange } from '#models/schema/camera-change.ts';
import type { CameraView } from '#models/schema/camera-view.ts';
import { loadConfig } from '#system/config.ts';
import { openApi } from '../api-client.ts';
import { appliedText } from '../cameras/applied-text.ts';
import { changeText } from '../cameras/change-text.ts';
import { ago, printRows } from '../print.ts';

type Undone = { undone: CameraChange; camera: CameraView | null };

export function addCameraHistoryCommands(camera: Command): void {
  camera
    .command('history')
    .description('Who changed a camera, when and how; of a removed one as well.')
    .argument('<id>')
    .option('--json', 'machine-readable')
    .action(async (id: string, options: { json?: boolean }) => {
      const { changes } = await openApi(loadConfig()).json<{ changes: CameraChange[] }>(
        'GET',
        `/cameras/${id}/history`,
      );
      if (options.json === true) return console.log(JSON.stringify(changes, null, 2));
      const columns = ['when', 'ago', 'who', 'what', 'revision', 'fields'];
      printRows(changes.map(asRow), { columns, isJson: false, none: 'No change is on record.' });
    });
  camera
    .command('undo')
    .description('Takes the last change of a camera back; a removed one comes back with its calibration.')
    .argument('<id>')
    .option('--json', 'machine-readable')
    .action(async (id: string, options: { json?: boolean }) => {
      const answer = await openApi(loadConfig()).json<Undone>('POST', `/cameras/${id}/undo?wait=5`);
      if (options.json === true) return console.log(JSON.stringify(answer, null, 2));
      const { undone, camera: view } = answer;
      const what = undone.fields.map(changeText).join(', ');
      const word = view?.applied === undefined ? '' : `; ${appliedText(view.applied)}`;
      console.log(`taken back: ${undone.who}, ${ago(undone.atMs)} ago, ${undone.kind}: ${what}${word}`);
      if (view === null) console.log(`${id} is no longer registered; undo once more brings it back`);
    });
}

function asRow({ atMs, who, kind, revision, fields }: CameraChange) {
  const when = new Date(atMs).toISOString().slice(0, 19).replace('T', ' ');
  return { when, ago: ago(atMs), who, what: kind, revision: revision ?? '', fields: fields.map(changeText).join(', ') };
}
