import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configEnvironment, describeConfig, loadConfig, ROOT_DIR } from '#system/config.ts';

function configFile(text: string): { SHARP_EYES_CONFIG: string } {
  const path = resolve(mkdtempSync(resolve(tmpdir(), 'sharp-eyes-config-')), 'sharp-eyes.yaml');
  writeFileSync(path, text);
  return { SHARP_EYES_CONFIG: path };
}

describe('loadConfig', () => {
  it('takes defaults, then the file, then the environment', () => {
    const file = configFile('apiPort: 9001\nsampleFps: 2\n');
    const config = loadConfig({ ...file, SHARP_EYES_SAMPLE_FPS: '3', NATS_URL: 'nats://broker:4222' });
    expect(config).toMatchObject({ apiPort: 9001, sampleFps: 3, natsUrl: 'nats://broker:4222', storePort: 8123 });
  });

  it('takes a list from the file, or from the environment with commas, and hands it on as it is', () => {
    const config = loadConfig(configFile('mediaDirs: [/srv/video, clips]\n'));
    expect(config.mediaDirs).toEqual(['/srv/video', resolve(ROOT_DIR, 'clips')]);
    expect(loadConfig({ SHARP_EYES_MEDIA_DIRS: '/a, /b' }).mediaDirs).toEqual(['/a', '/b']);
    expect(loadConfig(configEnvironment(config))).toEqual(config);
    const plain = loadConfig({ SHARP_EYES_DATA_DIR: '/var/eyes', SHARP_EYES_MATERIAL_DIR: '/material' });
    expect(plain.mediaDirs).toEqual(['/material/footage', '/var/eyes/media']);
    expect(() => loadConfig(configFile('mediaDirs: /srv/video\n'))).toThrow(/mediaDirs must be array/);
  });

  it('names the nearest key for an unknown one, in the file and in the environment', () => {
    expect(() => loadConfig(configFile('apiPrt: 9001\n'))).toThrow(/"apiPrt".*did you mean "apiPort"/);
    expect(() => loadConfig({ SHARP_EYES_API_PROT: '1' })).toThrow(/did you mean "SHARP_EYES_API_PORT"/);
  });

  it('names the key whose value is out of range or of another type', () => {
    expect(() => loadConfig({ SHARP_EYES_API_PORT: '70000' })).toThrow(/apiPort must be <= 65535/);
    expect(() => loadConfig({ SHARP_EYES_WORKERS: 'many' })).toThrow(/workers must be integer/);
    expect(() => loadConfig({ SHARP_EYES_IS_GATED: 'perhaps' })).toThrow(/isGated must be boolean/);
    expect(() => loadConfig(configFile('- a list\n'))).toThrow(/should hold "key: value" lines/);
    expect(() => loadConfig({ SHARP_EYES_CONFIG: '/nowhere.yaml' })).toThrow(/does not exist/);
  });

  it('takes execution providers by name, and names the nearest one for a name that is none', () => {
    expect(loadConfig({}).executionProviders).toEqual(['cpu']);
    expect(loadConfig({ SHARP_EYES_EXECUTION_PROVIDERS: 'cuda, cpu' }).executionProviders).toEqual(['cuda', 'cpu']);
    expect(() => loadConfig(configFile('executionProviders: [cudda, cpu]\n'))).toThrow(
      /executionProviders: .*"cudda"; did you mean "cuda"/,
    );
    expect(() => loadConfig(configFile('executionProviders: cuda\n'))).toThrow(/executionProviders must be array/);
  });

  it('takes groups of a provider from the file or as JSON, and hands them on as they are', () => {
    const groups = { duty: { roles: ['officer'], scope: ['lixia'] } };
    const provider = { SHARP_EYES_OIDC_ISSUER: 'https://id.city.test', SHARP_EYES_OIDC_CLIENT_ID: 'eyes' };
    const config = loadConfig({ ...provider, SHARP_EYES_OIDC_GROUPS: JSON.stringify(groups) });
    expect(config.oidcGroups).toEqual(groups);
    expect(loadConfig(configEnvironment(config))).toEqual(config);
    expect(() => loadConfig({ ...provider, SHARP_EYES_OIDC_GROUPS: 'duty' })).toThrow(/oidcGroups must be object/);
    const wrong = JSON.stringify({ duty: { roles: ['emperor'] } });
    expect(() => loadConfig({ ...provider, SHARP_EYES_OIDC_GROUPS: wrong })).toThrow(/oidcGroups\/duty\/roles\/0/);
  });

  it('refuses a provider that could let nobody in, or that anybody on the line could play', () => {
    const load = (issuer: string, more: Record<string, string> = {}) =>
      loadConfig({
        SHARP_EYES_OIDC_ISSUER: issuer,
        SHARP_EYES_OIDC_CLIENT_ID: 'eyes',
        SHARP_EYES_OIDC_GROUPS: '{"duty":{"roles":["officer"]}}',
        ...more,
      });
    expect(() => load('http://id.city.test')).toThrow(/plain http/);
    expect(load('http://id.city.test', { SHARP_EYES_OIDC_HTTP_ALLOWED: 'true' }).oidcHttpAllowed).toBe(true);
    for (const host of ['localhost', '127.0.0.1', '[::1]'])
      expect(load(`http://${host}:9000`).oidcClientId).toBe('eyes');
    expect(() => load('id.city.test')).toThrow(/is no URL/);
    expect(() => load('https://id.city.test', { SHARP_EYES_OIDC_CLIENT_ID: '' })).toThrow(/oidcClientId is not/);
    expect(() => load('https://id.city.test', { SHARP_EYES_OIDC_GROUPS: '{}' })).toThrow(/oidcGroups is empty/);
  });

  it('covers passwords inside URLs when it is shown', () => {
    const config = loadConfig({ CLICKHOUSE_URL: 'http://writer:s3cret@db:8123' });
    expect(JSON.stringify(describeConfig(config))).not.toContain('s3cret');
  });
});
