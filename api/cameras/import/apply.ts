/** Writes what an import planned, some rows at a time; a row that somebody changed meanwhile is refused, the others go on. */
import { FaultError } from '#models/schema/fault.ts';
import type { Context } from '../../context.ts';
import type { Principal } from '../../rights/authorize.ts';
import { type CameraWrite, writeCamera } from '../write.ts';
import { type PlannedRow, refusal } from './plan.ts';

/** Each waits for its way to the broker and back, about 3 ms. */
const WRITES_AT_ONCE = 16;

type Doing = { principal: Principal; context: Context };

/** Returns the rows as they came to be, in their order. */
export async function applyImport(plan: readonly PlannedRow[], doing: Doing): Promise<PlannedRow[]> {
  return inParts(plan, (row) => (row.after === undefined ? row : applyRow(row, doing)));
}

/** Takes back what was written of an import that is all or nothing, where a row failed in the middle. */
export async function revertImport(written: readonly PlannedRow[], { principal, context }: Doing): Promise<void> {
  await inParts(written, async (row) => {
    const { before, after, revision } = row;
    if (after === undefined || row.outcome.verdict === 'refused') return row;
    await writeCamera({ kind: 'undone', before: after, after: before, revision }, principal, context);
    return row;
  });
}

async function applyRow(row: PlannedRow, { principal, context }: Doing): Promise<PlannedRow> {
  const { before, after, outcome } = row;
  const write: CameraWrite = {
    kind: before === undefined ? 'added' : 'edited',
    before,
    after,
    revision: row.revision,
  };
  try {
    const revision = await writeCamera(write, principal, context);
    return revision === undefined ? row : { ...row, revision };
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    return { outcome: refusal({ row: outcome.row, fields: { id: outcome.camera } }, error) };
  }
}

async function inParts(
  rows: readonly PlannedRow[],
  work: (row: PlannedRow) => PlannedRow | Promise<PlannedRow>,
): Promise<PlannedRow[]> {
  const done: PlannedRow[] = [];
  for (let start = 0; start < rows.length; start += WRITES_AT_ONCE) {
    done.push(...(await Promise.all(rows.slice(start, start + WRITES_AT_ONCE).map(work))));
  }
  return done;
}
