/** Where pictures of alerts are kept: named bytes, on a disk or in an S3-compatible bucket; one contract for both. */

export type StoredName = { name: string; bytes: number };

/** Names are `a-z0-9.-` with slashes. Everything throws FaultError `evidence-unreachable`, or `disk-full`. */
export type PictureStore = {
  /** Whole or not at all. */
  put: (name: string, bytes: Uint8Array) => Promise<void>;
  /** undefined where there is none. */
  read: (name: string) => Promise<Buffer | undefined>;
  /** All whose name begins so, in any order. */
  list: (prefix: string) => AsyncIterable<StoredName>;
  /** Nothing happens where there is none. */
  remove: (name: string) => Promise<void>;
  /** Bytes that may still be written there by anybody; undefined where nobody knows. */
  freeBytes: () => Promise<number | undefined>;
  close: () => void;
};

const NAME = /^[a-z0-9-]+(\.[a-z0-9-]+)*(\/[a-z0-9-]+(\.[a-z0-9-]+)*)*$/;

/** Throws where a name could lead elsewhere; names are made here, so that is a mistake of ours. */
export function demandName(name: string): string {
  if (!NAME.test(name)) throw new Error(`"${name}" is no name of a picture`);
  return name;
}
