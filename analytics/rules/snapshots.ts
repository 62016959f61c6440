/**
 * Snapshots of the engine in JetStream KV: packed, cut into parts, in two slots by turns; the head names the slot that is
 * whole. A crash in the middle of writing leaves the one before.
 */
import { createHash } from 'node:crypto';
import { deserialize, serialize } from 'node:v8';
import { gunzipSync, gzipSync } from 'node:zlib';
import { type KV, Kvm } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/nats-core';
import { BUCKETS } from '#models/wire/streams.ts';
import type { Logger } from '#system/logs.ts';

const PART_BYTES = 512 * 1024;
/** Packed; a larger one is not kept, and said to be. */
const BYTES_MAX = 64 * 1024 ** 2;
/** Shape of what is inside: another shape is not read. */
const SHAPE = 2;

export type Saved = {
  /** Last message of each stream that it has taken in. */
  detectionsSequence: number;
  looksSequence: number;
  healthSequence: number;
  /** Last event that it had published. */
  alertsSequence: number;
  engine: unknown;
  raiser: unknown;
};

type Head = { shape: number; slot: 'a' | 'b'; parts: number; sha256: string };

export type Snapshots = {
  /** Packs at once what is given: it may change right after. */
  pack: (saved: Saved) => Uint8Array;
  write: (packed: Uint8Array) => Promise<void>;
  read: () => Promise<Saved | undefined>;
};

export async function openSnapshots(connection: NatsConnection, logger: Logger): Promise<Snapshots> {
  const { name, history } = BUCKETS.ruleSnapshots;
  const bucket = await new Kvm(connection).create(name, { history, max_bytes: 4 * BYTES_MAX });
  let slot: Head['slot'] = (await readHead(bucket))?.slot ?? 'b';
  return {
    pack: (saved) => gzipSync(serialize(saved), { level: 1 }),
    async write(packed) {
      if (packed.length > BYTES_MAX) {
        logger.error({ bytes: packed.length, bytesMax: BYTES_MAX }, 'snapshot too large, the one before stays');
        return;
      }
      slot = slot === 'a' ? 'b' : 'a';
      const parts = Math.ceil(packed.length / PART_BYTES);
      for (let part = 0; part < parts; part++)
        await bucket.put(`${slot}.${part}`, packed.subarray(part * PART_BYTES, (part + 1) * PART_BYTES));
      const head: Head = { shape: SHAPE, slot, parts, sha256: sha256(packed) };
      await bucket.put('head', JSON.stringify(head));
    },
    async read() {
      const head = await readHead(bucket);
      if (head === undefined) return undefined;
      const parts: Uint8Array[] = [];
      for (let part = 0; part < head.parts; part++) {
        const entry = await bucket.get(`${head.slot}.${part}`);
        if (entry !== null) parts.push(entry.value);
      }
      const packed = Buffer.concat(parts);
      if (head.shape === SHAPE && sha256(packed) === head.sha256) return deserialize(gunzipSync(packed)) as Saved;
      logger.warn({ shape: head.shape }, 'snapshot not readable, the rules begin with what comes now');
      return undefined;
    },
  };
}

async function readHead(bucket: KV): Promise<Head | undefined> {
  const entry = await bucket.get('head');
  return entry === null || entry.operation !== 'PUT' ? undefined : entry.json<Head>();
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
