import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { KNOWN_MODELS } from '#models/catalog/known.ts';
import { listModels } from '#models/catalog/list.ts';
import { MEASURED, measuredOf } from '#models/catalog/measured.ts';
import type { ModelManifest } from '#models/schema/model-manifest.ts';
import { ROOT_DIR } from '#system/config.ts';

const nowhere = { modelsDir: '/nowhere/models', materialDir: '/nowhere' };

describe('the measured figures of a model', () => {
  test('are those of the first table of docs/models.md', () => {
    const [first = ''] = readFileSync(resolve(ROOT_DIR, 'docs/models.md'), 'utf8').split('\n## ');
    const rows = first.split('\n').filter((line) => line.startsWith('| ') && !/^\| (model|---) /.test(line));
    const cells = rows.map((row) => row.split('|').map((cell) => cell.trim()));
    expect(cells.map(([, name, size, , , person, car, time]) => [name, size, person, car, time])).toEqual(
      MEASURED.map(({ name, size, personAp50, carAp50, timeOfYoloxNano }) => [
        name,
        size,
        personAp50?.toFixed(3) ?? '–',
        carAp50?.toFixed(3) ?? '–',
        timeOfYoloxNano?.toFixed(2) ?? '–',
      ]),
    );
  });

  test('stand in the list beside the model and where it comes from', () => {
    const listed = listModels(nowhere);
    const of = (name: string) => listed.find((entry) => entry.name === name);
    expect(of('eyes-nano')).toMatchObject({ measured: { personAp50: 0.939, size: '544x320' }, url: null });
    expect(of('eyes-nano-wide')).toMatchObject({ measured: { personAp50: 0.939, size: '640x384' } });
    expect(of('yolox-s')).toMatchObject({ measured: null, url: expect.stringContaining('yolox_s.onnx') });
    expect(of('nanodet-m-416')).toMatchObject({ measured: { carAp50: 0.873 }, url: null });
  });

  test('are not those of another file, or of another size', () => {
    const [nano] = KNOWN_MODELS as [ModelManifest];
    expect(measuredOf(nano)?.name).toBe('yolox-nano');
    expect(measuredOf({ ...nano, sha256: 'f'.repeat(64) })).toBeNull();
    expect(measuredOf({ input: nano.input })).toBeNull();
    expect(measuredOf({ ...nano, input: { ...nano.input, width: 640 } })).toBeNull();
  });
});
