import Type from 'typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPeople, openRegistry } from '#models/registry/registry.ts';
import { openTable } from '#models/registry/table.ts';
import { BUCKETS } from '#models/wire/streams.ts';
import { type Broker, openBroker } from '#system/broker.ts';
import { type Site, startSite, testLogger, until } from '#test/site/site.ts';

const camera = {
  id: 'gate-3',
  name: '三号门',
  source: { kind: 'rtsp' as const, url: 'rtsp://127.0.0.1/1', transport: 'tcp' as const },
  area: null,
  isEnabled: true,
  sampleFps: 5,
  isGated: true,
  fullLookIntervalS: 10,
  createdAtMs: 1,
  updatedAtMs: 1,
};

describe('the registry on a real nats-server', () => {
  let site: Site;
  let api: Broker;
  beforeAll(async () => {
    site = await startSite();
    api = await openBroker(site.config, 'api', { logger: testLogger, name: 'test-api' });
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
    await site[Symbol.asyncDispose]();
  });

  it('creates, reads, lists, guards revisions and removes', async () => {
    const { cameras } = await openRegistry(api.connection);
    const revision = await cameras.create('gate-3', camera);
    await expect(cameras.create('gate-3', camera)).rejects.toMatchObject({ code: 'already-exists' });
    expect((await cameras.get('gate-3'))?.value.name).toBe('三号门');
    const next = await cameras.put('gate-3', { ...camera, name: 'North gate' }, revision);
    await expect(cameras.put('gate-3', camera, revision)).rejects.toMatchObject({ code: 'changed-meanwhile' });
    expect(next).toBeGreaterThan(revision);
    expect((await cameras.list()).map((entry) => entry.value.name)).toEqual(['North gate']);
    await cameras.remove('gate-3');
    expect(await cameras.get('gate-3')).toBeUndefined();
    expect(await cameras.list()).toEqual([]);
  });

  it('lists every key once also while values are written all the time', async () => {
    const { cameras } = await openRegistry(api.connection);
    const ids = Array.from({ length: 100 }, (_, index) => `busy-${index}`);
    const writeAll = () => Promise.all(ids.map((id) => cameras.put(id, { ...camera, id })));
    await writeAll();
    let isOver = false;
    const writing = (async () => {
      while (!isOver) await writeAll();
    })();
    for (let round = 0; round < 10; round++) {
      const keys = (await cameras.list()).map(({ key }) => key);
      expect(keys.length).toBe(new Set(keys).size);
    }
    isOver = true;
    await writing;
    for (const id of ids) await cameras.remove(id);
  });

  it('refuses a value that its schema refuses, before it is written', async () => {
    const { cameras } = await openRegistry(api.connection);
    await expect(async () => cameras.put('bad', { ...camera, sampleFps: -1 })).rejects.toThrow(/sampleFps/);
    expect(await cameras.get('bad')).toBeUndefined();
  });

  it('watches: first what is there, then "current", then every change, and ends when aborted', async () => {
    const { cameras } = await openRegistry(api.connection);
    await cameras.put('a', { ...camera, id: 'a' });
    const controller = new AbortController();
    const seen: string[] = [];
    for await (const change of cameras.watch({ signal: controller.signal })) {
      seen.push(change.type === 'current' ? 'current' : `${change.type} ${change.key}`);
      if (change.type === 'current') await cameras.put('b', { ...camera, id: 'b' });
      if (change.type === 'put' && change.key === 'b') await cameras.remove('b');
      if (change.type === 'removed' && seen.includes('put b')) controller.abort();
    }
    expect(seen.slice(seen.indexOf('put a'))).toEqual(['put a', 'current', 'put b', 'removed b']);
  });

  it('passes over a value that it cannot read, and still tells all others', async () => {
    const { areas } = await openRegistry(api.connection);
    const raw = await openTable(api.connection, Type.Unknown(), BUCKETS.areas);
    const ring = [
      [117, 36],
      [117.01, 36],
      [117, 36.01],
      [117, 36],
    ];
    const geometry = { type: 'Polygon' as const, coordinates: [ring] };
    await raw.put('bad', { from: 'another version' });
    await areas.put('good', { id: 'good', name: 'Good', level: 'grid', parent: null, geometry, version: 1 });
    expect((await areas.list()).map(({ key }) => key)).toEqual(['good']);
    expect(await areas.get('bad')).toBeUndefined();
    const seen: string[] = [];
    for await (const change of areas.watch({ signal: AbortSignal.timeout(60_000) })) {
      if (change.type === 'current') break;
      seen.push(change.key);
    }
    expect(seen).toEqual(['good']);
  });

  it('keeps people and tokens from every role but the API', async () => {
    await openPeople(api.connection);
    for (const role of ['ingest', 'analytics'] as const) {
      await using broker = await openBroker(site.config, role, { logger: testLogger, name: `test-${role}` });
      await expect(openPeople(broker.connection)).rejects.toThrow();
      await expect(openRegistry(broker.connection)).resolves.toBeDefined();
    }
  });

  it('shows people and answers to no role beside the API, whatever it subscribes to or makes', async () => {
    const { users } = await openPeople(api.connection);
    const stolen: string[] = [];
    const refused = new Set<string>();
    const ears = [
      ['ingest', '$KV.>'],
      ['analytics', '$KV.>'],
      ['analytics', '_INBOX_api.>'],
      ['subscriber', '_INBOX.>'],
      ['subscriber', '_INBOX_api.>'],
    ] as const;
    await using stack = new AsyncDisposableStack();
    for (const [role, subject] of ears) {
      const { connection } = stack.use(await openBroker(site.config, role, { logger: testLogger, name: 'ear' }));
      const callback = (error: Error | null, message: { string: () => string }) => {
        if (error !== null) refused.add(`${role} ${subject}`);
        else stolen.push(message.string());
      };
      connection.subscribe(subject, { callback });
      await connection.flush();
    }
    const { connection } = stack.use(await openBroker(site.config, 'ingest', { logger: testLogger, name: 'hand' }));
    const copy = { name: 'copy', storage: 'file', sources: [{ name: `KV_${BUCKETS.users.name}` }] };
    for (const [call, body] of [
      ['STREAM.CREATE.copy', copy],
      ['STREAM.DELETE.KV_sharpeyes_cameras', {}],
      ['STREAM.PURGE.KV_sharpeyes_cameras', {}],
      ['STREAM.UPDATE.KV_sharpeyes_states', { ...copy, name: 'KV_sharpeyes_states' }],
    ] as const) {
      await expect(
        connection.request(`$JS.API.${call}`, JSON.stringify(body), { timeout: 20_000 }),
        call,
      ).rejects.toThrow(/permission/i);
    }
    const person = { id: 'eve', name: 'Eve', roles: ['officer' as const], scope: [], isEnabled: true, createdAtMs: 1 };
    await users.put('eve', { ...person, passwordHash: 'a-hash-that-nobody-may-see' });
    expect(await users.get('eve')).toBeDefined();
    await until('the broker refused every one', () => refused.size === ears.length);
    expect(stolen).toEqual([]);
  });
});
