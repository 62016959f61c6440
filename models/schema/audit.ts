/** The audit log as people see it: its entries, and whether it is still what was written. */
import Type, { type Static } from 'typebox';

const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'YYYY-MM-DD, UTC' });

export const AuditVerification = Type.Object({
  isIntact: Type.Boolean(),
  lines: Type.Integer({ minimum: 0, description: 'Chained lines that were followed' }),
  unchained: Type.Integer({ minimum: 0, description: 'Lines of before the log was chained: nothing vouches for them' }),
  first: Type.Optional(Day),
  last: Type.Optional(Day),
  broken: Type.Optional(
    Type.Object({
      file: Type.String(),
      line: Type.Integer({ minimum: 0, description: 'From 1; 0: the file as a whole' }),
      seq: Type.Optional(Type.Integer({ description: 'Its number in the chain' })),
      what: Type.String(),
    }),
  ),
});
export type AuditVerification = Static<typeof AuditVerification>;

export const VerifyQuery = Type.Object({ from: Type.Optional(Day) }, { additionalProperties: false });

export const AuditQuery = Type.Object(
  {
    from: Type.Optional(Day),
    to: Type.Optional(Day),
    user: Type.Optional(Type.String({ maxLength: 200 })),
    action: Type.Optional(Type.String({ maxLength: 100, description: 'An action or its beginning: evidence.' })),
    text: Type.Optional(Type.String({ maxLength: 200, description: 'Anything that stands in the line' })),
    limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }),
  },
  { additionalProperties: false },
);
export type AuditQuery = Static<typeof AuditQuery>;

/** The latest first. */
export const AuditList = Type.Object({
  entries: Type.Array(Type.Record(Type.String(), Type.Unknown())),
  hasMore: Type.Boolean(),
});
export type AuditList = Static<typeof AuditList>;
