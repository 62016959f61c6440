/** The log of changes: who changed which camera, when, and what it was before. */
import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import { StoredChange } from '../schema/camera-change.ts';
import { checker } from '../schema/check.ts';
import { encodeMessage } from '../wire/codec.ts';
import { CHANGES_STREAM } from '../wire/streams.ts';
import { changesSubject } from '../wire/subjects.ts';

export type ChangeLog = {
  append: (change: StoredChange) => Promise<void>;
  last: (camera: string) => Promise<StoredChange | undefined>;
  /** Newest first; all that is kept of a camera. */
  of: (camera: string) => Promise<StoredChange[]>;
};

const READ_TIMEOUT_MS = 5000;
const checkChange = checker('the change', StoredChange);
const decoder = new TextDecoder();

export function openChangeLog({ stream, manager }: { stream: JetStreamClient; manager: JetStreamManager }): ChangeLog {
  return {
    async append(change) {
      await stream.publish(changesSubject(change.camera), encodeMessage(change));
    },
    async last(camera) {
      const message = await manager.streams.getMessage(CHANGES_STREAM.name, { last_by_subj: changesSubject(camera) });
      return message === null ? undefined : read(message.data);
    },
    async of(camera) {
      const consumer = await stream.consumers.get(CHANGES_STREAM.name, { filter_subjects: changesSubject(camera) });
      const { num_pending: count } = await consumer.info();
      const changes: StoredChange[] = [];
      if (count === 0) return changes;
      const messages = await consumer.fetch({ max_messages: count, expires: READ_TIMEOUT_MS });
      for await (const message of messages) {
        const change = read(message.data);
        if (change !== undefined) changes.push(change);
      }
      return changes.reverse();
    },
  };
}

/** Undefined for one that a newer version wrote and this one cannot read. */
function read(bytes: Uint8Array): StoredChange | undefined {
  try {
    return checkChange(JSON.parse(decoder.decode(bytes)));
  } catch (error) {
    process.emitWarning(`a change of a camera is passed over: ${(error as Error).message}`);
    return undefined;
  }
}
