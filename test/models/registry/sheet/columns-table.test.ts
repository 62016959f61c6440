import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { columnsTable } from '#models/registry/sheet/columns-table.ts';
import { ROOT_DIR } from '#system/config.ts';

describe('docs/cameras.md', () => {
  it('lists every column of a camera sheet as it is read', () => {
    expect(readFileSync(resolve(ROOT_DIR, 'docs/cameras.md'), 'utf8')).toContain(`\n${columnsTable()}\n`);
  });
});
