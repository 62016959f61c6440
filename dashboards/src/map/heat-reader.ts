/** Asks for a heat map and has it made ready in a worker, so that the page stays free however many cells come. */
import { type CellPart, type FigureQuery, figureDeadline, heatMapUrl, request } from '../api-client.ts';
import type { CellMesh } from './cell-mesh.ts';
import type { Asked, HeatColumns } from './heat-columns.ts';
import type { HeatDelivery, HeatOrder } from './heat-worker.ts';

export type Heat = HeatColumns & { mesh: CellMesh };

type Waiting = { done: (heat: Heat) => void; fail: (error: Error) => void };

const waiting = new Map<number, Waiting>();
let worker: Worker | undefined;
let last = 0;

/** One worker for the page's life; what it owes when it breaks is failed, and the next question starts another. */
function theWorker(): Worker {
  if (worker !== undefined) return worker;
  const started = new Worker(new URL('./heat-worker.ts', import.meta.url), { type: 'module' });
  started.addEventListener('message', ({ data }: MessageEvent<HeatDelivery>) => {
    const owed = waiting.get(data.id);
    waiting.delete(data.id);
    if ('error' in data) owed?.fail(new Error(data.error));
    else owed?.done({ ...data.columns, mesh: data.mesh });
  });
  started.addEventListener('error', () => {
    worker = undefined;
    started.terminate();
    for (const { fail } of waiting.values()) fail(new Error('the heat map could not be made ready'));
    waiting.clear();
  });
  worker = started;
  return started;
}

/** Throws ApiProblemError, UnreachableError, or the abort reason of `signal`. */
export async function readHeat(
  query: FigureQuery,
  part: CellPart,
  { asked, signal }: { asked: Asked; signal: AbortSignal },
): Promise<Heat> {
  const within = AbortSignal.any([signal, figureDeadline()]);
  const bytes = await (await request(heatMapUrl(query, part), { signal: within })).arrayBuffer();
  const id = ++last;
  return await new Promise<Heat>((done, fail) => {
    waiting.set(id, { done, fail });
    within.addEventListener(
      'abort',
      () => {
        waiting.delete(id);
        fail(within.reason as Error);
      },
      { once: true },
    );
    theWorker().postMessage({ id, bytes, asked } satisfies HeatOrder, [bytes]);
  });
}
