/**
 * What an account that only reads may ask. The engine’s `readonly` refuses whatever writes and most of what reaches
 * outside; measured on 26.7 it lets through the function file(), INTO OUTFILE, KILL QUERY and several statements at
 * once, so those are refused here, and of the table functions only those that stay inside are let through.
 */
import type { Statement } from './statement.ts';
import { storeError } from './store-error.ts';

/** Functions that read files, load models or call other machines; refused wherever the word stands unqualified. */
const OUTSIDE_FUNCTIONS = [
  'file',
  'catboostEvaluate',
  'aiClassify',
  'aiEmbed',
  'aiExtract',
  'aiGenerate',
  'aiTranslate',
  'reverseDNSQuery',
];

const INSIDE_TABLE_FUNCTIONS = [
  'dictionary',
  'format',
  'generateRandom',
  'generateSeries',
  'generate_series',
  'merge',
  'null',
  'numbers',
  'numbers_mt',
  'primes',
  'values',
  'view',
  'viewIfPermitted',
  'zeros',
  'zeros_mt',
];

export type ReaderCheck = (statement: Statement) => void;

/** `tableFunctions` are all that the engine has; throws READONLY, in words. */
export function createReaderCheck(tableFunctions: string[]): ReaderCheck {
  const outsideTables = new Set(
    tableFunctions.filter((name) => !INSIDE_TABLE_FUNCTIONS.includes(name)).map((name) => name.toLowerCase()),
  );
  const outside = new Set(OUTSIDE_FUNCTIONS.map((name) => name.toLowerCase()));
  return (statement) => {
    if (statement.kind !== 'read') {
      const verb = statement.kind === 'insert' ? 'INSERT' : statement.verb;
      throw storeError(
        'READONLY',
        `${verb} is refused: this account only reads (SELECT, SHOW, DESCRIBE, EXISTS, EXPLAIN).`,
      );
    }
    for (const [index, token] of statement.tokens.entries()) {
      if (token.kind !== 'word' && token.kind !== 'quoted') continue;
      const name = token.text.toLowerCase();
      const isCalled = statement.tokens[index + 1]?.text === '(';
      const isQualified = statement.tokens[index - 1]?.text === '.';
      if ((isCalled && outsideTables.has(name)) || (!isQualified && outside.has(name))) {
        throw storeError('READONLY', `${token.text}() is refused: this account reads the store’s own tables only.`);
      }
    }
  };
}
