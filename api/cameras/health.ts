/** The wall of health: a row per camera, worst first, and what there is to filter by. */
import type { Camera, CameraState } from '#models/schema/camera.ts';
import type { CameraHealth, CameraHealthList } from '#models/schema/camera-health.ts';
import { FAULTS, isFaultCode } from '#models/schema/fault.ts';
import type { Context } from '../context.ts';
import { isInScope, type Principal } from '../rights/authorize.ts';
import { stateOf } from './view.ts';

export type HealthFilter = {
  area?: string;
  make?: string;
  tag?: string;
  state?: CameraState['state'];
  reason?: string;
  /** Part of the name, the id or the address. */
  text?: string;
};

const ORDER: Record<CameraState['state'], number> = {
  down: 0,
  degraded: 1,
  connecting: 2,
  waiting: 3,
  live: 4,
  disabled: 5,
};
const WEIGHT = { high: 0, normal: 1, low: 2 };

export function readCameraHealth(
  principal: Principal,
  filter: HealthFilter,
  context: Context,
): Omit<CameraHealthList, 'cameras'> & { cameras: CameraHealth[] } {
  const tree = context.tree();
  const nowMs = Date.now();
  const seen = context.cameras
    .list()
    .filter(({ area }) => isInScope(principal.user.scope, { area, tree }))
    .map((camera) => healthOf(camera, context, nowMs));
  const here = seen.filter((row) => isHere(row, filter));
  const cameras = here.filter((row) => isSo(row, filter)).sort(worstFirst);
  return {
    cameras,
    matching: cameras.length,
    totals: totalsOf(here),
    makes: distinct(seen.map(({ make }) => make)),
    tags: distinct(seen.flatMap(({ tags }) => tags)),
  };
}

export function healthOf(camera: Camera, context: Context, nowMs: number): CameraHealth {
  const state = stateOf(camera, context, nowMs);
  const { reason, message, cure, nextTryAtMs, lastPictureAtMs, codec, width, height } = state;
  const { fps, fpsPromised, bitrateKbps, decodeCostMs, reconnects, worker } = state;
  const reasonTitle = titleOf(reason);
  const told = { reason, reasonTitle, message, cure, nextTryAtMs, lastPictureAtMs, codec, width, height };
  const measured = { fpsPromised, fps, bitrateKbps, decodeCostMs };
  return {
    camera: camera.id,
    name: camera.name,
    area: camera.area,
    areaPath: context.tree().pathOf(camera.area),
    tags: camera.tags ?? [],
    importance: camera.importance ?? 'normal',
    make: camera.device?.manufacturer ?? null,
    model: camera.device?.model ?? null,
    address: addressOf(camera),
    // While it is tried again nothing is better than before.
    state: state.downSinceMs === undefined ? state.state : 'down',
    sinceMs: state.downSinceMs ?? state.sinceMs,
    reconnects,
    worker,
    ...withoutAbsent({ ...told, ...measured, calibrationGrade: context.calibrations.get(camera.id)?.grade }),
  };
}

const titleOf = (reason: string | undefined) => (isFaultCode(reason) ? FAULTS[reason].title : reason);

function withoutAbsent<Values extends object>(values: Values): { [Key in keyof Values]?: NonNullable<Values[Key]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}

/** Host and port: registered addresses carry no credentials, and what does anyway is not shown. */
export function addressOf({ source }: Camera): string {
  return source.kind === 'file' ? '' : (URL.parse(source.url)?.host ?? '');
}

function isHere(row: CameraHealth, { area, make, tag, text }: HealthFilter): boolean {
  const wanted = text?.trim().toLowerCase() ?? '';
  return (
    (area === undefined || row.areaPath.includes(area)) &&
    (make === undefined || row.make === make) &&
    (tag === undefined || row.tags.includes(tag)) &&
    (wanted === '' || [row.name, row.camera, row.address].some((field) => field.toLowerCase().includes(wanted)))
  );
}

const isSo = (row: CameraHealth, { state, reason }: HealthFilter) =>
  (state === undefined || row.state === state) && (reason === undefined || row.reason === reason);

/** What is bad before what is good, what matters before what does not, what is down long before what just went. */
function worstFirst(a: CameraHealth, b: CameraHealth): number {
  return (
    ORDER[a.state] - ORDER[b.state] ||
    WEIGHT[a.importance] - WEIGHT[b.importance] ||
    (a.state === 'live' ? 0 : a.sinceMs - b.sinceMs) ||
    (a.camera < b.camera ? -1 : 1)
  );
}

function totalsOf(rows: readonly CameraHealth[]): CameraHealthList['totals'] {
  const states: Record<string, number> = {};
  const reasons = new Map<string, CameraHealthList['totals']['reasons'][number]>();
  for (const { state, reason } of rows) {
    states[state] = (states[state] ?? 0) + 1;
    if (reason === undefined) continue;
    const key = `${state} ${reason}`;
    const total = reasons.get(key) ?? { reason, title: titleOf(reason) ?? '', state, cameras: 0 };
    reasons.set(key, { ...total, cameras: total.cameras + 1 });
  }
  const all = [...reasons.values()].sort((a, b) => b.cameras - a.cameras || (a.reason < b.reason ? -1 : 1));
  return { cameras: rows.length, states, reasons: all };
}

const distinct = (texts: readonly (string | null)[]) => [...new Set(texts)].filter((text) => text !== null).sort();
