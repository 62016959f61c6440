/**
 * Looks at a camera's pictures where they are decoded anyway: about one a second is shrunk and diagnosed, and at the
 * moment of a finding a small JPEG is kept as its proof, in memory and only while the finding holds.
 */
import { crc32 } from 'node:zlib';
import type { Frame as AvFrame, Packet } from 'node-av/lib';
import { createJpegEncoder } from '#ingest/live/jpeg.ts';
import type { Picture } from '#ingest/live/view.ts';
import type { FindingName, PictureFinding } from '#models/schema/picture-finding.ts';
import type { Logger } from '#system/logs.ts';
import { createDiagnosis, type Diagnosis, type DiagnosisOptions } from './diagnosis.ts';
import { createShrinker } from './small-picture.ts';

export type Inspector = Disposable & {
  /** Told of every packet that is a keyframe, decoded or not. */
  keyframe: (packet: Packet) => void;
  /** Whether the picture that was just decoded is to be shown to `see`. */
  wants: () => boolean;
  /** Leaves the picture to its owner. Costs 2 ms (measured at 720p). */
  see: (picture: AvFrame) => void;
  diagnosis: Diagnosis;
  findings: () => PictureFinding[];
  proofOf: (finding: FindingName) => Picture | undefined;
};

export type InspectorOptions = DiagnosisOptions & {
  camera: string;
  logger: Logger;
  /** After every picture that was looked at. */
  onSeen: () => void;
  everyS?: number;
};

const EVERY_S = 0.95;
const PROOF_WIDTH = 320;

export function createInspector(options: InspectorOptions): Inspector {
  const { camera, logger, onSeen, everyS = EVERY_S } = options;
  const diagnosis = createDiagnosis(options);
  const shrinker = createShrinker();
  const encoder = createJpegEncoder({ widthMax: PROOF_WIDTH });
  const proofs = new Map<FindingName, Picture>();
  let proving: Promise<void> | undefined;
  let isClosed = false;
  let seenAtS = Number.NEGATIVE_INFINITY;
  let keyframes = 0;
  let checksum = 0;
  const nowS = () => performance.now() / 1000;

  /** One at a time: of findings at the same moment one picture is proof enough. */
  async function prove(found: readonly FindingName[], picture: AvFrame): Promise<void> {
    try {
      const proof = { jpeg: await encoder.encode(picture), capturedAtMs: Date.now() };
      for (const finding of found) proofs.set(finding, proof);
    } catch (error) {
      logger.warn({ camera, error: (error as Error).message }, 'proof not kept');
    } finally {
      picture.free();
      proving = undefined;
      if (isClosed) encoder[Symbol.dispose]();
    }
  }

  /** A picture that cannot be shrunk is none to judge: it must not end the reading of the camera. */
  function diagnose(picture: AvFrame): FindingName[] {
    try {
      return diagnosis.see(shrinker.shrink(picture), { atS: seenAtS, keyframes, checksum });
    } catch (error) {
      logger.debug({ camera, error: (error as Error).message }, 'picture not diagnosed');
      return [];
    }
  }

  return {
    diagnosis,
    keyframe(packet) {
      keyframes++;
      if (packet.data !== null) checksum = crc32(packet.data);
    },
    wants: () => nowS() - seenAtS >= everyS,
    see(picture) {
      seenAtS = nowS();
      const raised = diagnose(picture);
      const copy = raised.length === 0 || proving !== undefined ? null : picture.clone();
      if (copy !== null) proving = prove(raised, copy);
      onSeen();
    },
    findings() {
      const findings = diagnosis.findings();
      for (const finding of proofs.keys())
        if (!findings.some((held) => held.finding === finding)) proofs.delete(finding);
      return findings.map((held) => ({ ...held, hasProof: proofs.has(held.finding) }));
    },
    proofOf: (finding) => proofs.get(finding),
    [Symbol.dispose]() {
      isClosed = true;
      proofs.clear();
      shrinker[Symbol.dispose]();
      if (proving === undefined) encoder[Symbol.dispose]();
    },
  };
}
