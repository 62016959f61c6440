import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addModel } from '#models/catalog/add.ts';
import { checkModel } from '#models/catalog/check-model.ts';
import { KNOWN_MODELS } from '#models/catalog/known.ts';
import { listModels } from '#models/catalog/list.ts';
import { resolveModel } from '#models/catalog/resolve.ts';
import { checker } from '#models/schema/check.ts';
import { ModelManifest } from '#models/schema/model-manifest.ts';
import { writeFixedModel } from '#test/site/fixed-model.ts';
import { onnxFile } from '#test/site/onnx-file.ts';

let folder: string;
let modelsDir: string;
let materialDir: string;
let builtInDir: string;
beforeEach(() => {
  folder = mkdtempSync(resolve(tmpdir(), 'sharp-eyes-catalog-'));
  modelsDir = resolve(folder, 'models');
  materialDir = resolve(folder, 'material');
  builtInDir = resolve(folder, 'built-in');
  mkdirSync(builtInDir);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const places = () => ({ modelsDir, materialDir, builtInDir });
const CAR = { kind: 'car', score: 0.8, box: [0.25, 0.25, 0.5, 0.25] } as const;
const writeCar = (name: string, where = modelsDir) => writeFixedModel(where, name, [{ ...CAR, box: [...CAR.box] }]);

/** A file with the outputs of YOLOX for one size, all empty. */
function writeYolox(size: number, classes = 80): string {
  const cells = [8, 16, 32].reduce((sum, stride) => sum + (size / stride) ** 2, 0);
  const dims = [1, cells, 5 + classes];
  const path = resolve(folder, 'My Street Model.onnx');
  const data = new Float32Array(cells * (5 + classes));
  const input = { name: 'pixels', dims: [1, 3, size, size] };
  writeFileSync(path, onnxFile({ input, outputs: [{ name: 'output', dims, data }] }));
  return path;
}

describe('a model is found', () => {
  test('by its name among added ones, by the path of its manifest, and by the path of its file', () => {
    const manifestPath = writeCar('cars');
    const file = resolve(modelsDir, 'cars.onnx');
    for (const name of ['cars', manifestPath, file]) {
      expect(resolveModel({ name, ...places() })).toMatchObject({ manifest: { name: 'cars' }, path: file });
    }
  });

  test('without a name, the first whose file is there', () => {
    mkdirSync(resolve(materialDir, 'models'), { recursive: true });
    writeFileSync(resolve(materialDir, 'models/nanodet_m_416.onnx'), '');
    expect(resolveModel({ name: '', ...places() }).manifest.name).toBe('nanodet-m-416');
    writeCar('cars');
    expect(resolveModel({ name: '', ...places() }).manifest.name).toBe('cars');
  });

  test.each([
    ['', /no model is there: looked into .*models and .*material/],
    ['yolox-tiny', /yolox_tiny\.onnx from Megvii/],
    ['yolox-nan', /there is no model "yolox-nan"; none is there/],
    ['/nowhere/x.onnx', /there is no file \/nowhere\/x\.onnx/],
  ])('"%s" that is not there is said so', (name, words) => {
    const find = () => resolveModel({ name, ...places() });
    expect(find).toThrow(words);
    expect(find).toThrow(expect.objectContaining({ code: 'model-missing' }));
  });

  test('a name that is nearly right gets the right one as the cure', () => {
    writeCar('cars');
    expect(() => resolveModel({ name: 'carz', ...places() })).toThrow(
      expect.objectContaining({ cure: 'Did you mean cars?' }),
    );
  });
});

describe('a model that comes with us', () => {
  beforeEach(() => {
    writeCar('eyes-wide', resolve(builtInDir, 'eyes'));
    writeCar('eyes', resolve(builtInDir, 'eyes'));
  });

  test('is there without anything else, its first manifest before its variants', () => {
    expect(resolveModel({ name: '', ...places() }).manifest.name).toBe('eyes');
    expect(resolveModel({ name: 'eyes-wide', ...places() }).path).toBe(resolve(builtInDir, 'eyes', 'eyes-wide.onnx'));
    expect(listModels(places()).map(({ name, origin }) => [name, origin])).toEqual([
      ['eyes', 'built-in'],
      ['eyes-wide', 'built-in'],
      ...KNOWN_MODELS.map(({ name }) => [name, 'known']),
    ]);
  });

  test('comes after an added one, which also takes its name', () => {
    writeCar('eyes');
    expect(resolveModel({ name: '', ...places() }).path).toBe(resolve(modelsDir, 'eyes.onnx'));
    expect(listModels(places()).filter(({ name }) => name === 'eyes')).toMatchObject([{ origin: 'added' }]);
  });
});

describe('a manifest that is not valid', () => {
  const spoil = (text: (manifest: string) => string) => {
    const path = writeCar('cars');
    writeFileSync(path, text(readFileSync(path, 'utf8')));
  };

  test.each([
    ['a wrong value', (text: string) => text.replace('width: 64', 'width: wide'), /\/input\/width/],
    ['an unknown field', (text: string) => `${text}colour: rgb\n`, /cars\.yaml is not valid/],
    ['a class beyond the count', (text: string) => text.replace('classCount: 6', 'classCount: 3'), /\/classes\/3/],
    ['no YAML', () => 'name: [', /cars\.yaml is not valid/],
  ])('(%s) is named with its place, and does not hide the other models', (_what, change, words) => {
    spoil(change);
    writeCar('others');
    expect(() => resolveModel({ name: 'cars', ...places() })).toThrow(words);
    expect(resolveModel({ name: '', ...places() }).manifest.name).toBe('others');
    const listed = listModels(places()).find(({ name }) => name === 'cars');
    expect(listed?.problem).toMatch(words);
  });
});

test('the list has added models first, and the known ones with whether their file is there', () => {
  writeCar('cars');
  const listed = listModels(places());
  expect(listed.map(({ name }) => name)).toEqual(['cars', ...KNOWN_MODELS.map(({ name }) => name)]);
  expect(listed[0]).toMatchObject({ origin: 'added', isPresent: true, size: '64x64', licence: 'Apache-2.0' });
  expect(listed.slice(1).every(({ isPresent, origin }) => !isPresent && origin === 'known')).toBe(true);
});

test('every known manifest is valid', () => {
  const check = checker('a known manifest', ModelManifest);
  for (const manifest of KNOWN_MODELS) expect(check(manifest)).toBe(manifest);
});

describe('adding a model', () => {
  test('copies the file, writes its SHA-256, and takes size and input from the file', async () => {
    const added = await addModel({ file: writeYolox(64), like: 'yolox', modelsDir });
    expect(added.path).toBe(resolve(modelsDir, 'my-street-model.onnx'));
    expect(added.manifest).toMatchObject({
      name: 'my-street-model',
      decoder: 'yolox',
      licence: 'unknown',
      input: { name: 'pixels', width: 64, height: 64 },
    });
    expect(resolveModel({ name: 'my-street-model', ...places() })).toEqual(added);
    expect((await checkModel({ name: 'my-street-model', ...places(), runs: 1 })).detections).toEqual([]);
  });

  test('refuses a file that cannot be like that, and leaves nothing behind', async () => {
    const file = writeYolox(64, 10);
    const adding = addModel({ file, like: 'yolox', modelsDir });
    await expect(adding).rejects.toMatchObject({ code: 'model-classes', about: { field: 'classCount' } });
    expect(existsSync(modelsDir)).toBe(false);
    const named = { classCount: 10, classes: { 3: 'bus' } } as const;
    expect((await addModel({ file, like: 'yolox', modelsDir, ...named })).manifest.classes).toEqual({ 3: 'bus' });
  });

  test('refuses a name that is taken, and one that is no id', async () => {
    const file = writeYolox(64);
    await addModel({ file, like: 'yolox', name: 'streets', modelsDir });
    const again = (name: string, like = 'yolox') => addModel({ file, like, name, modelsDir });
    await expect(again('streets')).rejects.toMatchObject({ code: 'already-exists' });
    await expect(again('Straße')).rejects.toMatchObject({ code: 'invalid-value' });
    await expect(again('other', 'yolo9000')).rejects.toThrow(/--like expects one of .*yolov8.*got "yolo9000"/);
  });

  test('a file that was changed afterwards is noticed', async () => {
    const { path } = await addModel({ file: writeYolox(64), like: 'yolox', name: 'streets', modelsDir });
    writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.from([0])]));
    await expect(checkModel({ name: 'streets', ...places() })).rejects.toMatchObject({ code: 'model-checksum' });
  });
});

describe('checking a model', () => {
  test('runs a picture, measures it, and draws what it found', async () => {
    writeCar('cars');
    const picture = resolve(folder, 'street.png');
    const annotate = resolve(folder, 'street-drawn.png');
    await sharp({ create: { width: 200, height: 160, channels: 3, background: '#404040' } })
      .png()
      .toFile(picture);
    const checked = await checkModel({ name: 'cars', ...places(), picture, annotate, runs: 3 });
    expect(checked).toMatchObject({ runs: 3, picture: { width: 200, height: 160 }, annotated: annotate });
    expect(checked.detections).toHaveLength(1);
    expect(checked.detections[0]?.box).toEqual(CAR.box);
    expect(checked.medianMs).toBeGreaterThan(0);
    expect(checked.p95Ms).toBeGreaterThanOrEqual(checked.medianMs);
    const { data } = await sharp(annotate).raw().toBuffer({ resolveWithObject: true });
    const pixel = (x: number, y: number) => [...data.subarray((y * 200 + x) * 3, (y * 200 + x) * 3 + 3)];
    expect(pixel(50, 60)).not.toEqual([64, 64, 64]);
    expect(pixel(100, 70)).toEqual([64, 64, 64]);
  });

  test('says what is wrong with the picture', async () => {
    writeCar('cars');
    const check = (picture: string) => checkModel({ name: 'cars', ...places(), picture });
    await expect(check(resolve(folder, 'none.png'))).rejects.toMatchObject({ code: 'file-missing' });
    await expect(check(resolve(modelsDir, 'cars.yaml'))).rejects.toMatchObject({ code: 'file-unreadable' });
  });
});
