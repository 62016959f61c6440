/** Which kind made up most of it. */
import { type ClaimGroup, numberOf, textOf } from './claim.ts';
import { KIND_WORDS, percent, percentZh } from './format.ts';

const SQL = `
SELECT count() AS kinds, argMax(kind, (there_h, kind)) AS most_kind, max(there_h) AS most_h, sum(there_h) AS all_h
FROM (
  SELECT kind, sum(presence_us) / 3.6e9 AS there_h FROM {{flow}} WHERE {{kind}} AND hour >= {{from}} AND hour < {{to}} GROUP BY kind
)
HAVING all_h > 0`;

export const kinds: ClaimGroup = {
  subjects: ['area', 'camera'],
  needsBelow: false,
  sql: SQL,
  say: (facts) => {
    const kind = textOf(facts, 'most_kind');
    const [count, most, all] = ['kinds', 'most_h', 'all_h'].map((name) => numberOf(facts, name) ?? 0) as [
      number,
      number,
      number,
    ];
    if (kind === null || count < 2 || all <= 0) return [];
    const words = KIND_WORDS[kind] ?? { en: kind, zh: kind };
    return [
      {
        id: 'share-of-kinds',
        text: {
          en: `${percent(most / all)} of the time that things were there fell to ${words.en}.`,
          zh: `停留时长的 ${percentZh(most / all)} 来自${words.zh}。`,
        },
        panel: 'kinds',
        weight: 0.6,
      },
    ];
  },
};
