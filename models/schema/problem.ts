/** Errors as the outside sees them: RFC 9457 problem details with a code of ours and a cure. */
import Type, { type Static } from 'typebox';

export const Problem = Type.Object({
  type: Type.String({ description: 'A URI that names the kind of problem: urn:sharp-eyes:<code>' }),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String({ description: 'What failed, what was expected, what came' }),
  code: Type.String({ description: 'Stands in the troubleshooting page' }),
  cure: Type.Optional(Type.String({ description: 'What to do' })),
  instance: Type.Optional(Type.String()),
});
export type Problem = Static<typeof Problem>;
