import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, expect, test } from 'vitest';
import { countParts } from '#models/detectors/profile.ts';
import { onnxFile } from '#test/site/onnx-file.ts';

const folder = mkdtempSync(resolve(tmpdir(), 'sharp-eyes-counted-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function profileOf(name: string, events: object[]): string {
  const place = resolve(folder, name);
  mkdirSync(place);
  writeFileSync(resolve(place, 'run_1.json'), JSON.stringify(events));
  return place;
}

test('each operator of a model counts once, however often it ran, for the provider that computed it', () => {
  const node = (name: string, provider: string) => ({ cat: 'Node', name, dur: 5, args: { provider } });
  const place = profileOf('shared', [
    { cat: 'Session', name: 'model_run', args: {} },
    node('conv_1_kernel_time', 'CUDAExecutionProvider'),
    node('conv_1_kernel_time', 'CUDAExecutionProvider'),
    node('resize_2_kernel_time', 'CPUExecutionProvider'),
    node('conv_3_kernel_time', 'CUDAExecutionProvider'),
  ]);
  expect(countParts(place)).toEqual({ cuda: 2, cpu: 1 });
});

test('nothing is told of a run that computed nothing, or left no profile', () => {
  expect(countParts(profileOf('idle', [{ cat: 'Session', name: 'session_initialization', args: {} }]))).toBeUndefined();
  const empty = resolve(folder, 'empty');
  mkdirSync(empty);
  expect(countParts(empty)).toBeUndefined();
});

test('the profile that the runtime writes itself is understood', async () => {
  const place = resolve(folder, 'real');
  mkdirSync(place);
  const path = resolve(folder, 'real.onnx');
  const outputs = [{ name: 'output', dims: ['batch', 12], reshape: [0, 12] }];
  writeFileSync(path, onnxFile({ input: { name: 'images', dims: ['batch', 3, 2, 2] }, outputs }));
  const session = await InferenceSession.create(path, {
    enableProfiling: true,
    profileFilePrefix: resolve(place, 'run'),
  });
  await session.run({ images: new Tensor('float32', new Float32Array(12), [1, 3, 2, 2]) });
  session.endProfiling();
  await session.release();
  expect(countParts(place)).toEqual({ cpu: 1 });
});
