/**
 * What the SQL of a panel may be, read before it ever runs: one SELECT over the views that panels may read, each of them
 * limited to the subject by `{{place}}`. Whatever a reader of ours could take otherwise than the engine does is refused:
 * comments, quoted names, escapes, named subqueries, tables by commas.
 */

export type Token = { kind: 'word' | 'text' | 'hole' | 'mark'; text: string; at: number };

/** Views with an `area_path` and a `camera` (or, of cameras and areas, an `id`); docs/sql.md tells each column. */
export const PANEL_VIEWS = [
  'flow_by_hour',
  'watched_by_hour',
  'peaks_by_hour',
  'presence_by_hour',
  'observed_by_hour',
  'camera_conditions',
  'looked_with',
  'put_aside',
  'alert_log',
  'incident_log',
  'areas',
  'cameras',
] as const;

/** Views of a time, which take parameters: of single tracks, and slow over long times. */
export const PANEL_TIMED_VIEWS = ['visits', 'moves', 'crossings'] as const;

/** Holes that are read like a view, limited to the subject already. */
export const SOURCE_HOLES = ['{{flow}}', '{{presence}}', '{{presence_below}}'] as const;

/** They hold no rows of anybody. */
const FREE_SOURCES = ['numbers'];

const REFUSED_WORDS = [
  'settings',
  'format',
  'into',
  'recursive',
  'insert',
  'sharp_eyes',
  'system',
  'information_schema',
];

const CLAUSES = ['where', 'prewhere', 'group', 'order', 'limit', 'having', 'union', 'window', 'qualify', 'select'];

const TOKEN = /\s+|'(?:[^'\\]|'')*'|\{\{[a-z_]+\}\}|[A-Za-z_]\w*|\d[\w.]*|--|\/\*|[^\s]/gy;

/** Where a view is read: the token of its name. */
export type Read = { view: string; at: number; end: number };

export class StatementError extends Error {
  override readonly name = 'StatementError';
}

export function tokensOf(sql: string): Token[] {
  const tokens: Token[] = [];
  for (const match of sql.matchAll(TOKEN)) {
    const text = match[0];
    if (/^\s/.test(text)) continue;
    if (isRefusedSign(text)) {
      throw new StatementError(
        `"${text}" may not stand in it (comments, quoted names, escapes, braces, other signs than ASCII’s and several statements may not)`,
      );
    }
    const kind = text.startsWith("'")
      ? 'text'
      : text.startsWith('{{')
        ? 'hole'
        : /^[A-Za-z_]/.test(text)
          ? 'word'
          : 'mark';
    tokens.push({ kind, text, at: match.index });
  }
  return tokens;
}

/** The engine takes typographic quotes for quotes: whatever hides from one reader could show to the other. */
const isRefusedSign = (text: string) => /^(--|\/\*|['`"\\;#$@{}])$/.test(text) || /^[^\x20-\x7e]/.test(text);

/** The views that it reads, in order. Throws {@link StatementError} for what a panel may not be. */
export function readsOf(sql: string): Read[] {
  const tokens = tokensOf(sql);
  const first = tokens[0]?.text.toLowerCase();
  if (first !== 'select' && first !== 'with') throw new StatementError('it begins with SELECT or WITH');
  const reads: Read[] = [];
  const isFrom: boolean[] = [false];
  for (const [index, token] of tokens.entries()) {
    const word = token.kind === 'word' ? token.text.toLowerCase() : '';
    const previous = tokens[index - 1]?.text.toLowerCase();
    if (token.text === '(') isFrom.push(false);
    if (token.text === ')') isFrom.pop();
    if (token.text === ',' && isFrom.at(-1) === true)
      throw new StatementError('tables are joined by JOIN, not by a comma');
    if (REFUSED_WORDS.includes(word) && previous !== '.') throw new StatementError(`${token.text} may not stand in it`);
    if (CLAUSES.includes(word)) isFrom[isFrom.length - 1] = false;
    if (word === 'as' && isNamedSubquery(tokens, index)) {
      throw new StatementError(`"${tokens[index - 1]?.text} AS (SELECT …": write the subquery where it is read`);
    }
    if (/^(global|not|null)*in(ignoreset)?$/.test(word)) refuseTableIn(tokens, index);
    const isArrayJoin = word === 'join' && previous === 'array';
    if (isArrayJoin) isFrom[isFrom.length - 1] = false;
    // `visits(from = …)`: a parameter.
    const isParameter = tokens[index + 1]?.text === '=';
    if ((word !== 'from' || isParameter) && (word !== 'join' || isArrayJoin)) continue;
    isFrom[isFrom.length - 1] = true;
    const read = sourceAt(tokens, index + 1);
    if (read !== undefined) reads.push(read);
  }
  return reads;
}

/** `name AS (SELECT`: its name might be that of a table where it does not reach. */
function isNamedSubquery(tokens: readonly Token[], index: number): boolean {
  const [open, verb] = [tokens[index + 1], tokens[index + 2]];
  const before = tokens[index - 1];
  return open?.text === '(' && before?.kind === 'word' && /^(select|with)$/i.test(verb?.text ?? '');
}

const WORDS_BEFORE_VALUES =
  /^(select|distinct|where|prewhere|and|or|on|having|qualify|by|when|then|else|case|between|like|ilike|as|with|in|limit|interval)$/i;

/** `x IN name`, `x IN (name)`, `in(x, name)`: each reads a table of that name. */
function refuseTableIn(tokens: readonly Token[], index: number): void {
  const word = tokens[index]!.text;
  if (word.toLowerCase() !== 'in') throw new StatementError(`${word}: write IN or NOT IN with a list or (SELECT …)`);
  let before = index - 1;
  while (/^(not|global)$/i.test(tokens[before]?.text ?? '')) before--;
  const value = tokens[before];
  const isValue =
    value !== undefined &&
    (value.kind === 'word'
      ? !WORDS_BEFORE_VALUES.test(value.text)
      : value.kind !== 'mark' || /^[\])\d]/.test(value.text));
  if (!isValue) throw new StatementError('in(…): write x IN (…)');
  let after = index + 1;
  while (tokens[after]?.text === '(') after++;
  const first = tokens[after];
  const isAlone = after === index + 1 || tokens[after + 1]?.text === ')';
  if (first?.kind === 'word' && isAlone) throw new StatementError(`IN ${first.text}: write a list or (SELECT …)`);
}

function sourceAt(tokens: readonly Token[], index: number): Read | undefined {
  const source = tokens[index];
  if (isSourceHole(source)) return undefined;
  if (source?.text === '(') {
    let inner = index;
    while (tokens[inner]?.text === '(') inner++;
    if (/^(select|with)$/i.test(tokens[inner]?.text ?? '')) return undefined;
    throw new StatementError(`"(${tokens[inner]?.text ?? ''}": in brackets it reads a SELECT`);
  }
  const view = source?.text ?? '';
  const isCalled = tokens[index + 1]?.text === '(';
  const known: readonly string[] = isCalled ? [...PANEL_TIMED_VIEWS, ...FREE_SOURCES] : PANEL_VIEWS;
  if (source === undefined || !known.includes(view)) {
    const all = [...PANEL_VIEWS, ...PANEL_TIMED_VIEWS.map((name) => `${name}(…)`)].join(', ');
    throw new StatementError(`it reads "${view}"; panels read ${all}`);
  }
  if (tokens[index + 1]?.text === '.')
    throw new StatementError(`"${view}." names a database; panels read views without one`);
  if (FREE_SOURCES.includes(view)) return undefined;
  return { view, at: source.at, end: isCalled ? closingOf(tokens, index + 1) : source.at + view.length };
}

const isSourceHole = (token: Token | undefined) => SOURCE_HOLES.some((hole) => hole === token?.text);

function closingOf(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (const { text, at } of tokens.slice(open)) {
    if (text === '(') depth++;
    if (text === ')') depth--;
    if (depth === 0) return at + 1;
  }
  throw new StatementError('a bracket is not closed');
}
