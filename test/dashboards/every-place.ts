/** The demo's city with something for every view to show: a rule, a channel that fails, imported totals, a published division; in a browser. */

import { until } from '#test/site/site.ts';
import { startCityPlace } from './city-place.ts';
import { type OpenPage, openPageAs, requireBuiltPage } from './open-page.ts';
import { watchRequests } from './settle.ts';

export type EveryPlace = OpenPage & {
  user: string;
  password: string;
  /** Hosts that any page asked anything of. */
  hosts: Set<string>;
  /** Names and ids that people gave. */
  names: string[];
  /** Of an incident. */
  incident: string;
};

const RULE = {
  ...{ id: 'red-line', name: 'Red line', isEnabled: true, severity: 'major', where: { cameras: ['crossing'] } },
  when: {
    type: 'line',
    line: {
      space: 'picture',
      points: [
        [0.1, 0.5],
        [0.9, 0.5],
      ],
    },
  },
};
/** Nobody listens there. */
const CHANNEL = { id: 'duty', name: 'Duty desk', type: 'webhook', url: 'http://127.0.0.1:9/', area: null };
const TOTALS =
  '区域,指标,数值,日期,来源\nhexi,常住人口,819139,2026-06-30,Census\nnanmen,出租房屋,4120,2026-10-31,Census\n';

/** Of models, of what wrote the past, of what the made alerts tell of. */
const OTHER_NAMES = [
  'eyes-nano',
  'yolox-nano',
  'simulated',
  'gate-1',
  'Nobody beyond the line',
  'Administrator',
  'Census',
];

type Named = { id: string; name: string };

export async function startEveryPlace(browserPath: string): Promise<EveryPlace> {
  requireBuiltPage();
  await using opening = new AsyncDisposableStack();
  const city = opening.use(await startCityPlace({ hours: 2, publicDivision: true, webhookInnerAllowed: true }));
  const opened = opening.use(await openPageAs(city, { browserPath, width: 1440, height: 900, saysServerFaults: true }));
  const { base, context, page, cookie } = opened;
  const hosts = new Set<string>();
  context.on('request', (request) => {
    const { protocol, host } = new URL(request.url());
    if (protocol.startsWith('http') || protocol.startsWith('ws')) hosts.add(host);
  });
  context.on('page', watchRequests);
  watchRequests(page);
  const ask = async <Answer>(method: string, path: string, body?: unknown): Promise<Answer> => {
    const headers = { cookie, origin: base, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(`${base}/api/v1/${path}`, { method, headers, ...sent });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return JSON.parse(text) as Answer;
  };
  await ask('POST', 'rules', RULE);
  await ask('POST', 'channels', { ...CHANNEL, isEnabled: true });
  await ask('POST', 'totals/import', { csv: TOTALS });
  await ask('POST', 'divisions', { note: 'first', withFaults: true });
  const { features } = await ask<{ features: { properties: Named }[] }>('GET', 'areas');
  const { cameras } = await ask<{ cameras: Named[] }>('GET', 'cameras');
  const named = [...features.map(({ properties }) => properties), ...cameras, RULE, CHANNEL];
  const names = [...named.flatMap(({ id, name }) => [name, id]), ...OTHER_NAMES, city.user];
  const stack = opening.move();
  return {
    ...opened,
    ...{ user: city.user, password: city.password },
    ...{ hosts, names, incident: await firstIncident(ask) },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** Once the process of alerts has kept one. */
async function firstIncident(ask: <Answer>(method: string, path: string) => Promise<Answer>): Promise<string> {
  let id = '';
  await until(
    'an incident is kept',
    async () => {
      const { incidents } = await ask<{ incidents: { incident: { id: string } }[] }>('GET', 'incidents');
      id = incidents[0]?.incident.id ?? '';
      return id !== '';
    },
    60_000,
  );
  return id;
}
