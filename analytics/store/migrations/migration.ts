/** A migration: statements that bring the store one step further; each may run again without harm. */
import type { Dialect } from '../dialect.ts';

export type Migration = {
  number: number;
  title: string;
  statements: (dialect: Dialect) => string[];
};

/** `name type COMMENT 'what it is'`, a line per column. */
export function columns(list: readonly (readonly [name: string, type: string, comment: string])[]): string {
  return list
    .map(([name, type, comment]) => `  ${name} ${type} COMMENT '${comment.replaceAll("'", "\\'")}'`)
    .join(',\n');
}

export const UTC_MS = "DateTime64(3, 'UTC')";
export const UTC_S = "DateTime('UTC')";
export const NAME = 'LowCardinality(String)';
