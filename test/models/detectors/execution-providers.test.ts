/** Providers that this machine has not, and one that it has: WebGPU on SwiftShader, the software Vulkan that Chromium brings. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { checkModel, type ModelCheck } from '#models/catalog/check-model.ts';
import { resolveModel } from '#models/catalog/resolve.ts';
import { builtInProviders } from '#models/detectors/execution-providers.ts';
import { openDetector } from '#models/detectors/open.ts';
import { readPicture } from '#models/detectors/picture.ts';
import { describeFallback, type ExecutionProvider, unknownProvider } from '#models/schema/execution-provider.ts';
import type { ModelManifest } from '#models/schema/model-manifest.ts';
import { ROOT_DIR } from '#system/config.ts';
import { findBrowser } from '../../dashboards/browser.ts';

const PICTURE = resolve(ROOT_DIR, 'test/golden/city/market-main-330.jpg');
const EYES_NANO = resolveModel({ name: 'eyes-nano', modelsDir: '/nowhere', materialDir: '/nowhere' });

const folder = mkdtempSync(resolve(tmpdir(), 'sharp-eyes-providers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const open = (providers?: readonly ExecutionProvider[]) =>
  openDetector({ ...EYES_NANO, ...(providers === undefined ? {} : { providers }) });
const profiles = () => readdirSync(tmpdir()).filter((name) => name.startsWith('sharp-eyes-profile-'));

describe('a model', () => {
  test('runs on the CPU where nobody asks for anything', async () => {
    await using detector = await open();
    expect(detector.runtime).toEqual({ asked: ['cpu'], provider: 'cpu', refused: [] });
    expect(describeFallback('eyes-nano', detector.runtime)).toBeUndefined();
    expect(builtInProviders()[0]).toBe('cpu');
  });

  test.skipIf(existsSync('/dev/nvidiactl'))(
    'runs on the CPU where CUDA is asked for and not there, and says so',
    async () => {
      const before = profiles();
      await using plain = await open();
      await using asked = await open(['cuda', 'cpu']);
      expect(asked.runtime).toMatchObject({ asked: ['cuda', 'cpu'], provider: 'cpu' });
      expect(asked.runtime.refused).toMatchObject([{ provider: 'cuda', why: expect.stringMatching(/cuda/i) }]);
      const fallback = describeFallback('eyes-nano', asked.runtime);
      expect(fallback?.message).toMatch(/^eyes-nano runs on cpu, not on cuda as asked \(cuda: /);
      expect(fallback?.cure).toMatch(/CUDA 12.*executionProviders/);
      using picture = await readPicture(PICTURE);
      const [expected = []] = await plain.detect([picture]);
      expect(expected.length).toBeGreaterThan(3);
      expect(await asked.detect([picture])).toEqual([expected]);
      expect(profiles()).toEqual(before);
    },
  );

  test('says of a provider that no build has what there is instead', async () => {
    await using detector = await open(['openvino']);
    expect(detector.runtime.provider).toBe('cpu');
    expect(detector.runtime.refused[0]?.why).toMatch(/has no openvino \(it has cpu/);
  });

  test('asks nothing that stands behind the CPU', async () => {
    await using detector = await open(['cpu', 'cuda']);
    expect(detector.runtime).toEqual({ asked: ['cpu', 'cuda'], provider: 'cpu', refused: [] });
  });

  test('is refused as it would be on the CPU where it is none', async () => {
    const path = resolve(folder, 'none.onnx');
    writeFileSync(path, 'this is no model');
    const { sha256: _sha256, ...manifest } = EYES_NANO.manifest;
    const opened = openDetector({ manifest, path, providers: ['cuda', 'webgpu', 'cpu'] });
    await expect(opened).rejects.toMatchObject({ code: 'model-not-onnx', about: { field: 'file' } });
  });
});

test('a name that is no provider is met with the nearest one', () => {
  expect(unknownProvider(['cuda', 'cpu'])).toBeUndefined();
  expect(unknownProvider(['cpu', 'OpenVIN'])).toMatch(/"OpenVIN"; did you mean "openvino"\? There are cpu, cuda/);
});

const browser = findBrowser();
const icd = browser === undefined ? '' : resolve(dirname(realpathSync(browser)), 'vk_swiftshader_icd.json');
const software = [icd, '/usr/lib/chromium/vk_swiftshader_icd.json'].find((path) => existsSync(path));
const isWebGpuBuilt = builtInProviders().includes('webgpu');
if (software === undefined || !isWebGpuBuilt) console.log('skipped: no software Vulkan or no WebGPU to run a model on');

describe.skipIf(software === undefined || !isWebGpuBuilt)('on WebGPU', () => {
  /** Vulkan reads its environment once: a process of its own. */
  async function check(provider: string, model: string): Promise<ModelCheck> {
    const args = ['model', 'check', model, '--picture', PICTURE, '--provider', provider, '--runs', '1', '--json'];
    const child = spawn(process.execPath, [resolve(ROOT_DIR, 'cli/main.ts'), ...args], {
      env: { ...process.env, VK_DRIVER_FILES: software, VK_ICD_FILENAMES: software },
    });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    const code = await new Promise<number | null>((done) => child.once('close', done));
    expect(code).toBe(0);
    return JSON.parse(text) as ModelCheck;
  }

  test('every operator runs there, and what it finds is what the CPU finds', async () => {
    // A twentieth of its usual input: a software card takes many seconds for all of it.
    const { path } = EYES_NANO;
    const manifest = parse(readFileSync(path.replace(/onnx$/, 'yaml'), 'utf8')) as ModelManifest;
    const small = resolve(folder, 'small.yaml');
    const input = { ...manifest.input, width: 128, height: 64 };
    writeFileSync(small, stringify({ ...manifest, name: 'small', file: path, input, scoreMin: 0.02 }));
    const places = { modelsDir: '/nowhere', materialDir: '/nowhere' };
    const cpu = await checkModel({ name: small, picture: PICTURE, runs: 1, ...places });
    const webgpu = await check('webgpu,cpu', small);
    expect(cpu.runtime).toEqual({ asked: ['cpu'], provider: 'cpu', refused: [] });
    expect(webgpu.runtime).toMatchObject({ asked: ['webgpu', 'cpu'], provider: 'webgpu', refused: [] });
    expect(Object.keys(webgpu.runtime.parts ?? {})).toEqual(['webgpu']);
    expect(webgpu.runtime.parts?.webgpu).toBeGreaterThan(50);
    expect(cpu.detections.length).toBeGreaterThan(0);
    expect(webgpu.detections.map(({ kind }) => kind)).toEqual(cpu.detections.map(({ kind }) => kind));
    for (const [index, { score, box }] of cpu.detections.entries()) {
      expect(webgpu.detections[index]?.score).toBeCloseTo(score, 3);
      box.forEach((side, at) => {
        expect(webgpu.detections[index]?.box[at]).toBeCloseTo(side, 3);
      });
    }
  });
});
