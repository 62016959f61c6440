/** A claim: facts that one row of SQL gives, and the sentences that they are worth; nothing is said that the row does not hold. */
import type { Bilingual, SubjectType } from '#models/schema/panel.ts';

export type Facts = Record<string, string | number>;

export type Said = { id: string; text: Bilingual; panel: string | null; weight: number };

/** What a sentence names beside its numbers. */
export type Words = {
  zone: string;
  fromMs: number;
  toMs: number;
  nameOf: (type: 'area' | 'camera' | 'rule', id: string) => string;
};

export type ClaimGroup = {
  subjects: readonly SubjectType[];
  needsBelow: boolean;
  /** SQL of a panel (see `../sql.ts`) that gives one row, or none where there is nothing to claim. NULLs are left out of the facts. */
  sql: string;
  say: (facts: Facts, words: Words) => Said[];
};

export const numberOf = (facts: Facts, name: string): number | null => {
  const value = facts[name];
  return typeof value === 'number' ? value : null;
};

export const textOf = (facts: Facts, name: string): string | null => {
  const value = facts[name];
  return typeof value === 'string' && value !== '' ? value : null;
};
