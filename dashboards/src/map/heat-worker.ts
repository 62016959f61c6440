/** Off the page's thread: turns the bytes of an answer into columns and a mesh. */
import type { HeatMap } from '#models/schema/heat-map.ts';
import { type CellMesh, meshOf } from './cell-mesh.ts';
import { type Asked, COLUMN_NAMES, columnsOf, type HeatColumns } from './heat-columns.ts';

export type HeatOrder = { id: number; bytes: ArrayBuffer; asked: Asked };
export type HeatDelivery = { id: number } & ({ columns: HeatColumns; mesh: CellMesh } | { error: string });

const post = (delivery: HeatDelivery, transfer: Transferable[] = []) =>
  (self as unknown as Worker).postMessage(delivery, transfer);

self.addEventListener('message', ({ data: { id, bytes, asked } }: MessageEvent<HeatOrder>) => {
  try {
    const columns = columnsOf(JSON.parse(new TextDecoder().decode(bytes)) as HeatMap, asked);
    const mesh = meshOf(columns.cells);
    const owned = [
      columns.cells,
      columns.tones,
      columns.flags,
      mesh.corners,
      ...COLUMN_NAMES.map((name) => columns.columns[name]),
    ];
    post(
      { id, columns, mesh },
      owned.map(({ buffer }) => buffer as ArrayBuffer),
    );
  } catch (error) {
    post({ id, error: (error as Error).message });
  }
});
