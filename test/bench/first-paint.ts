/**
 * How long a signed-in person waits until the page shows something that means something: from the click to the first
 * contentful paint, to the shell (rail, header) and to the first row of the view; and what was loaded until then.
 * `node test/bench/first-paint.ts [--rounds 7]`, with the page built. Cold: an empty cache; warm: the browser's own.
 */
import { parseArgs } from 'node:util';
import { hrefOf } from '#dashboards/src/workspace/view.ts';
import { findBrowser } from '#test/dashboards/browser.ts';
import { startDashboardPlace } from '#test/dashboards/dashboard-place.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '7' } } });
const rounds = Number(values.rounds);

type Round = { paintMs: number; shellMs: number; viewMs: number; scriptsKb: number };

const median = (all: readonly number[]): number =>
  [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN;

await using place = await startDashboardPlace(findBrowser() ?? '');
const { page, base } = place;
const devtools = await page.context().newCDPSession(page);
await devtools.send('Network.enable');

async function open(isCold: boolean): Promise<Round> {
  await page.goto(`${base}/healthz`);
  if (isCold) await devtools.send('Network.clearBrowserCache');
  await page.goto(`${base}/${hrefOf('table', 'lixia')}`, { waitUntil: 'commit' });
  const at = (selector: string) =>
    page
      .locator(selector)
      .first()
      .waitFor()
      .then(() => page.evaluate(() => performance.now()));
  const [shellMs, viewMs] = await Promise.all([at('.rail a'), at('.one-table tbody tr')]);
  return page.evaluate(
    ([shell, view]) => {
      const scripts = performance.getEntriesByType('resource').filter(({ name }) => /\.m?js$/.test(name));
      const bytes = scripts.reduce((sum, entry) => sum + (entry as PerformanceResourceTiming).encodedBodySize, 0);
      const paintMs = performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN;
      return { paintMs, shellMs: shell, viewMs: view, scriptsKb: bytes / 1000 };
    },
    [shellMs, viewMs] as const,
  );
}

for (const isCold of [true, false]) {
  await open(isCold);
  const all: Round[] = [];
  for (let round = 0; round < rounds; round++) all.push(await open(isCold));
  const of = (pick: (each: Round) => number) => median(all.map(pick)).toFixed(0).padStart(6);
  console.log(
    `${isCold ? 'cold' : 'warm'}: first paint ${of(({ paintMs }) => paintMs)} ms, shell ${of(({ shellMs }) => shellMs)} ms, ` +
      `first row ${of(({ viewMs }) => viewMs)} ms, scripts ${of(({ scriptsKb }) => scriptsKb)} kB as sent (median of ${rounds})`,
  );
}
