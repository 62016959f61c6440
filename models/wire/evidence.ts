/**
 * Pictures of an alert on their way: what is asked of the worker that has the camera (`CONTROL.evidence`), where it says
 * they can be fetched, and the bundle that is fetched. A bundle is the length of its JSON (u32, big-endian), the JSON
 * `{about, parts: [{name, bytes}]}`, and the bytes of the parts in that order.
 */
import Type, { type Static } from 'typebox';
import { checker } from '../schema/check.ts';
import { Box } from '../schema/detection.ts';
import { FaultError } from '../schema/fault.ts';
import { TimeMs } from '../schema/id.ts';

export const EVIDENCE_CONTENT_TYPE = 'application/x-sharp-eyes-evidence';
/** A ring of packets and what is made of it; more is none of ours. */
export const BUNDLE_MAX_BYTES = 256 * 1024 ** 2;
export const CLIP_MAX_MS = 120_000;

export const EvidenceRequest = Type.Object({
  alert: Type.String({ pattern: '^[a-f0-9]{24}$' }),
  fromMs: TimeMs,
  toMs: TimeMs,
  atMs: { ...TimeMs, description: 'Of the frame that decided: the still' },
  boxes: Type.Array(Box, { maxItems: 20, description: 'Framed in the still' }),
});
export type EvidenceRequest = Static<typeof EvidenceRequest>;

export const EvidenceInvitation = Type.Object({ url: Type.String({ maxLength: 2000 }), expiresAtMs: Type.Integer() });
export type EvidenceInvitation = Static<typeof EvidenceInvitation>;

/** What a worker says of the pictures it made. */
export const EvidenceAbout = Type.Object({
  fromMs: { ...TimeMs, description: 'First picture of the clip: a keyframe before what was asked for' },
  toMs: TimeMs,
  stillAtMs: TimeMs,
  codec: Type.String({ description: 'Of the unblurred clip; the blurred one is always H.264' }),
  pictures: Type.Integer({ minimum: 0 }),
  blurredWhole: Type.Integer({ minimum: 0, description: 'Pictures blurred altogether, because nobody looked then' }),
  cutMs: Type.Number(),
  blurMs: Type.Number(),
});
export type EvidenceAbout = Static<typeof EvidenceAbout>;

/** `clip` and `still` are blurred; the others are what the camera saw, less what its privacy masks cover. */
export const EVIDENCE_PARTS = ['clip', 'still', 'unblurredClip', 'unblurredStill'] as const;
export type EvidencePart = (typeof EVIDENCE_PARTS)[number];

export type Bundle<About> = { about: About; parts: Record<string, Buffer> };

export function encodeBundle(about: unknown, parts: Readonly<Record<string, Uint8Array>>): Buffer {
  const named = Object.entries(parts);
  const json = Buffer.from(
    JSON.stringify({ about, parts: named.map(([name, { length }]) => ({ name, bytes: length })) }),
  );
  const head = Buffer.alloc(4);
  head.writeUInt32BE(json.length);
  return Buffer.concat([head, json, ...named.map(([, bytes]) => bytes)]);
}

const Part = Type.Object({ name: Type.String(), bytes: Type.Integer({ minimum: 0 }) });
const checkHead = checker(
  'a bundle of pictures',
  Type.Object({ about: Type.Unknown(), parts: Type.Array(Part, { maxItems: 8 }) }),
);

/** Throws FaultError `invalid-value`, or what `checkAbout` throws, for bytes that are no such bundle. */
export function decodeBundle<About>(bytes: Buffer, checkAbout: (value: unknown) => About): Bundle<About> {
  const end = 4 + (bytes.length < 4 ? 0 : bytes.readUInt32BE(0));
  if (end === 4 || end > bytes.length) throw new FaultError('invalid-value', 'a bundle of pictures is cut off');
  const head = checkHead(JSON.parse(bytes.toString('utf8', 4, end)));
  const parts: Record<string, Buffer> = {};
  let at = end;
  for (const { name, bytes: length } of head.parts) {
    if (at + length > bytes.length) throw new FaultError('invalid-value', `a bundle is cut off in "${name}"`);
    parts[name] = bytes.subarray(at, at + length);
    at += length;
  }
  return { about: checkAbout(head.about), parts };
}
