/** `coverage`: which ground is seen, what stays blind, what would help; and imports of houses and key places. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { CoverageReport, PlaceCoverage, Suggestion, SuggestionLine } from '#models/schema/coverage.ts';
import { FaultError, isFaultCode } from '#models/schema/fault.ts';
import { loadConfig } from '#system/config.ts';
import { openApi } from '../api-client.ts';
import { printRows, type Row } from '../print.ts';

type Light = 'day' | 'night';
type ReportOptions = { area?: string; at: Light; days: number; json?: boolean };
type ExportOptions = { out: string; area?: string; shape: string; at: Light };
type SuggestOptions = {
  area?: string;
  at: Light;
  cameras: number;
  turns: number;
  poles?: string;
  out?: string;
  json?: boolean;
};
type ImportOptions = { crs: string; dryRun?: boolean; json?: boolean };
type ImportAnswer = { imported: number; problems: { id: string; code: string; message: string }[] };

const DAY_MS = 86_400_000;
const LEVELS_SHOWN = ['city', 'district', 'street'];

export function addCoverageCommands(program: Command): void {
  const coverage = program.command('coverage').description('Which ground the cameras see, planned and observed.');
  coverage
    .command('report')
    .description('Per area, camera and key place: ground seen by day or by night, and how long it was watched.')
    .option('--area <id>', 'only this area and what lies in it')
    .option('--at <light>', 'day or night', 'day')
    .option('--days <number>', 'how far back the ledger is asked', Number, 7)
    .option('--json', 'machine-readable')
    .action(report);
  coverage
    .command('export')
    .description('Writes GeoJSON: every cell with its figures, or what is seen as one shape.')
    .requiredOption('--out <file>', 'GeoJSON file to write')
    .option('--area <id>', 'only this area')
    .option('--shape <shape>', 'cells or union', 'cells')
    .option('--at <light>', 'for the union: day or night', 'day')
    .action(exportGeoJson);
  coverage
    .command('suggest')
    .description('Which camera to turn, and where one more helps most.')
    .option('--cameras <number>', 'new cameras', Number, 3)
    .option('--turns <number>', 'turns that are told', Number, 3)
    .option('--area <id>', 'only for this area')
    .option('--at <light>', 'day or night', 'day')
    .option('--poles <file>', 'GeoJSON of points where cameras could stand; along borders of areas otherwise')
    .option('--out <file>', 'also write them as GeoJSON, with the cells that each gains')
    .option('--json', 'machine-readable')
    .action(suggest);
  addImport(coverage, 'import-buildings', {
    path: '/buildings',
    what: 'buildings',
    description: 'Imports houses in place of those that are there: GeoJSON polygons with "height" (m) or "floors".',
  });
  addImport(coverage, 'import-places', {
    path: '/key-places',
    what: 'key places',
    description: 'Imports key areas and checkpoints: GeoJSON points or polygons with id, name, kind, importance.',
  });
}

type Import = { path: string; what: string; description: string };

function addImport(coverage: Command, name: string, { path, what, description }: Import): void {
  coverage
    .command(name)
    .description(`${description} All or nothing.`)
    .argument('<file>', 'GeoJSON FeatureCollection')
    .option('--crs <name>', 'what its coordinates are in: wgs84, gcj02 or bd09', 'wgs84')
    .option('--dry-run', 'only says what is wrong with it')
    .option('--json', 'machine-readable')
    .action(async (file: string, { crs, dryRun = false, json }: ImportOptions) => {
      const query = new URLSearchParams({ crs, ...(dryRun ? { dryRun: 'true' } : {}) });
      const answer = await openApi(loadConfig()).json<ImportAnswer>('PUT', `${path}?${query}`, readGeoJson(file));
      if (json === true) console.log(JSON.stringify(answer, null, 2));
      else {
        console.log(`${answer.imported} ${what} ${dryRun ? 'would be imported' : 'imported'}`);
        if (answer.problems.length > 0)
          printRows(answer.problems, { columns: ['id', 'code', 'message'], isJson: false, none: '' });
      }
      if (answer.problems.length > 0) process.exitCode = 1;
    });
}

function readGeoJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new FaultError('invalid-value', `${file} is no readable GeoJSON file: ${(cause as Error).message}`, {
      cause,
    });
  }
}

const percent = (share: number | null) => (share === null ? '–' : `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`);
const metres = (m2: number) => `${Math.round(m2)}`;

/** Exit code 1 where a key place is blind or a camera hardly watched, so that a script may act on it. */
async function report({ area, at, days, json }: ReportOptions): Promise<void> {
  const toMs = Date.now();
  const query = new URLSearchParams({ from: String(Math.round(toMs - days * DAY_MS)), to: String(toMs) });
  if (area !== undefined) query.set('area', area);
  const told = await openApi(loadConfig()).json<CoverageReport>('GET', `/coverage?${query}`);
  const blind = told.places.filter(({ state }) => state[at] === 'blind');
  const hardly = told.cameras.filter(({ isHardlyWatched }) => isHardlyWatched);
  if (blind.length + hardly.length > 0) process.exitCode = 1;
  if (json === true) return console.log(JSON.stringify(told, null, 2));
  console.log(
    `Seen: a person of ${told.leastPx[at]} px of 720 or more (every second one is found in a look, ${told.model}); ${told.buildings} buildings hide ground.\n`,
  );
  const areas = told.areas.filter(({ level }) => area !== undefined || LEVELS_SHOWN.includes(level));
  printRows(
    areas.map(({ area: id, level, name, areaM2, builtM2, seenM2, share }): Row => {
      const open = metres(areaM2 - builtM2);
      return { area: id, level, name, 'open m²': open, 'seen m²': metres(seenM2[at]), share: percent(share[at]) };
    }),
    { columns: ['area', 'level', 'name', 'open m²', 'seen m²', 'share'], isJson: false, none: 'No areas.' },
  );
  console.log('\nKey areas and checkpoints, worst first:');
  printRows(
    told.places.map((place) => placeRow(place, at)),
    {
      columns: ['place', 'kind', 'importance', 'name', 'seen', 'state', 'watched', 'cameras'],
      isJson: false,
      none: 'None; import them with ./sharp-eyes coverage import-places <file>.',
    },
  );
  if (hardly.length === 0) return;
  console.log('\nPlanned, but watched for less than half of the time:');
  printRows(
    hardly.map(({ camera, name, watched, reason, seenM2 }): Row => {
      return { camera, name, 'seen m²': metres(seenM2[at]), watched: percent(watched), reason };
    }),
    { columns: ['camera', 'name', 'seen m²', 'watched', 'reason'], isJson: false, none: '' },
  );
}

function placeRow({ id, kind, importance, name, share, state, watched, cameras }: PlaceCoverage, at: Light): Row {
  const seen = percent(share[at]);
  return {
    place: id,
    kind,
    importance,
    name,
    seen,
    state: state[at],
    watched: percent(watched),
    cameras: cameras.join(' '),
  };
}

async function exportGeoJson({ out, area, shape, at }: ExportOptions): Promise<void> {
  const query = new URLSearchParams({ shape, at, ...(area === undefined ? {} : { area }) });
  const text = await (await openApi(loadConfig()).request('GET', `/coverage/export?${query}`)).text();
  writeFileSync(out, text);
  const { features } = JSON.parse(text) as { features: unknown[] };
  console.log(`${out}: ${shape === 'union' ? `what is seen by ${at}` : `${features.length} cells`}`);
}

async function suggest({ area, at, cameras, turns, poles, out, json }: SuggestOptions): Promise<void> {
  const body = {
    ...{ at, cameras, turns },
    ...(area === undefined ? {} : { area }),
    ...(poles === undefined ? {} : { poles: readPoles(poles) }),
  };
  const response = await openApi(loadConfig()).request('POST', '/coverage/suggestions', body);
  const lines = (await response.text())
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as SuggestionLine);
  const last = lines.at(-1);
  if (last === undefined || !('end' in last)) throw new FaultError('internal', 'the answer broke off');
  if ('code' in last)
    throw new FaultError(isFaultCode(last.code) ? last.code : 'internal', last.message, { cure: last.cure });
  const suggestions = lines.flatMap((line) => ('suggestion' in line ? [line.suggestion] : []));
  if (out !== undefined) writeFileSync(out, JSON.stringify(asGeoJson(suggestions)));
  if (json === true) return console.log(JSON.stringify({ ...last, suggestions }, null, 2));
  printRows(suggestions.map(suggestionRow), {
    columns: ['do', 'lon', 'lat', 'heading', 'gains m²', 'loses m²', 'key places'],
    isJson: false,
    none: 'Nothing helps: no place for a camera sees ground that is not seen already.',
  });
  console.log(
    `\n${last.poles} places in twelve directions and ${last.turned} cameras were compared${last.isThinned ? ' (there were more: name an --area)' : ''}. New ones reach at least ${Math.floor(last.guarantee * 100)} % of the best choice among these places.`,
  );
}

function suggestionRow({ kind, camera, turnDeg = 0, ...one }: Suggestion): Row {
  const side = turnDeg > 0 ? 'right' : 'left';
  return {
    do: kind === 'add' ? 'add a camera' : `turn ${camera?.id} ${Math.abs(turnDeg)}° to the ${side}`,
    lon: one.lon.toFixed(6),
    lat: one.lat.toFixed(6),
    heading: `${Math.round(one.headingDeg)}°`,
    'gains m²': metres(one.gainedM2),
    'loses m²': metres(one.lostM2),
    'key places': one.places.map(({ id, before, after }) => `${id} ${percent(before)} → ${percent(after)}`).join(', '),
  };
}

function asGeoJson(suggestions: readonly Suggestion[]): object {
  const features = suggestions.map(({ lon, lat, ...properties }) => ({
    type: 'Feature',
    properties,
    geometry: { type: 'Point', coordinates: [lon, lat] },
  }));
  return { type: 'FeatureCollection', features };
}

function readPoles(file: string): { lon: number; lat: number }[] {
  const { features = [] } = readGeoJson(file) as { features?: { geometry?: { coordinates?: unknown } }[] };
  return features.map(({ geometry }, index) => {
    const [lon, lat] = Array.isArray(geometry?.coordinates) ? (geometry.coordinates as unknown[]) : [];
    if (typeof lon === 'number' && typeof lat === 'number') return { lon, lat };
    throw new FaultError('invalid-value', `${file}: feature ${index + 1} is no point`);
  });
}
