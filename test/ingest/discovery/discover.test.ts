import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAKES } from '#demo/devices/make.ts';
import { type Discoverable, startDiscovery } from '#demo/onvif/discovery.ts';
import { type DiscoverOptions, discover } from '#ingest/discovery/discover.ts';
import { findTargets } from '#ingest/discovery/targets.ts';
import type { DiscoveredDevice, DiscoveryNews, DiscoveryTally } from '#models/schema/discovered-device.ts';
import { makeWith, type SmallFleet, startSmallFleet } from '#test/demo/devices/small-fleet.ts';
import { freePort, testLogger, until } from '#test/site/site.ts';
import { answer, idIn, isFor, respond } from './responder.ts';

type Result = { devices: Map<string, DiscoveredDevice>; tally: DiscoveryTally; news: DiscoveryNews[] };

/** Only over loopback: no test asks the network of whoever runs it. */
const loopback = Object.entries(networkInterfaces()).find(([, list]) =>
  list?.some(({ address }) => address === '127.0.0.1'),
)?.[0];
const isLoopback = (name: string) => name === loopback;

async function search(options: Partial<DiscoverOptions>): Promise<Result> {
  const devices = new Map<string, DiscoveredDevice>();
  const news: DiscoveryNews[] = [];
  for await (const piece of discover({
    signal: AbortSignal.timeout(30_000),
    logger: testLogger,
    targets: [],
    listenS: 1,
    isWanted: isLoopback,
    ...options,
  })) {
    news.push(piece);
    if (piece.type === 'device') devices.set(piece.device.key, piece.device);
  }
  const last = news.at(-1);
  if (last?.type !== 'end') throw new Error('the search did not end');
  return { devices, news, tally: last.tally };
}

describe('the fleet of the city', () => {
  let fleet: SmallFleet;
  beforeAll(async () => {
    const makes = MAKES.map(({ id }) => makeWith(id, {}));
    fleet = await startSmallFleet({ count: MAKES.length, recorders: 1, ptz: 1, makes, discoveryPort: 3702 });
  });
  afterAll(async () => fleet?.[Symbol.asyncDispose]());

  it('is found whole by multicast, one row for each device, whichever question a make answers', async () => {
    const { devices } = await search({});
    const uuids = fleet.devices.map(({ plan }) => plan.uuid);
    expect(uuids.filter((uuid) => !devices.has(uuid))).toEqual([]);
    const found = [...devices.values()].filter(({ key }) => uuids.includes(key));
    expect(found.map(({ port }) => port).sort()).toEqual(fleet.devices.map(({ onvif }) => onvif.port).sort());
    for (const { plan, onvif } of fleet.devices) {
      const device = devices.get(plan.uuid);
      expect(device).toMatchObject({
        model: plan.make.model.replaceAll('_', ' '),
        name: plan.name,
        channels: null,
        isOnvif: true,
      });
      expect(device?.port).toBe(onvif.port);
    }
  });

  it('is read where scopes are GBK, and where a device names an inner host', async () => {
    const { devices } = await search({});
    const of = (id: string) => devices.get(fleet.devices.find(({ plan }) => plan.make.id === id)?.plan.uuid ?? '');
    expect(of('numbers-and-names')).toMatchObject({
      name: '9号路口',
      model: '枪机 200',
      location: expect.stringContaining('磨坊街'),
    });
    expect(of('behind-nat')).toMatchObject({
      host: '127.0.0.1',
      services: [],
      saysItIsAt: [expect.stringContaining('//192.168.7.20:')],
      doubts: [expect.stringContaining('it says it is at 192.168.7.20')],
    });
    expect(devices.get(fleet.devices.at(-1)?.plan.uuid ?? '')?.kinds).toContain('ptz');
  });

  it('is found by asking the one host', async () => {
    const discoverables = fleet.devices.map(({ discoverable }) => discoverable);
    await using alone = await startDiscovery({
      devices: discoverables,
      logger: testLogger,
      host: '127.0.0.1',
      port: 0,
    });
    const { devices } = await search({ port: alone.port, targets: await findTargets({ hosts: ['127.0.0.1'] }) });
    expect(fleet.devices.every(({ plan }) => devices.has(plan.uuid))).toBe(true);
  });

  it('is watched: who says good-bye is gone, who says hello is back', async () => {
    const stopping = new AbortController();
    const news: DiscoveryNews[] = [];
    const device = fleet.devices[0]!;
    const { uuid } = device.plan;
    const watching = (async () => {
      const options = { targets: [], listenS: 0.5, watchEveryS: 30, isWatching: true, isWanted: isLoopback };
      for await (const piece of discover({ ...options, signal: stopping.signal, logger: testLogger })) news.push(piece);
    })();
    const count = (type: 'device' | 'gone') =>
      news.filter((piece) => piece.type === type && (piece.type === 'device' ? piece.device.key : piece.key) === uuid)
        .length;
    await until('the device is found', () => count('device') > 0);
    await using own = await startDiscovery({ devices: [], logger: testLogger, host: '127.0.0.1', port: 0 });
    own.bye(device.discoverable);
    await until('it is gone', () => count('gone') === 1);
    const before = count('device');
    own.hello(device.discoverable);
    await until('it is back', () => count('device') > before);
    stopping.abort();
    await watching;
    expect(news.at(-1)?.type).toBe('end');
  });
});

describe('hosts that are asked one by one', () => {
  const good = (host: string): Discoverable => ({
    uuid: crypto.randomUUID(),
    xaddrs: `http://${host}/onvif/device_service`,
    scopes: ['onvif://www.onvif.org/name/good', 'onvif://www.onvif.org/hardware/G1'],
    probes: ['transmitter'],
    isUp: () => true,
  });

  it('are told apart from hostile ones, which hide nobody', async () => {
    const port = await freePort();
    const hosts = ['127.9.0.1', '127.9.0.2', '127.9.0.3', '127.9.0.4', '127.9.0.5', '127.9.0.6'] as const;
    const decent = good(hosts[0]);
    const honest = (question: string) =>
      isFor(question, 'NetworkVideoTransmitter')
        ? [answer({ ...decent, scopes: decent.scopes.join(' '), relatesTo: idIn(question) })]
        : [];
    await using opened = new AsyncDisposableStack();
    opened.use(await respond(hosts[0], port, honest));
    // Floods with devices that are not there.
    opened.use(
      await respond(hosts[1], port, (question) =>
        Array.from({ length: 700 }, (_, at) =>
          answer({ relatesTo: idIn(question), xaddrs: `http://${hosts[1]}:${1000 + at}/x` }),
        ),
      ),
    );
    // Takes the good one's id, and says that it is at the good one's address.
    opened.use(
      await respond(hosts[2], port, (question) => [
        answer({ ...decent, scopes: 'onvif://www.onvif.org/name/evil', relatesTo: idIn(question) }),
      ]),
    );
    // Rubbish of every kind.
    opened.use(
      await respond(hosts[3], port, () => [
        '',
        '<',
        'nonsense',
        Buffer.alloc(60_000, '<a>'),
        Buffer.from([0xff, 0xfe, 0, 1]),
        '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
      ]),
    );
    const uuid = crypto.randomUUID();
    // Breaks off in the middle, with an entity bomb before it and a control character for terminals in its name.
    opened.use(
      await respond(hosts[4], port, (question) => {
        const whole = answer({
          uuid,
          scopes: 'onvif://www.onvif.org/name/half%1B%5B31m onvif://www.onvif.org/hardware/H',
          relatesTo: idIn(question),
          xaddrs: `http://${hosts[4]}/x`,
        });
        return [`<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>${whole.slice(0, whole.indexOf('<d:XAddrs>'))}`];
      }),
    );
    // A printer.
    opened.use(
      await respond(hosts[5], port, (question) => [
        answer({
          types: 'wsdp:Device pri:PrintDeviceType',
          relatesTo: idIn(question),
          xaddrs: `http://${hosts[5]}:5357/x`,
        }),
      ]),
    );

    const { devices, tally } = await search({ port, targets: await findTargets({ ranges: ['127.9.0.0/29'] }) });
    const of = (host: string) => [...devices.values()].filter((device) => device.host === host);
    expect(of(hosts[0])).toMatchObject([
      {
        key: decent.uuid,
        name: 'good',
        model: 'G1',
        services: [decent.xaddrs],
        doubts: [expect.stringContaining(hosts[2])],
      },
    ]);
    expect(of(hosts[1]).length).toBe(128);
    expect(of(hosts[2])).toMatchObject([
      { key: `${decent.uuid}@${hosts[2]}`, name: 'evil', services: [], saysItIsAt: [decent.xaddrs] },
    ]);
    expect(of(hosts[2])[0]?.doubts).toHaveLength(2);
    expect(of(hosts[3])).toEqual([]);
    expect(of(hosts[4])).toMatchObject([{ name: 'half [31m', model: 'H', services: [] }]);
    expect(of(hosts[5])).toMatchObject([{ isOnvif: false, kinds: ['other'] }]);
    expect(tally.repliesRefused).toBeGreaterThan(500);
    expect(tally.unreadable).toBeGreaterThan(3);
  });

  it('are one device where two addresses name each other', async () => {
    const port = await freePort();
    const [first, second] = ['127.9.1.1', '127.9.1.2'];
    const uuid = crypto.randomUUID();
    const both = `http://${first}/onvif/device_service http://${second}/onvif/device_service`;
    const tell = (question: string) => [answer({ uuid, xaddrs: both, relatesTo: idIn(question) })];
    await using _first = await respond(first!, port, tell);
    await using _second = await respond(second!, port, tell);
    const { devices } = await search({ port, targets: await findTargets({ hosts: [first!, second!] }) });
    expect([...devices.values()]).toMatchObject([{ key: uuid, addresses: expect.arrayContaining([first, second]) }]);
  });

  it('are known by their service where they change their id with each answer', async () => {
    const port = await freePort();
    const tell = (question: string) => [
      answer({ xaddrs: 'http://127.9.2.1/onvif/device_service', relatesTo: idIn(question) }),
    ];
    await using _changing = await respond('127.9.2.1', port, (question) => [...tell(question), ...tell(question)]);
    const { devices } = await search({ port, targets: await findTargets({ hosts: ['127.9.2.1'] }) });
    expect(devices.size).toBe(1);
  });

  it('are asked each question until they answer, and said to be in doubt where they answer another', async () => {
    const port = await freePort();
    await using late = await respond('127.9.3.1', port, (question) =>
      isFor(question, 'NetworkVideoTransmitter') || isFor(question, 'Device')
        ? []
        : [answer({ relatesTo: `urn:uuid:${crypto.randomUUID()}`, xaddrs: 'http://127.9.3.1/x' })],
    );
    const { devices } = await search({ port, targets: await findTargets({ hosts: ['127.9.3.1'] }) });
    expect([...devices.values()][0]?.doubts).toEqual(['it answered a question that nobody asked']);
    expect(late.asked()).toBe(3);
  });

  it('are asked for their time over HTTP where they are silent otherwise', async () => {
    await using fleet = await startSmallFleet({
      count: 2,
      makes: [makeWith('plain', {}), makeWith('digest-only', {})],
    });
    const ports = fleet.devices.map(({ onvif }) => onvif.port);
    const [plain, locked] = await Promise.all(
      ports.map(async (port) =>
        search({
          port: await freePort(),
          ports: [port, await freePort()],
          targets: await findTargets({ hosts: ['127.0.0.1'] }),
        }),
      ),
    );
    expect([...plain!.devices.values()]).toMatchObject([
      { host: '127.0.0.1', port: ports[0], answeredTo: ['knock'], doubts: ['it names no id'] },
    ]);
    expect([...locked!.devices.values()][0]?.doubts).toContainEqual(
      expect.stringContaining('wants a login even for its clock'),
    );
  });

  it('are watched round by round: who answers stays, who falls silent is gone', async () => {
    const port = await freePort();
    const tell = (question: string) => [answer({ uuid: 'stays', relatesTo: idIn(question) })];
    await using stays = await respond('127.9.6.1', port, tell);
    const goes = await respond('127.9.6.2', port, (question) => [answer({ uuid: 'goes', relatesTo: idIn(question) })]);
    const stopping = new AbortController();
    const gone: string[] = [];
    const found = new Set<string>();
    const watching = (async () => {
      const targets = await findTargets({ ranges: ['127.9.6.0/26'] });
      const options = { targets, port, listenS: 0.2, watchEveryS: 0.1, isWatching: true, packetsPerS: 2000 };
      for await (const piece of discover({
        ...options,
        signal: stopping.signal,
        logger: testLogger,
        isWanted: isLoopback,
      })) {
        if (piece.type === 'device') found.add(piece.device.key);
        if (piece.type === 'gone') gone.push(`${piece.key} ${piece.why}`);
      }
    })();
    await until('both are found', () => found.size === 2);
    await goes[Symbol.asyncDispose]();
    const before = stays.asked();
    await until('one is gone', () => gone.length > 0);
    await until('the other was asked on', () => stays.asked() > before + 2);
    stopping.abort();
    await watching;
    expect(gone).toEqual(['goes silent']);
  });

  it('are told as they answer when the search is broken off', async () => {
    const port = await freePort();
    await using _responder = await respond('127.9.4.1', port, (question) => [answer({ relatesTo: idIn(question) })]);
    const stopping = new AbortController();
    let found = 0;
    const news = discover({
      signal: stopping.signal,
      logger: testLogger,
      port,
      listenS: 30,
      targets: await findTargets({ hosts: ['127.9.4.1'] }),
    });
    for await (const piece of news) {
      if (piece.type === 'device') found++;
      stopping.abort();
    }
    expect(found).toBe(1);
  });
});

describe('ranges', () => {
  it('go without the network’s own address and its broadcast', async () => {
    expect(await findTargets({ ranges: ['10.0.0.5/30'] })).toEqual([
      { address: '10.0.0.5', family: 4 },
      { address: '10.0.0.6', family: 4 },
    ]);
    expect(await findTargets({ hosts: ['10.0.0.9', '[fe80::1%lo]'], ranges: ['10.0.0.9/32'] })).toHaveLength(2);
  });

  it.each([
    ['10.0.0.0/15', 'range-too-large'],
    ['10.0.0.0', 'invalid-value'],
    ['10.0.0.0/33', 'invalid-value'],
    ['fd00::/64', 'invalid-value'],
    ['239.0.0.0/24', 'invalid-value'],
    ['0.0.0.0/24', 'invalid-value'],
    ['nonsense/24', 'invalid-value'],
  ])('%s is refused as %s', async (range, code) => {
    await expect(findTargets({ ranges: [range] })).rejects.toMatchObject({ code });
  });

  it('are counted together', async () => {
    const ranges = ['10.0.0.0/16', '10.1.0.0/24'];
    await expect(findTargets({ ranges })).rejects.toMatchObject({ code: 'range-too-large' });
  });

  it('are asked at most as many packets a second as was said', async () => {
    const port = await freePort();
    const times: number[] = [];
    await using _responder = await respond('127.9.5.1', port, () => {
      times.push(performance.now());
      return [];
    });
    const targets = Array.from({ length: 300 }, () => ({ address: '127.9.5.1', family: 4 as const }));
    const { tally } = await search({ port, targets, packetsPerS: 400, listenS: 0.5 });
    const most = Math.max(...times.map((start) => times.filter((time) => time >= start && time < start + 1000).length));
    expect(tally.asked).toBe(1800);
    expect(most).toBeLessThanOrEqual(420);
  });
});
