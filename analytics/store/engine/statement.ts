/** What one statement is: something that reads, an insert whose data follows, or anything else. */
import { storeError } from './store-error.ts';
import { isWord, type Token, tokens } from './tokens.ts';

export type Statement =
  /** Its bytes are written by the engine in `format` into a pipe: `before` INTO OUTFILE … FORMAT … `after`. */
  | { kind: 'read'; before: string; format: string | undefined; after: string; tokens: Token[] }
  /** Rows in `format` follow from byte `dataAt` on: `before` FROM INFILE … `after` FORMAT …. */
  | { kind: 'insert'; before: string; after: string; format: string; dataAt: number; tokens: Token[] }
  | { kind: 'other'; verb: string; sql: string; tokens: Token[] };

const READ_VERBS = ['SELECT', 'WITH', 'FROM', 'SHOW', 'DESCRIBE', 'DESC', 'EXISTS', 'EXPLAIN', '('];

/** Throws SYNTAX_ERROR for no statement or several. `bytes` may be cut off where an insert’s data runs on. */
export function readStatement(bytes: Buffer): Statement {
  const text = bytes.toString('latin1');
  const found: Token[] = [];
  let semicolon: Token | undefined;
  for (const token of tokens(text)) {
    if (semicolon !== undefined) {
      if (token.text === ';') continue;
      throw storeError(
        'SYNTAX_ERROR',
        'Syntax error (Multi-statements are not allowed): send one statement a request.',
      );
    }
    if (token.kind === 'symbol' && token.text === ';') {
      semicolon = token;
      continue;
    }
    found.push(token);
    const insert = dataStart(found) ? insertOf(bytes, found) : undefined;
    if (insert !== undefined) return insert;
  }
  const verb = found[0]?.text.toUpperCase();
  if (verb === undefined) throw storeError('SYNTAX_ERROR', 'Syntax error: the query is empty.');
  const end = semicolon?.start ?? bytes.length;
  if (READ_VERBS.includes(verb) && !found.some((token) => token.depth === 0 && isWord(token, 'INSERT'))) {
    return readOf(bytes, found, end);
  }
  return { kind: 'other', verb, sql: cut(bytes, 0, end), tokens: found };
}

const cut = (bytes: Buffer, start: number, end: number) => bytes.subarray(start, end).toString('utf8');

/** Whether the last of these tokens of an INSERT is the one after which its data begins. */
function dataStart(found: Token[]): boolean {
  if (!isWord(found[0], 'INSERT')) return false;
  const last = found.at(-1) as Token;
  if (last.depth !== 0 || last.kind !== 'word') return false;
  // Behind INTO, TABLE or a dot it is the name of a table, behind FORMAT that of a format.
  const isName = ['INTO', 'TABLE', '.', 'FORMAT'].includes(found.at(-2)?.text.toUpperCase() ?? 'INTO');
  return (isWord(last, 'VALUES') && !isName) || isFormatClause(found, found.length - 2);
}

/** FORMAT <name>: not a column, a table or an alias of that name. */
function isFormatClause(found: Token[], index: number): boolean {
  const [before, clause, name] = [found[index - 1], found[index], found[index + 1]];
  if (clause?.depth !== 0 || !isWord(clause, 'FORMAT') || name?.kind !== 'word' || before === undefined) return false;
  if (before.kind === 'symbol') return ')]}*'.includes(before.text);
  if (isWord(before, 'TABLE')) return !isTableKeyword(found[index - 2]);
  return !['SELECT', 'AS', 'BY', 'FROM', 'INTO', 'WHERE', 'AND', 'OR', 'NOT'].includes(before.text.toUpperCase());
}

/** TABLE before the name of a table, and not the column that system tables call so. */
const isTableKeyword = (before: Token | undefined) =>
  before === undefined || ['INTO', 'CREATE', 'DESCRIBE', 'DESC', 'EXISTS'].some((word) => isWord(before, word));

function insertOf(bytes: Buffer, found: Token[]): Statement | undefined {
  const isSelect = found.some((token) => token.depth === 0 && (isWord(token, 'SELECT') || isWord(token, 'WITH')));
  const isFile = found.some((token) => isWord(token, 'INFILE'));
  const last = found.at(-1) as Token;
  if (isSelect) {
    if (found.some((token, index) => isWord(token, 'INPUT') && found[index + 1]?.text === '(')) {
      throw storeError('NOT_IMPLEMENTED', 'input() is not spoken here: insert into a table, then INSERT … SELECT.');
    }
    return undefined;
  }
  if (isFile) return undefined;
  const isValues = !isFormatClause(found, found.length - 2);
  const clause = isValues ? last : (found.at(-2) as Token);
  const settings = found.find((token) => token.depth === 0 && isWord(token, 'SETTINGS'));
  const headEnd = settings?.start ?? clause.start;
  return {
    kind: 'insert',
    before: cut(bytes, 0, headEnd),
    after: cut(bytes, headEnd, clause.start),
    format: isValues ? 'Values' : last.text,
    dataAt: isValues ? last.end : afterLine(bytes, last.end),
    tokens: found,
  };
}

/** The data begins after the blanks and the one line end that follow the format’s name. */
function afterLine(bytes: Buffer, from: number): number {
  let at = from;
  while (bytes[at] === 0x20 || bytes[at] === 0x09 || bytes[at] === 0x0d) at++;
  return bytes[at] === 0x0a ? at + 1 : at;
}

function readOf(bytes: Buffer, found: Token[], end: number): Statement {
  if (found.some((token, index) => isWord(token, 'INTO') && isWord(found[index + 1], 'OUTFILE'))) {
    throw storeError('NOT_IMPLEMENTED', 'INTO OUTFILE is not spoken here: the result comes back over HTTP.');
  }
  const index = found.findLastIndex(
    (_, at) => isFormatClause(found, at) && (at + 2 === found.length || isWord(found[at + 2], 'SETTINGS')),
  );
  const clause = found[index];
  const name = found[index + 1];
  if (index < 0 || clause === undefined || name === undefined) {
    return { kind: 'read', before: cut(bytes, 0, end), format: undefined, after: '', tokens: found };
  }
  return {
    kind: 'read',
    before: cut(bytes, 0, clause.start),
    format: name.text,
    after: cut(bytes, name.end, end).trim(),
    tokens: found,
  };
}
