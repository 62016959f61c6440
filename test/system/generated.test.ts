import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { CONFIG_KEYS } from '#system/config.ts';
import { CONFIG_EXAMPLE_PATH, configExample } from '#system/config-example.ts';
import { TROUBLESHOOTING_PATH, troubleshootingPage } from '#system/troubleshooting.ts';

describe('generated pages', () => {
  it('docs/config.example.yaml is what the schema says now', () => {
    expect(readFileSync(CONFIG_EXAMPLE_PATH, 'utf8')).toBe(configExample());
    expect(Object.keys(parse(configExample()))).toEqual(CONFIG_KEYS);
  });

  it('docs/troubleshooting.md lists every fault code with its cure', () => {
    expect(readFileSync(TROUBLESHOOTING_PATH, 'utf8')).toBe(troubleshootingPage());
  });
});
