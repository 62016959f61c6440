/** Spans become messages: whose they are, under which lease they were seen, and where they go. */
import type { SpoolRecord } from '#ingest/spool/segment.ts';
import type { AreaPath } from '#models/schema/area.ts';
import type { DetectionMessage } from '#models/schema/detection.ts';
import { encodeMessage, messageId } from '#models/wire/codec.ts';
import { detectionsSubject } from '#models/wire/subjects.ts';
import type { Span } from './compose.ts';

export type Sender = {
  camera: string;
  /** Asked for every message: areas are edited and leases renewed while the camera runs. */
  areaPath: () => AreaPath;
  term: () => number;
  model: () => string;
  /** Which calibration what was seen is placed by; nothing: the camera's only one. */
  sightOf?: (span: Span) => Pick<DetectionMessage, 'isViewMoved' | 'calibrationVersion'>;
  /** Never gives a number twice under one term, also where the camera's pipeline is started anew. */
  nextSequence: () => number;
};

export async function* address(spans: AsyncIterable<Span>, sender: Sender): AsyncGenerator<DetectionMessage> {
  for await (const span of spans) {
    const revision = sender.term();
    const sequence = sender.nextSequence();
    yield {
      version: 1,
      id: messageId(sender.camera, revision, sequence),
      camera: sender.camera,
      revision,
      sequence,
      areaPath: sender.areaPath(),
      model: sender.model(),
      ...sender.sightOf?.(span),
      ...span,
    };
  }
}

export function recordOf(message: DetectionMessage): SpoolRecord {
  return {
    subject: detectionsSubject(message.areaPath, message.camera),
    id: message.id,
    data: encodeMessage(message),
  };
}
