/** What is found by a few letters: cameras, areas, rules and incidents, best first. */
import Type, { type Static } from 'typebox';

export const SEARCH_TEXT_MAX = 100;
export const SEARCH_HITS_MAX = 40;

export const SearchQuery = Type.Object(
  {
    q: Type.String({
      minLength: 1,
      maxLength: SEARCH_TEXT_MAX,
      description: 'Letters of a name or an id; several words must all be found',
    }),
  },
  { additionalProperties: false },
);

export const SearchHit = Type.Object({
  what: Type.Enum(['camera', 'area', 'rule', 'incident']),
  id: Type.String(),
  name: Type.String({ description: 'As people gave it; of an incident the rule that fired' }),
  where: Type.Union([Type.String(), Type.Null()], { description: 'Name of the area it belongs to' }),
});
export type SearchHit = Static<typeof SearchHit>;

export const SearchAnswer = Type.Object({
  hits: Type.Array(SearchHit, { maxItems: SEARCH_HITS_MAX }),
  isComplete: Type.Boolean({ description: 'false: the store did not answer in time, so incidents are missing' }),
});
export type SearchAnswer = Static<typeof SearchAnswer>;
