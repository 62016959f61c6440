/** A server of the built page and of made-up answers, where only the page is looked at: no store, no broker, no sign-in. */
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { extname, resolve } from 'node:path';
import { cellToLatLng, gridDisk, latLngToCell } from 'h3-js';
import type { Dashboard } from '#models/schema/dashboard.ts';
import type { HeatMap } from '#models/schema/heat-map.ts';
import { ROOT_DIR } from '#system/config.ts';

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

const [LON, LAT] = [117.03, 36.66];
const SPAN = 0.004;

/** Cells around the middle of the place, a wave of figures over them. */
function heatMap(resolution: number, { fromMs, toMs }: Dashboard): HeatMap {
  const cells = gridDisk(latLngToCell(LAT, LON, resolution), 14).map((cell, index) => {
    const [lat, lon] = cellToLatLng(cell);
    const value = Math.max(0, Math.round(6000 * Math.sin((lon - LON) * 900) * Math.cos((lat - LAT) * 1200)));
    return { cell, value, observedS: index % 11 === 0 ? 200 : 600_000, errorM: 4 };
  });
  return { fromMs, toMs, kind: null, measure: 'presence', resolution, cells };
}

/** The place itself as a square around the cells. */
function areasOf({ subject }: Dashboard): unknown {
  const [west, east, south, north] = [LON - SPAN, LON + SPAN, LAT - SPAN * 0.6, LAT + SPAN * 0.6];
  const ring = [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
  const properties = { id: subject.id, name: subject.name, level: subject.level, parent: null };
  const feature = { type: 'Feature', properties, geometry: { type: 'Polygon', coordinates: [ring] } };
  return { type: 'FeatureCollection', features: [feature] };
}

export type MadeApi = { server: Server; base: string };

export async function serveMade(dashboard: Dashboard): Promise<MadeApi> {
  const api: Record<string, unknown> = {
    me: { user: { id: 'u', name: 'bench', roles: ['administrator'], scope: [] }, figureTimeoutS: 30 },
    site: { version: 'bench', hasModel: true, modelName: 'bench', cameras: 1, timeZone: dashboard.zone, sentences: [] },
    cameras: { cameras: [] },
    areas: areasOf(dashboard),
    rules: { rules: [] },
    'kept-views': { keptViews: [] },
    [`dashboards/${dashboard.subject.type}/${dashboard.subject.id}`]: dashboard,
  };
  const server = createServer((request, response) => {
    const { pathname: path, searchParams } = new URL(request.url ?? '/', 'http://bench');
    const name = path.replace('/api/v1/', '');
    const answer = name === 'heat-map' ? heatMap(Number(searchParams.get('resolution')), dashboard) : api[name];
    if (answer !== undefined) return response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
    const file = resolve(ROOT_DIR, 'dashboards/dist', path === '/' ? 'index.html' : `.${path}`);
    if (!existsSync(file)) return response.writeHead(404).end();
    return response.setHeader('content-type', TYPES[extname(file)] ?? 'text/plain').end(readFileSync(file));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  return { server, base: `http://127.0.0.1:${port}` };
}
