/** A table of the registry: one JetStream KV bucket of schema-checked values, versioned and watched. */
import { type KV, type KvEntry, Kvm } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/nats-core';
import type { Static, TSchema } from 'typebox';
import { checker } from '../schema/check.ts';
import { FaultError } from '../schema/fault.ts';

export type Entry<Value> = { key: string; value: Value; revision: number };

export type Change<Value> =
  | { type: 'put'; key: string; value: Value; revision: number }
  | { type: 'removed'; key: string; revision: number }
  /** All that existed when the watch began has been told. */
  | { type: 'current' };

export type Table<Value> = {
  get: (key: string) => Promise<Entry<Value> | undefined>;
  list: () => Promise<Entry<Value>[]>;
  /** Those whose key begins with `prefix` and a dot, in one stream: thousands come in a fraction of a second. */
  listUnder: (prefix: string) => Promise<Entry<Value>[]>;
  /** What stood under the key, newest first, as far as the bucket's history keeps it; also of one that was removed. */
  versions: (key: string) => Promise<Value[]>;
  /** Throws FaultError `already-exists`. Returns the revision. */
  create: (key: string, value: Value) => Promise<number>;
  /** With `revision`, throws FaultError `changed-meanwhile` where another was faster. Returns the new revision. */
  put: (key: string, value: Value, revision?: number) => Promise<number>;
  remove: (key: string, revision?: number) => Promise<void>;
  /**
   * When the bucket was made, by the broker's clock, microseconds since 1970; makes it anew where it is gone. A bucket
   * that was lost counts its revisions from 1 again: with this before them they go on growing.
   */
  madeAtUs: () => Promise<number>;
  /** First everything that is there, then `current`, then every change until the signal aborts. */
  watch: (options: { signal: AbortSignal }) => AsyncIterable<Change<Value>>;
};

export type BucketOptions = { name: string; history: number; ttlMs?: number };

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export async function openTable<Schema extends TSchema>(
  connection: NatsConnection,
  schema: Schema,
  options: BucketOptions,
): Promise<Table<Static<Schema>>> {
  type Value = Static<Schema>;
  const check = checker(`a value of ${options.name}`, schema);
  const make = () =>
    new Kvm(connection).create(options.name, {
      history: options.history,
      ...(options.ttlMs === undefined ? {} : { ttl: options.ttlMs }),
    });
  const bucket = await make();
  /** Undefined for a value that an older or newer version wrote and this one cannot read: one bad entry hides no others. */
  const read = (entry: KvEntry): Entry<Value> | undefined => {
    try {
      return { key: entry.key, value: check(JSON.parse(decoder.decode(entry.value))), revision: entry.revision };
    } catch (error) {
      process.emitWarning(`"${entry.key}" in ${options.name} is passed over: ${(error as Error).message}`);
      return undefined;
    }
  };
  const write = (value: Value) => encoder.encode(JSON.stringify(check(value)));
  return {
    async get(key) {
      const entry = await bucket.get(key);
      return entry === null || entry.operation !== 'PUT' ? undefined : read(entry);
    },
    list: () => listEntries(bucket, read),
    async listUnder(prefix) {
      const found: Entry<Value>[] = [];
      for await (const entry of await bucket.history({ key: `${prefix}.>` })) {
        const value = entry.operation === 'PUT' ? read(entry) : undefined;
        if (value !== undefined) found.push(value);
      }
      return found;
    },
    async versions(key) {
      const values: Value[] = [];
      for await (const entry of await bucket.history({ key })) {
        const known = entry.operation === 'PUT' ? read(entry) : undefined;
        if (known !== undefined) values.unshift(known.value);
      }
      return values;
    },
    create: (key, value) =>
      guarded(bucket.create(key, write(value)), 'already-exists', `"${key}" exists already in ${options.name}`),
    put(key, value, revision) {
      if (revision === undefined) return bucket.put(key, write(value));
      return guarded(
        bucket.update(key, write(value), revision),
        'changed-meanwhile',
        `"${key}" in ${options.name} is no longer at revision ${revision}`,
      );
    },
    async remove(key, revision) {
      const removed = bucket.delete(key, revision === undefined ? {} : { previousSeq: revision });
      await guarded(removed, 'changed-meanwhile', `"${key}" in ${options.name} was changed meanwhile`);
    },
    async madeAtUs() {
      const status = await bucket.status().catch(async () => (await make()).status());
      return microseconds(status.streamInfo.created);
    },
    watch: ({ signal }) => watchEntries(bucket, read, signal),
  };
}

/** Of a time as JetStream writes it; its nanoseconds would be beyond the whole numbers that JavaScript has. */
export const microseconds = (isoTime: string) => Date.parse(isoTime) * 1000;

/** "Wrong last sequence" (code 10071) is how JetStream says that somebody else was faster. */
async function guarded<Result>(
  doing: Promise<Result>,
  code: 'already-exists' | 'changed-meanwhile',
  message: string,
): Promise<Result> {
  try {
    return await doing;
  } catch (cause) {
    if (/wrong last sequence|key exists/i.test((cause as Error).message))
      throw new FaultError(code, message, { cause });
    throw cause;
  }
}

async function listEntries<Value>(
  bucket: KV,
  read: (entry: KvEntry) => Entry<Value> | undefined,
): Promise<Entry<Value>[]> {
  // A key that is written while they are listed comes twice.
  const keys = new Set(await Array.fromAsync(await bucket.keys()));
  const found = await Promise.all([...keys].map((key) => bucket.get(key)));
  const entries = found.flatMap((entry) => (entry !== null && entry.operation === 'PUT' ? (read(entry) ?? []) : []));
  return entries.sort((a, b) => (a.key < b.key ? -1 : 1));
}

async function* watchEntries<Value>(
  bucket: KV,
  read: (entry: KvEntry) => Entry<Value> | undefined,
  signal: AbortSignal,
): AsyncGenerator<Change<Value>> {
  const watch = await bucket.watch();
  const stop = () => watch.stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    if (signal.aborted) return;
    const status = await bucket.status();
    if (status.values === 0) yield { type: 'current' };
    let isCurrent = status.values === 0;
    for await (const entry of watch) {
      const isPut = entry.operation === 'PUT';
      const value = isPut ? read(entry) : undefined;
      if (value !== undefined) yield { type: 'put', ...value };
      if (!isPut) yield { type: 'removed', key: entry.key, revision: entry.revision };
      if (!isCurrent && entry.delta === 0) {
        isCurrent = true;
        yield { type: 'current' };
      }
    }
  } finally {
    signal.removeEventListener('abort', stop);
    watch.stop();
  }
}
