/** Opens a detector: an ONNX file, fed and read as its manifest says, after both were checked against each other. */
import type { Frame as AvFrame } from 'node-av/lib';
import type { Detection } from '../schema/detection.ts';
import type { ExecutionProvider } from '../schema/execution-provider.ts';
import { KINDS } from '../schema/kind.ts';
import type { ModelManifest } from '../schema/model-manifest.ts';
import { Candidates } from './candidates.ts';
import { type Decode, describeDims, type Output } from './decode/decoder.ts';
import { CREATE_DECODE } from './decode/decoders.ts';
import type { Detector, InputSize } from './detector.ts';
import { createFeed, type Feed } from './feed.ts';
import { checkFingerprint } from './fingerprint.ts';
import type { Fit } from './fit.ts';
import { checkInput, dimsOf, type InputPlan, runBlank } from './input-plan.ts';
import { mismatch } from './mismatch.ts';
import { type OutputTensor, openSession, type Port, type Session } from './session.ts';
import { openSessionApart } from './session-apart.ts';
import { suppress } from './suppress.ts';

type OpenOptions = {
  manifest: ModelManifest;
  path: string;
  /** Of the computing; more than one helps less than more processes do. */
  threads?: number;
  /** Tried in this order; where none serves the CPU does, and `runtime` says why. Absent: the CPU. */
  providers?: readonly ExecutionProvider[];
  /** Computes on a thread of its own: whoever reads cameras as well is not held up. */
  isApart?: boolean;
};

/**
 * Throws FaultError `model-missing`, `model-checksum`, or that of the mismatch (`mismatch.ts`), naming the manifest's field.
 * Unless it is apart, the detector runs on the calling thread and blocks it while it computes.
 */
export async function openDetector({ manifest, path, threads = 1, ...rest }: OpenOptions): Promise<Detector> {
  const { providers, isApart = false } = rest;
  await checkFingerprint(manifest, path);
  await using stack = new AsyncDisposableStack();
  const wanted = { threads, ...(providers === undefined ? {} : { providers }) };
  const session = stack.use(
    isApart
      ? await openSessionApart({ path, manifest, ...wanted })
      : await openSession(path, {
          ...{ model: manifest.name, ...wanted },
          prove: (session) => runBlank(session, manifest),
        }),
  );
  const input = checkInput(manifest, session.inputs);
  const outputs = chooseOutputs(manifest, session.outputs);
  const sizes = sizesOf(manifest, { input, inputs: session.inputs });
  const outputNames = outputs.map(({ name }) => name);
  const looks = sizes.map((size) => {
    const sized = withSize(manifest, size);
    const decode = CREATE_DECODE[manifest.decoder](sized, outputs);
    const parts = { manifest: sized, session, decode, outputNames, input: atSize(input, size) };
    return createLook(parts, (feed) => owned.use(feed));
  });
  const owned = stack.move();
  return {
    manifest,
    runtime: session.runtime,
    maxBatch: input.maxBatch,
    sizes,
    async detect(pictures, { scoreMin = manifest.scoreMin, size = 0 } = {}) {
      const look = looks[size];
      if (look === undefined) throw new RangeError(`model ${manifest.name} has no size ${size}`);
      return await look(pictures, scoreMin);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

type SizeParts = { input: InputPlan; inputs: readonly Port[] };

/** Larger sizes take as many pixels at once as the manifest's own. */
function sizesOf(manifest: ModelManifest, { input, inputs }: SizeParts): InputSize[] {
  const { width, height, layout, larger = [] } = manifest.input;
  const dims = inputs.find(({ name }) => name === input.name)?.dims ?? [];
  const isOpen = (layout === 'nchw' ? dims.slice(2) : dims.slice(1, 3)).every((dim) => dim === null);
  if (larger.length > 0 && !isOpen) {
    throw mismatch(manifest.name, 'input.larger', { expected: 'open width and height', found: describeDims(dims) });
  }
  return [{ width, height }, ...larger].map((size) => {
    const share = (width * height) / (size.width * size.height);
    return { ...size, maxBatch: Math.max(1, Math.floor(input.maxBatch * share)) };
  });
}

const withSize = (manifest: ModelManifest, { width, height }: { width: number; height: number }): ModelManifest => ({
  ...manifest,
  input: { ...manifest.input, width, height },
});

const atSize = (input: InputPlan, { maxBatch }: InputSize): InputPlan =>
  input.isBatchFixed ? input : { ...input, maxBatch, feedBatch: maxBatch };

function chooseOutputs(manifest: ModelManifest, outputs: readonly Port[]): Port[] {
  const names = manifest.outputs ?? outputs.map(({ name }) => name);
  return names.map((wanted) => {
    const port = outputs.find(({ name }) => name === wanted);
    const found = outputs.map(({ name }) => name).join(', ');
    if (port === undefined) throw mismatch(manifest.name, 'outputs', { expected: wanted, found });
    if (port.type !== 'float32') {
      throw mismatch(manifest.name, 'outputs', { expected: `float32 in ${wanted}`, found: port.type });
    }
    return port;
  });
}

type LookParts = {
  manifest: ModelManifest;
  session: Session;
  decode: Decode;
  input: InputPlan;
  outputNames: string[];
};

type Look = (pictures: readonly AvFrame[], scoreMin: number) => Promise<Detection[][]>;

/** Its feed is made when the first picture of this size comes, and handed to `own`. */
function createLook({ manifest, session, decode, input, outputNames }: LookParts, own: (feed: Feed) => Feed): Look {
  const found = new Candidates();
  const dims = dimsOf(manifest.input);
  let feed: Feed | undefined;
  return async (pictures, scoreMin) => {
    if (pictures.length === 0) return [];
    if (pictures.length > input.maxBatch) {
      throw new RangeError(`${pictures.length} pictures for model ${manifest.name}, which takes ${input.maxBatch}`);
    }
    feed ??= own(createFeed(manifest.input, input.feedBatch, session.allocate));
    const { data: all, slotSize, fill } = feed;
    const fits = pictures.map((picture, slot) => fill(slot, picture));
    const batch = input.isBatchFixed ? input.feedBatch : pictures.length;
    const data = all.subarray(0, batch * slotSize);
    const tensors = await session.run({ name: input.name, data, dims: [batch, ...dims] });
    return fits.map((fit, slot) => {
      const outputs = outputNames.map((name) => outputOf(tensors[name]!, slot));
      found.clear();
      decode(outputs, scoreMin, found);
      return toDetections(found, fit, manifest.iouMax);
    });
  };
}

/** The part of a tensor that belongs to picture `slot`: its first dimension is the batch. */
function outputOf(tensor: OutputTensor, slot: number): Output {
  const dims = tensor.dims.slice(1);
  const size = dims.reduce((product, dim) => product * dim, 1);
  return { data: tensor.data.subarray(slot * size, (slot + 1) * size), dims };
}

/** Fractions of the picture, cut at its edges; what lies wholly in the padding is none. */
function toDetections(found: Candidates, fit: Fit, iouMax: number): Detection[] {
  const detections: Detection[] = [];
  const cut = (value: number) => Math.min(1, Math.max(0, value));
  for (const at of suppress(found, iouMax)) {
    const left = cut(((found.left[at] as number) - fit.left) / fit.width);
    const top = cut(((found.top[at] as number) - fit.top) / fit.height);
    const width = cut(((found.right[at] as number) - fit.left) / fit.width) - left;
    const height = cut(((found.bottom[at] as number) - fit.top) / fit.height) - top;
    if (width <= 0 || height <= 0) continue;
    const kind = KINDS[found.kind[at] as number] as Detection['kind'];
    detections.push({ kind, score: Math.min(1, found.score[at] as number), box: [left, top, width, height] });
  }
  return detections;
}
