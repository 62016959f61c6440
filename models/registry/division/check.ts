/** Checks a whole division: polygons, tree, staffing and ground; bounded in time and in what it lists. */
import type { Area } from '../../schema/area.ts';
import { DIVISION_FAULT_CODES, type DivisionFault, type DivisionReport } from '../../schema/division.ts';
import { checkPolygon } from '../polygon.ts';
import { breatheBetween } from './breathe.ts';
import { faultWords } from './fault-words.ts';
import { groundFaults } from './ground-faults.ts';
import { treeFaults } from './tree-faults.ts';

export type CheckOptions = { signal?: AbortSignal; faultsMax?: number; timeoutMs?: number };

/** A report of more faults is read by nobody; the counts are of all. */
const FAULTS_MAX = 10_000;
const TIMEOUT_MS = 60_000;

/** Gives way to other work every few milliseconds; throws the signal's reason when it is aborted. */
export async function checkDivision(areas: readonly Area[], options: CheckOptions = {}): Promise<DivisionReport> {
  const { signal, faultsMax = FAULTS_MAX, timeoutMs = TIMEOUT_MS } = options;
  const startedAt = performance.now();
  const breathe = breatheBetween(signal);
  const faults: DivisionFault[] = [];
  const counts: Record<string, number> = {};
  let isComplete = true;
  const say = (fault: DivisionFault) => {
    counts[fault.code] = (counts[fault.code] ?? 0) + 1;
    if (faults.length < faultsMax) faults.push(fault);
    else isComplete = false;
  };
  const good: Area[] = [];
  for (const area of areas) {
    const wrong = polygonFaults(area);
    if (wrong.length === 0) good.push(area);
    for (const fault of wrong) say(fault);
    await breathe();
  }
  for await (const fault of groundFaults(good, breathe)) {
    say(fault);
    if (performance.now() - startedAt < timeoutMs) continue;
    isComplete = false;
    break;
  }
  for (const fault of treeFaults(new Map(areas.map((area) => [area.id, area])))) say(fault);
  const rank = (fault: DivisionFault) => DIVISION_FAULT_CODES.indexOf(fault.code);
  faults.sort((a, b) => rank(a) - rank(b) || (b.areaM2 ?? 0) - (a.areaM2 ?? 0));
  const tookMs = Math.round(performance.now() - startedAt);
  return { checkedAtMs: Date.now(), areas: areas.length, counts, faults, isComplete, tookMs };
}

function polygonFaults({ id, name, geometry }: Area): DivisionFault[] {
  return checkPolygon(geometry).map(({ message, at }) => ({
    code: 'polygon-invalid',
    areas: [id],
    words: faultWords('polygon-invalid', { name, detail: message }),
    at: at ?? null,
    areaM2: null,
    geometry: null,
  }));
}
