import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBroker } from '#system/broker.ts';
import { configEnvironment, ROOT_DIR } from '#system/config.ts';
import { answerControl } from '#system/control.ts';
import { createMetrics } from '#system/metrics.ts';
import { type ApiSite, startApi } from '#test/api/api-site.ts';
import { testLogger } from '#test/site/site.ts';
import { startStore } from '#test/site/store.ts';

type Finding = { about: string; isWell: boolean; isWarning?: boolean; says: string; cure?: string };

describe('doctor', () => {
  let api: ApiSite;
  beforeAll(async () => {
    api = await startApi({ materialDir: '/nowhere' });
    await startStore(api.site);
  });
  afterAll(() => api[Symbol.asyncDispose]());

  /** The command as it is run against the site, or another place and token. */
  async function ask(more: NodeJS.ProcessEnv, flags: string[] = []): Promise<{ code: number | null; text: string }> {
    const env = { ...process.env, ...configEnvironment(api.config), SHARP_EYES_URL: api.url, ...more };
    const child = spawn(process.execPath, [resolve(ROOT_DIR, 'cli/main.ts'), 'doctor', ...flags], { env });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    const code = await new Promise<number | null>((done) => child.once('close', done));
    return { code, text };
  }

  async function findingsFor(more: NodeJS.ProcessEnv): Promise<Finding[]> {
    const { code, text } = await ask(more, ['--json']);
    expect(code).toBe(1);
    const findings = JSON.parse(text) as Finding[];
    for (const finding of findings.filter(({ isWell }) => !isWell)) {
      expect(finding.says).not.toBe('');
      expect({ ...finding, words: finding.cure?.split(' ').length ?? 0 }).toSatisfy(({ words }) => words >= 4);
    }
    return findings;
  }

  it('says of every part that is missing what to do, once, and of the others since when they are well', async () => {
    const findings = await findingsFor({});
    const said = findings.map(({ says }) => says);
    expect(said).toContain('no ingest process answers: no camera is looked at');
    expect(said).toContain('no analytics process answers: detections wait in NATS and are not counted');
    expect(new Set(said).size).toBe(said.length);
    expect(findings.find(({ about }) => about.startsWith('store-'))).toMatchObject({ isWell: true });
    expect(findings.find(({ about }) => about === 'model-missing')).toBeUndefined();
  });

  it.each([
    ['nobody answers', { SHARP_EYES_URL: 'http://127.0.0.1:1' }, /\.\/sharp-eyes up/],
    ['the token is not known', { SHARP_EYES_TOKEN: 'se_nothing' }, /cli-token/],
  ])('says what to do when %s', async (_what, env, cure) => {
    const site = (await findingsFor(env)).find(({ about }) => about === 'site');
    expect(site).toMatchObject({ isWell: false, cure: expect.stringMatching(cure) });
  });

  it('says that a server of another cannot be reached from here, without its password', async () => {
    const { natsPort } = api.config;
    const env = {
      NATS_URL: `nats://eyes:s3cret@127.0.0.1:${natsPort}`,
      CLICKHOUSE_URL: 'http://eyes:s3cret@127.0.0.1:1',
    };
    const findings = await findingsFor(env);
    expect(findings.find(({ about }) => about === 'broker')).toMatchObject({
      isWell: true,
      says: `127.0.0.1:${natsPort} can be reached`,
    });
    expect(findings.find(({ about }) => about === 'ClickHouse')).toMatchObject({
      isWell: false,
      says: expect.stringContaining('ECONNREFUSED'),
      cure: expect.stringContaining('CLICKHOUSE_URL'),
    });
    expect(JSON.stringify(findings)).not.toContain('s3cret');
  });

  it('says whose token it needs when the one it has may not ask', async () => {
    const env = { SHARP_EYES_TOKEN: await api.enrol('wei', ['analyst']) };
    const site = (await findingsFor(env)).find(({ about }) => about === 'site');
    expect(site?.cure).toContain('administrator or operator');
  });

  it('says what a model runs on, and in a note why it is not what was asked for', async () => {
    const { text } = await ask({ SHARP_EYES_EXECUTION_PROVIDERS: 'openvino,cpu' });
    expect(text).toMatch(
      /^NOTE provider +eyes-nano runs on cpu, not on openvino as asked .*\n +what to do: .*executionProviders/m,
    );
    const { text: plain } = await ask({});
    expect(plain).toMatch(/^ ok {2}provider +eyes-nano runs on cpu; ONNX Runtime for .* knows cpu/m);
  });

  it('passes on in a note what a process that is well warns of', async () => {
    await using broker = await openBroker(api.config, 'ingest', { logger: testLogger, name: 'warning' });
    const warnings = [{ code: 'provider-unavailable', message: 'it runs on cpu', cure: 'Install what it wants.' }];
    const health = { role: 'ingest', process: 'worker-9', isWell: true, warnings, startedAtMs: 1, details: {} };
    answerControl(broker.connection, { metrics: createMetrics('ingest'), health: () => health });
    await broker.connection.flush();
    const finding = (await findingsFor({})).find(({ about }) => about === 'provider-unavailable');
    expect(finding).toMatchObject({
      isWarning: true,
      says: 'worker-9: it runs on cpu',
      cure: 'Install what it wants.',
    });
  });

  it('prints the cure below what is wrong', async () => {
    const { text } = await ask({});
    expect(text).toMatch(/^BAD {2}process-missing +no ingest process answers.*\n +what to do: Start it: /m);
    expect(text).toMatch(/^ ok {2}node /m);
  });
});
