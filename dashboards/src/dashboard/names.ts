/** What the codes and ids in rows are called. */
import type { PanelColumn } from '#models/schema/panel.ts';
import type { Words } from '../words/english.ts';

export type Names = {
  area: ReadonlyMap<string, string>;
  camera: ReadonlyMap<string, string>;
  rule: ReadonlyMap<string, string>;
};

const has = <Group extends object>(group: Group, name: string): name is Extract<keyof Group, string> =>
  Object.hasOwn(group, name);

/** What a code or an id is called. */
export function nameOf(
  value: string,
  of: PanelColumn['names'],
  { names, words }: { names: Names; words: Words },
): string {
  switch (of) {
    case 'area':
    case 'camera':
    case 'rule':
      return names[of].get(value) ?? value;
    case 'kind':
      return has(words.kinds, value) ? words.kinds[value] : value;
    case 'severity':
      return has(words.alerts.severities, value) ? words.alerts.severities[value] : value;
    case 'measure':
      return has(words.heat.measures, value) ? words.heat.measures[value] : value;
    case 'state':
      return words.dashboard.states[value] ?? (has(words.states, value) ? words.states[value] : value);
    default:
      return words.dashboard.texts[value] ?? value;
  }
}
