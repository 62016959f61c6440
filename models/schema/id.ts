/** Ids that are safe as a NATS subject token, a KV key, a file name and a URL part at once. */
import Type, { type Static } from 'typebox';

export const ID_PATTERN = '^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$';

export const Id = Type.String({
  pattern: ID_PATTERN,
  description: 'Lower-case letters, digits and hyphens, 1 to 64 characters; free text belongs in the name',
});
export type Id = Static<typeof Id>;

const idPattern = new RegExp(ID_PATTERN);

export function isId(text: string): boolean {
  return idPattern.test(text);
}

/** Wall clock, UTC, milliseconds since 1970. */
export const TimeMs = Type.Integer({ minimum: 0, description: 'UTC, milliseconds since 1970-01-01' });
export type TimeMs = Static<typeof TimeMs>;
