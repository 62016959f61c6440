/** From the features of a file, in whatever coordinates and under whatever names, to features as we have them. */

import type { Breathe } from '#models/registry/division/breathe.ts';
import { mapPositions, toWgs84 } from '#models/registry/division/crs.ts';
import { AREA_PROPERTIES, type AreaProperty, readProperties } from '#models/registry/division/properties.ts';
import { type Drawn, findAxes, type Known, SAID, suspectCrs } from '#models/registry/division/suspect.ts';
import type { AreaImportAnswer, AreaImportProblem, AreaImportQuery } from '#models/schema/area-import.ts';
import { FaultError } from '#models/schema/fault.ts';
import { nearest } from '#system/config.ts';

/** `raw` are the properties as they came, for "did you mean". */
export type ReadFeature = { properties: Record<string, unknown>; raw: Record<string, unknown>; geometry: unknown };

export type ReadFile = {
  features: ReadFeature[];
  warnings: AreaImportAnswer['warnings'];
  problems: AreaImportProblem[];
};

type Loose = {
  properties?: Record<string, unknown> | null;
  geometry?: { type?: unknown; coordinates?: unknown } | null;
};

type Options = { query: AreaImportQuery; known: Known; breathe: Breathe };

export async function readFile(features: readonly unknown[], { query, known, breathe }: Options): Promise<ReadFile> {
  const { crs = 'wgs84', swap = false, level, parent } = query;
  const names = parseNames(query.map);
  const read: ReadFeature[] = [];
  for (const feature of features) {
    const { properties, geometry } = (feature ?? {}) as Loose;
    const raw = typeof properties === 'object' && properties !== null ? properties : {};
    read.push({ properties: readProperties(raw, { names, level, parent }), raw, geometry: bare(geometry, swap) });
    await breathe();
  }
  const drawn = read.map(({ properties, geometry }, index): Drawn => {
    const id = typeof properties.id === 'string' ? properties.id : `feature ${index + 1}`;
    const above = typeof properties.parent === 'string' ? properties.parent : null;
    return { id, parent: above, coordinates: (geometry as Loose['geometry'])?.coordinates };
  });
  const axes = findAxes(drawn, known);
  if (axes.order !== 'right') return { features: read, warnings: [], problems: axisProblems(axes, drawn) };
  const suspicion = suspectCrs(drawn, known, crs);
  if (crs !== 'wgs84') {
    for (const one of read) {
      one.geometry = withPositions(one.geometry, (position) => toWgs84(position, crs));
      await breathe();
    }
  }
  if (suspicion === null) return { features: read, warnings: [], problems: [] };
  const { likely, why } = suspicion;
  const words = {
    en: `This looks like ${SAID[likely]}, not ${SAID[crs]}: ${why.en}.`,
    zh: `坐标疑似 ${SAID[likely]}，而不是 ${SAID[crs]}：${why.zh}。`,
  };
  if (query.crs !== undefined) return { features: read, warnings: [{ code: 'crs-suspected', words }], problems: [] };
  const message = `${words.en} Say which it is: --crs ${likely}, or --crs wgs84 if you are sure`;
  const problems = [{ id: 'the file', feature: 0, code: 'crs-suspected', message }];
  return { features: read, warnings: [{ code: 'crs-suspected', words }], problems };
}

function axisProblems({ order, swapped }: ReturnType<typeof findAxes>, drawn: readonly Drawn[]): AreaImportProblem[] {
  if (order === 'swapped') {
    const message = 'the file gives latitude before longitude; import it with --swap, which exchanges them';
    return [{ id: 'the file', feature: 0, code: 'axes-swapped', message }];
  }
  const number = new Map(drawn.map(({ id }, index) => [id, index + 1]));
  return swapped.map((id) => ({
    id,
    feature: number.get(id) ?? 0,
    code: 'axes-swapped',
    message: 'latitude stands before longitude here, while other features have it the right way round: correct it',
  }));
}

/** `id=网格编号,name=名称` → theirs by ours. */
function parseNames(text: string | undefined): Partial<Record<AreaProperty, string>> {
  const names: Partial<Record<AreaProperty, string>> = {};
  for (const pair of (text ?? '').split(/[,，]/).filter((part) => part.trim() !== '')) {
    const [ours = '', theirs = ''] = pair.split('=').map((part) => part.trim());
    if (!AREA_PROPERTIES.includes(ours as AreaProperty) || theirs === '') {
      const near = nearest(ours, AREA_PROPERTIES);
      const hint = near === undefined ? '' : `; did you mean "${near}"?`;
      throw new FaultError(
        'invalid-value',
        `"${pair}" maps no property: write ours=theirs, ours one of ${AREA_PROPERTIES.join(', ')}${hint}`,
      );
    }
    names[ours as AreaProperty] = theirs;
  }
  return names;
}

/** Without what other programs put beside the coordinates, such as a bbox or a crs. */
function bare(geometry: Loose['geometry'], swap: boolean): unknown {
  if (typeof geometry !== 'object' || geometry === null) return geometry;
  const { type, coordinates } = geometry;
  if (!swap) return { type, coordinates };
  return { type, coordinates: mapPositions(coordinates, ([first = 0, second = 0]) => [second, first]) };
}

function withPositions(geometry: unknown, change: (position: readonly number[]) => number[]): unknown {
  if (typeof geometry !== 'object' || geometry === null) return geometry;
  const { type, coordinates } = geometry as { type: unknown; coordinates: unknown };
  return { type, coordinates: mapPositions(coordinates, change) };
}
