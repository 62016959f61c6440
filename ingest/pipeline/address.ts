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
  /** Told of every look once, as soon as there is a message of it: early, or with what it stands for. */
  onLook?: (message: DetectionMessage) => void;
};

export type Addressing = {
  /** A look is told before its span is whole: the next span goes by the same id, and says the same of it. */
  early: (span: Span) => void;
  address: (spans: AsyncIterable<Span>) => AsyncGenerator<DetectionMessage>;
};

export function addressing(sender: Sender): Addressing {
  const { onLook = () => {} } = sender;
  /** Of the look that was told early, until its span comes. */
  let reserved: Head | undefined;
  return {
    early(span) {
      reserved = headOf(span, sender);
      onLook({ ...reserved, ...span });
    },
    async *address(spans) {
      for await (const span of spans) {
        const message = { ...(reserved ?? headOf(span, sender)), ...span };
        if (reserved === undefined) onLook(message);
        reserved = undefined;
        yield message;
      }
    },
  };
}

type Head = Omit<DetectionMessage, keyof Span>;

function headOf(span: Span, sender: Sender): Head {
  const { camera } = sender;
  const [revision, sequence] = [sender.term(), sender.nextSequence()];
  return {
    ...{ version: 1, id: messageId(camera, revision, sequence), camera, revision, sequence },
    ...{ areaPath: sender.areaPath(), model: sender.model() },
    ...sender.sightOf?.(span),
  };
}

export function recordOf(message: DetectionMessage): SpoolRecord {
  return {
    subject: detectionsSubject(message.areaPath, message.camera),
    id: message.id,
    data: encodeMessage(message),
  };
}
