/** What a removal of areas is asked with, and what it says. */
import Type, { type Static } from 'typebox';
import { Id } from './id.ts';

export const AreaRemovalQuery = Type.Object(
  {
    withBelow: Type.Optional(Type.Boolean({ description: 'Also every area below it' })),
    althoughPublished: Type.Optional(
      Type.Boolean({ description: 'Although the newest published division has it; that version keeps it' }),
    ),
    dryRun: Type.Optional(Type.Boolean({ description: 'Say what would be removed, or why not, and change nothing' })),
  },
  { additionalProperties: false },
);
export type AreaRemovalQuery = Static<typeof AreaRemovalQuery>;

export const AreaRemoval = Type.Object({
  isDryRun: Type.Boolean(),
  removed: Type.Array(Id, { description: 'The deepest first' }),
  totals: Type.Integer({ description: 'Imported totals that went with them' }),
});
export type AreaRemoval = Static<typeof AreaRemoval>;
