import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ALERT_COLUMNS, type AlertRead, asAlert } from '#analytics/store/alerts/rows.ts';
import { ALERTS_STREAM } from '#models/wire/streams.ts';
import { type Broker, ensureStream, openBroker } from '#system/broker.ts';
import { openStoreClient } from '#system/store-client.ts';
import { alertEvent, alertOf, incidentEvent, publishEvents } from '#test/site/alert-events.ts';
import { startAlerts } from '#test/site/alerts.ts';
import { type Site, startSite, testLogger, until } from '#test/site/site.ts';
import { startStore } from '#test/site/store.ts';

describe('the alerts process', () => {
  let site: Site;
  let broker: Broker;
  let reader: ClickHouseClient;
  beforeAll(async () => {
    site = await startSite();
    await startStore(site);
    broker = await openBroker(site.config, 'analytics', { logger: testLogger, name: 'test' });
    await ensureStream(broker, ALERTS_STREAM);
    await publishEvents(broker, [alertEvent('before it started')]);
    await startAlerts(site);
    reader = openStoreClient(site.config, 'reader');
  });
  afterAll(async () => {
    await reader.close();
    await broker[Symbol.asyncDispose]();
    await site[Symbol.asyncDispose]();
  });

  const rows = async <Row>(query: string): Promise<Row[]> =>
    (await reader.query({ query, format: 'JSONEachRow' })).json<Row>();
  const count = async (table: string) =>
    Number((await rows<{ n: string }>(`SELECT count() AS n FROM sharp_eyes.${table} FINAL`))[0]?.n);

  it('stores what was raised before it started and what comes after, each once', async () => {
    await publishEvents(broker, [alertEvent('a'), incidentEvent('a'), incidentEvent('a', { revision: 2, alerts: 2 })]);
    await until('both alerts', async () => (await count('alerts')) === 2);
    await until('the incident', async () => (await count('incidents')) === 1);
    expect(await rows('SELECT revision, alerts FROM sharp_eyes.incidents FINAL')).toEqual([{ revision: 2, alerts: 2 }]);
  });

  it('gives an alert back from its row as it came', async () => {
    const alert = alertOf('whole', { atMs: 1_795_000_000_123 });
    await publishEvents(broker, [alertEvent('whole', { atMs: 1_795_000_000_123 })]);
    const select = `SELECT ${ALERT_COLUMNS} FROM sharp_eyes.alerts FINAL WHERE id = '${alert.id}'`;
    await until('its row', async () => (await rows(select)).length === 1);
    expect((await rows<AlertRead>(select)).map(asAlert)).toEqual([alert]);
  });

  it('passes over what is no event, and goes on', async () => {
    await broker.stream.publish('sharpeyes.alerts._._._._._.info', 'no event');
    await publishEvents(broker, [alertEvent('after it')]);
    await until('the next', async () => (await count('alerts')) === 4);
  });

  it('loses and doubles nothing when it is killed while events come', async () => {
    const names = Array.from({ length: 300 }, (_, index) => `killed-${index}`);
    await publishEvents(
      broker,
      names.slice(0, 150).map((name) => alertEvent(name)),
    );
    const pid = site.children.status().find(({ name }) => name === 'alerts')?.pid;
    process.kill(pid ?? 0, 'SIGKILL');
    await publishEvents(
      broker,
      names.slice(150).map((name) => alertEvent(name)),
    );
    await until('all', async () => (await count('alerts')) === 304);
  });

  it('shows analysts each alert with its areas, and incidents with what became of them', async () => {
    const [log] = await rows<{ district: string; decided_ms: string }>(
      `SELECT district, decided_ms FROM sharp_eyes.alert_log WHERE id = '${alertOf('a').id}'`,
    );
    expect({ district: log?.district, decidedMs: Number(log?.decided_ms) }).toEqual({
      district: 'lixia',
      decidedMs: 100,
    });
    expect(await rows(`SELECT state, alerts FROM sharp_eyes.incident_log`)).toEqual([{ state: 'open', alerts: 2 }]);
    expect(await rows(`SELECT rule, toUInt32(incidents) AS incidents FROM sharp_eyes.rule_precision`)).toEqual([
      { rule: 'red-line', incidents: 1 },
    ]);
  });
});
