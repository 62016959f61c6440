/**
 * What a frame of the map costs the page's thread: node test/bench/map-frames.ts [cells]
 *
 * The built page in a real Chromium, with answers made up here: 1,000 cells and then 100,000. The map is dragged and zoomed
 * while figures are read anew. From the trace: the time of the thread that each frame's callbacks took (CPU time where the
 * trace has it), and how busy the thread was. Software GL draws in another process and is not the measure. Goal: at most 8 ms.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { extname, resolve } from 'node:path';
import { cellToLatLng, gridDisk, latLngToCell } from 'h3-js';
import type { CDPSession, Page } from 'playwright-core';
import type { HeatMap } from '#models/schema/heat-map.ts';
import { ROOT_DIR } from '#system/config.ts';
import { findBrowser, openBrowser } from '#test/dashboards/browser.ts';
import { machine } from './judging/streams.ts';

const [LON, LAT] = [117.03, 36.66];
const RESOLUTION = 12;
const MANY = Number(process.argv[2] ?? 100_000);
const FEW = 1000;
const DRAG_STEPS = 16;
const WHEEL_STEPS = 8;
const WAIT_MS = 120_000;
/** Where a picture of the page goes, `-<cells>.png` added. */
const SHOT = process.env.PAGE_SHOT;

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** The cells around the middle, a wave of figures over them that moves with every answer. */
function heatMap(cells: readonly string[], turn: number): HeatMap {
  const nowMs = Date.now();
  return {
    ...{ fromMs: nowMs - 3_600_000, toMs: nowMs, kind: null, measure: 'presence', resolution: RESOLUTION },
    cells: cells.map((cell, index) => ({
      cell,
      value: Math.max(0, Math.round(600 * Math.sin(index / 97 + turn))),
      observedS: index % 11 === 0 ? 200 : 3600,
      errorM: index % 7 === 0 ? 30 : 4,
    })),
  };
}

function cellsAround(count: number): string[] {
  const rings = Math.ceil((Math.sqrt(12 * count - 3) - 3) / 6);
  return gridDisk(latLngToCell(LAT, LON, RESOLUTION), rings).slice(0, count);
}

/** Where the page's own files come from, and answers that look like the API's. */
function serve(answers: { cells: readonly string[] }): Promise<Server> {
  let turn = 0;
  const api: Record<string, () => unknown> = {
    me: () => ({ user: { id: 'u', name: 'bench', roles: ['administrator'], scope: [] } }),
    site: () => ({
      version: 'bench',
      hasModel: true,
      modelName: 'bench',
      cameras: 1,
      timeZone: 'Asia/Shanghai',
      sentences: [],
    }),
    cameras: () => ({ cameras: [] }),
    areas: () => ({ type: 'FeatureCollection', features: [] }),
    summary: () => ({
      fromMs: Date.now() - 3_600_000,
      toMs: Date.now(),
      observedS: 1,
      kinds: [],
      series: [],
      bucketS: 60,
    }),
    'heat-map': () => heatMap(answers.cells, turn++),
  };
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://bench').pathname;
    const answer = api[path.replace('/api/v1/', '')];
    if (answer !== undefined)
      return response.setHeader('content-type', 'application/json').end(JSON.stringify(answer()));
    const file = resolve(ROOT_DIR, 'dashboards/dist', path === '/' ? 'index.html' : `.${path}`);
    if (!existsSync(file)) return response.writeHead(404).end();
    return response.setHeader('content-type', TYPES[extname(file)] ?? 'text/plain').end(readFileSync(file));
  });
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done(server)));
}

type TraceEvent = {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  ts: number;
  dur?: number;
  tdur?: number;
  args?: { name?: string };
};

async function traced(session: CDPSession, act: () => Promise<void>): Promise<TraceEvent[]> {
  const events: TraceEvent[] = [];
  const onData = ({ value }: { value: object[] }) => void events.push(...(value as TraceEvent[]));
  session.on('Tracing.dataCollected', onData);
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: {
      includedCategories: ['toplevel', 'disabled-by-default-devtools.timeline', 'devtools.timeline', '__metadata'],
    },
  });
  await act();
  const isComplete = new Promise((done) => session.once('Tracing.tracingComplete', done));
  await session.send('Tracing.end');
  await isComplete;
  session.off('Tracing.dataCollected', onData);
  return events;
}

type Frames = { frames: number; meanMs: number; p95Ms: number; mostMs: number; busyMsPerS: number; isCpuTime: boolean };

/** What the frames' own callbacks took of the thread that animates, and how busy that thread was with everything it did. */
function framesOf(events: readonly TraceEvent[]): Frames {
  const own = events.find(({ name }) => name === 'FireAnimationFrame');
  if (own === undefined) throw new Error('the trace holds no frame');
  const ofThread = events.filter(({ ph, pid, tid }) => ph === 'X' && pid === own.pid && tid === own.tid);
  const animated = ofThread.filter(({ name }) => name === 'FireAnimationFrame');
  const tasks = ofThread.filter(({ name }) => /RunTask$/.test(name));
  const isCpuTime = animated.every(({ tdur }) => tdur !== undefined);
  const msOf = ({ tdur, dur }: TraceEvent) => ((isCpuTime ? tdur : dur) ?? 0) / 1000;
  const times = animated.map(msOf).sort((x, y) => x - y);
  const sum = (all: readonly number[]) => all.reduce((total, each) => total + each, 0);
  const begins = tasks.map(({ ts }) => ts);
  const lastedS = (Math.max(...begins) - Math.min(...begins)) / 1e6;
  return {
    frames: times.length,
    meanMs: sum(times) / times.length,
    p95Ms: times[Math.min(times.length - 1, Math.floor(times.length * 0.95))]!,
    mostMs: times.at(-1)!,
    busyMsPerS: sum(tasks.map(msOf)) / lastedS,
    isCpuTime,
  };
}

/** Drags in a circle and zooms in and out, a step a frame. */
async function moveAround(page: Page): Promise<void> {
  const [x, y] = [760, 420];
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let step = 0; step <= DRAG_STEPS; step++) {
    const angle = (step / DRAG_STEPS) * 2 * Math.PI;
    await page.mouse.move(x + 180 * Math.sin(angle), y + 120 * (1 - Math.cos(angle)));
  }
  await page.mouse.up();
  for (let step = 0; step < WHEEL_STEPS; step++) await page.mouse.wheel(0, step < WHEEL_STEPS / 2 ? -60 : 60);
}

async function measure(page: Page, base: string, cells: number): Promise<Frames> {
  const [lat, lon] = cellToLatLng(latLngToCell(LAT, LON, RESOLUTION));
  await page.goto('about:blank');
  await page.goto(`${base}/#/map?at=${lon.toFixed(5)},${lat.toFixed(5)},14.6`);
  await page.locator(`[data-testid=map][data-cells="${cells}"]`).waitFor({ timeout: WAIT_MS });
  const session = await page.context().newCDPSession(page);
  const events = await traced(session, () => moveAround(page));
  await session.detach();
  return framesOf(events);
}

if (import.meta.main) {
  const browserPath = findBrowser();
  if (browserPath === undefined) throw new Error('no Chromium is installed');
  const answers = { cells: cellsAround(FEW) };
  const server = await serve(answers);
  const { port } = server.address() as { port: number };
  await using browser = await openBrowser(browserPath, { width: 1280, height: 800 });
  const page = browser.context.pages()[0] ?? (await browser.context.newPage());
  await page.addInitScript(() => localStorage.setItem('sharp-eyes.signed-in', 'yes'));
  console.log(`${machine()}; Chromium ${browser.context.browser()?.version() ?? ''}, software GL`);
  for (const count of [FEW, MANY]) {
    answers.cells = cellsAround(count);
    const measured = await measure(page, `http://127.0.0.1:${port}`, count);
    const { frames, meanMs, p95Ms, mostMs, busyMsPerS, isCpuTime } = measured;
    console.log(
      `${count} cells, ${frames} frames: ${meanMs.toFixed(2)} ms a frame (p95 ${p95Ms.toFixed(2)}, most ${mostMs.toFixed(2)}), ` +
        `main thread busy ${busyMsPerS.toFixed(0)} ms a second${isCpuTime ? ' (CPU time)' : ' (elapsed)'}`,
    );
    console.log(JSON.stringify({ cells: count, ...measured, mustReachMs: 8 }));
    if (SHOT !== undefined) await page.screenshot({ path: `${SHOT}-${count}.png` });
  }
  server.close();
}
