/** `model add <name>`: fetches a known model from its publisher, and installs it once it is proven to be that. */
import { mkdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { fingerprint } from '../detectors/fingerprint.ts';
import { openDetector } from '../detectors/open.ts';
import { FaultError } from '../schema/fault.ts';
import type { ModelManifest } from '../schema/model-manifest.ts';
import { addModel, checkFree } from './add.ts';
import { downloadOf } from './downloads.ts';
import { FETCH_LIMITS, type FetchLimits, type FetchProgress, fetchFile } from './fetch-file.ts';
import { KNOWN_MODELS } from './known.ts';
import type { CatalogModel } from './manifest-file.ts';

/** What is about to be fetched, for a person to read before it starts. */
export type FetchPlan = {
  manifest: ModelManifest;
  url: string;
  licenceUrl: string | null;
  /** Null where nobody stated it. */
  bytes: number | null;
  sha256: string | null;
};

/**
 * `from` is a mirror: the address of a folder, or of the very file (.onnx). A mirror's file must have the publisher's
 * SHA-256 too. Throws FaultError `model-missing` where the name or its address is not known, `invalid-value`.
 */
export function planFetch(name: string, from?: string): FetchPlan {
  const manifest = KNOWN_MODELS.find((known) => known.name === name);
  if (manifest === undefined) {
    const names = KNOWN_MODELS.map((known) => known.name).join(', ');
    throw new FaultError('model-missing', `no public model "${name}" is known; known are: ${names}`, {
      about: { model: name },
      cure: 'Add one of those, or a file of your own: ./sharp-eyes model add --file x.onnx --like yolox.',
    });
  }
  const download = downloadOf(name);
  const url = from === undefined ? download?.url : mirrored(from, manifest.file);
  if (url === undefined) {
    throw new FaultError('model-missing', `${manifest.source} publishes no ONNX file of ${name} that we know of`, {
      about: { model: name },
      cure: `Name where it lies with --from URL. ${byHand(manifest, 'Or export it yourself')}`,
    });
  }
  return {
    manifest,
    url,
    licenceUrl: download?.licenceUrl ?? null,
    bytes: download?.bytes ?? null,
    sha256: download === undefined ? (manifest.sha256 ?? null) : (download.sha256 ?? null),
  };
}

function mirrored(from: string, file: string): string {
  const base = URL.parse(from);
  if (base === null || !/^https?:$/.test(base.protocol) || base.username !== '' || base.password !== '') {
    throw new FaultError('invalid-value', '--from expects the address of a folder or file, http(s) and without a user');
  }
  if (base.pathname.endsWith('.onnx')) return base.href;
  if (!base.pathname.endsWith('/')) base.pathname += '/';
  return new URL(file, base).href;
}

export type FetchModelOptions = {
  plan: FetchPlan;
  modelsDir: string;
  limits?: Partial<FetchLimits>;
  onProgress?: (progress: FetchProgress) => void;
  signal?: AbortSignal;
};

/**
 * Fetches to `<modelsDir>/<name>.onnx.part`, which stays after a cut. A file with the wrong SHA-256 or the wrong shapes is
 * removed, for it would never become right. Throws FaultError `already-exists`, `download-…`, `disk-full`,
 * `model-checksum`, a mismatch naming the field.
 */
export async function fetchModel({ plan, modelsDir, limits, ...rest }: FetchModelOptions): Promise<CatalogModel> {
  const { manifest, url, bytes } = plan;
  checkFree(manifest.name, modelsDir);
  mkdirSync(modelsDir, { recursive: true });
  const part = resolve(modelsDir, `${manifest.name}.onnx.part`);
  // Without a SHA-256 nobody would notice that the end is of another file than the beginning.
  if (plan.sha256 === null) rmSync(part, { force: true });
  try {
    await fetchFile({ ...rest, url, path: part, bytes: bytes ?? undefined, limits: { ...FETCH_LIMITS, ...limits } });
  } catch (error) {
    throw withHand(error, plan);
  }
  try {
    return await install({ plan, part, modelsDir });
  } finally {
    rmSync(part, { force: true });
  }
}

async function install({ plan, part, modelsDir }: { plan: FetchPlan; part: string; modelsDir: string }) {
  const { manifest, url } = plan;
  const sha256 = await fingerprint(part);
  if (plan.sha256 !== null && plan.sha256 !== sha256) {
    const message = `${url} has the SHA-256 ${sha256}, expected ${plan.sha256}; it was removed and nothing was added`;
    throw new FaultError('model-checksum', message, {
      about: { model: manifest.name, url, found: sha256 },
      cure: 'Try again; if it stays so, the file there is another one: do not use it, and fetch from another place with --from.',
    });
  }
  // As the known manifest says, not as the file does: what is pinned unseen must at least have the known shapes.
  await (await openDetector({ manifest: { ...manifest, sha256 }, path: part }))[Symbol.asyncDispose]();
  const source = `${manifest.source} (${url})`;
  return addModel({ file: part, like: manifest, name: manifest.name, modelsDir, source });
}

/** The same fault, with the way by hand for this model. */
function withHand(error: unknown, { manifest, url }: FetchPlan): unknown {
  if (!(error instanceof FaultError) || !error.code.startsWith('download-')) return error;
  const cure = `${error.cure} ${byHand(manifest, `By hand: fetch ${downloadOf(manifest.name)?.url ?? url} on another machine`)}`;
  return new FaultError(error.code, error.message, { cause: error.cause, about: error.about, cure });
}

const byHand = ({ name, file }: ModelManifest, first: string) =>
  `${first}, then ./sharp-eyes model add --file ${file} --like ${name} --name ${name}`;
