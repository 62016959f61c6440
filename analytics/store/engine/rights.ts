/**
 * What an account that only reads may ask. The engine’s `readonly` refuses whatever writes and most of what reaches
 * outside; measured on 26.7 it lets through the function file(), INTO OUTFILE, KILL QUERY and several statements at
 * once, so those are refused here, and of the table functions only those that stay inside are let through.
 */
import type { EngineConnection } from './native.ts';
import { literal } from './settings.ts';
import { readStatement, type Statement } from './statement.ts';
import { asStoreError, StoreError, storeError } from './store-error.ts';

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
      if (token.isEscaped) {
        throw storeError('READONLY', `The name ${token.text} is refused: this account writes no escapes in names.`);
      }
      const name = token.text.toLowerCase();
      const isCalled = statement.tokens[index + 1]?.text === '(';
      const isQualified = statement.tokens[index - 1]?.text === '.';
      if ((isCalled && outsideTables.has(name)) || ((isCalled || !isQualified) && outside.has(name))) {
        throw storeError('READONLY', `${token.text}() is refused: this account reads the store’s own tables only.`);
      }
    }
  };
}

/** Beyond this the engine needs to be told that a statement may be so long. */
const PLAIN_BYTES = 60_000;

const REMEMBERED_MAX = 1000;
const REMEMBERED_BYTES = 8192;

/**
 * Checks a reader’s statement as the engine reads it. What was found good is remembered by its text (the API asks the
 * same few statements with other parameters), the oldest forgotten first; right or wrong does not depend on the time.
 */
export function createEngineCheck(check: ReaderCheck): (connection: EngineConnection, text: Buffer) => Promise<void> {
  const good = new Set<string>();
  return async (connection, text) => {
    const key = text.length <= REMEMBERED_BYTES ? text.toString('latin1') : undefined;
    if (key !== undefined && good.has(key)) return;
    check(await asEngineReads(connection, text));
    if (key === undefined) return;
    good.add(key);
    const oldest = good.size > REMEMBERED_MAX ? good.values().next().value : undefined;
    if (oldest !== undefined) good.delete(oldest);
  };
}

/**
 * The statement as the engine itself reads it, written out again by the engine: without comments, escapes and whatever
 * else its reader takes and ours does not. What an account may is judged by this text, while the given one runs.
 */
async function asEngineReads(connection: EngineConnection, text: Buffer): Promise<Statement> {
  const isLong = text.length > PLAIN_BYTES;
  if (isLong) await connection.run(`SET max_query_size = ${text.length * 2 + PLAIN_BYTES}`);
  try {
    const sql = `SELECT formatQuerySingleLine(${literal(text.toString())})`;
    const { bytes } = await connection.run(sql, 'TSVRaw');
    return readStatement(Buffer.from(bytes));
  } catch (cause) {
    const { code, message } = asStoreError(cause);
    const words = message.replace(/: In scope SELECT formatQuerySingleLine\(.*\)\. (\([A-Z_]+\))/s, '. $1');
    throw new StoreError(words, { code, type: 'SYNTAX_ERROR', cause });
  } finally {
    if (isLong) await connection.run('SET max_query_size = DEFAULT');
  }
}
