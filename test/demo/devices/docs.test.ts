import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { VIRTUAL_CAMERAS_PATH, virtualCamerasPage } from '#demo/devices/docs.ts';
import { FAULT_TABLE } from '#demo/devices/fault-table.ts';
import { MAKES } from '#demo/devices/make.ts';

describe('the page on virtual cameras', () => {
  it('is what the tables of faults and makes say now', () => {
    expect(readFileSync(VIRTUAL_CAMERAS_PATH, 'utf8')).toBe(virtualCamerasPage());
  });

  it('names each fault and each make once', () => {
    for (const ids of [FAULT_TABLE.map(({ id }) => id), MAKES.map(({ id }) => id)]) {
      expect(new Set<string>(ids).size).toBe(ids.length);
    }
  });
});
