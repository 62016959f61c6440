/** The report of a check: words for a terminal, GeoJSON for a map. */
import { DIVISION_FAULT_CODES, type DivisionReport } from '#models/schema/division.ts';
import { formatTable } from '../print.ts';

export function printReport(
  { areas, counts, faults, isComplete, tookMs }: DivisionReport,
  options: { max: number },
): void {
  console.log(`${areas} areas checked in ${(tookMs / 1000).toFixed(1)} s`);
  const found = DIVISION_FAULT_CODES.filter((code) => counts[code] !== undefined);
  if (found.length === 0) {
    console.log('no fault: every parent is covered, once, by what lies below it');
    return;
  }
  console.log(found.map((code) => `${code} ${counts[code]}`).join(', '));
  if (!isComplete) console.log('not all faults are listed: correct these and check again');
  const rows = faults.slice(0, options.max).map(({ code, words, at, areas: ids, areaM2 }) => ({
    fault: code,
    areas: ids.join(' '),
    m2: areaM2 === null ? '' : Math.round(areaM2),
    place: at === null ? '' : at.map((degrees) => degrees.toFixed(6)).join(' '),
    said: words.en,
  }));
  console.log(formatTable(rows, ['fault', 'areas', 'm2', 'place', 'said']));
  const more = faults.length - rows.length;
  if (more > 0) console.log(`and ${more} more: --max, --json, or --out faults.geojson`);
}

/** Faults without ground of their own are points. */
export function reportAsGeoJson({ faults }: DivisionReport) {
  const features = faults.map(({ code, areas, words, at, areaM2, geometry }) => ({
    type: 'Feature' as const,
    properties: { code, areas: areas.join(' '), en: words.en, zh: words.zh, areaM2, lon: at?.[0], lat: at?.[1] },
    geometry: geometry ?? (at === null ? null : { type: 'Point' as const, coordinates: at }),
  }));
  return { type: 'FeatureCollection' as const, features };
}
