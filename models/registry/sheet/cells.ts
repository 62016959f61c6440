/** Cells of a sheet: from what somebody wrote to the value of a field, and back. */
import type { Column } from './columns.ts';

/** What a cell says: nothing, "clear it", a value, or what is wrong with it. */
export type CellReading = { says: 'nothing' } | { says: 'value'; value: unknown } | { says: 'wrong'; message: string };

const NOTHING: CellReading = { says: 'nothing' };
const value = (it: unknown): CellReading => ({ says: 'value', value: it });
const wrong = (message: string): CellReading => ({ says: 'wrong', message });

const YES = ['yes', 'true', '1', 'y', 'on', '是', '启用'];
const NO = ['no', 'false', '0', 'n', 'off', '否', '停用'];
const IMPORTANCE: Readonly<Record<string, string>> = {
  low: 'low',
  normal: 'normal',
  high: 'high',
  低: 'low',
  中: 'normal',
  一般: 'normal',
  普通: 'normal',
  高: 'high',
  重要: 'high',
};
/** Clears a field; in YAML and JSON so does null. */
export const CLEAR = '-';

/**
 * An empty cell says nothing: what is registered stays. Takes any value of YAML and JSON, and the text of a table's cell,
 * where alone a hyphen clears and a leading quote may guard.
 */
export function readCell(cell: unknown, column: Column, { isTable }: { isTable: boolean }): CellReading {
  if (cell === undefined || cell === '') return NOTHING;
  if (column.kind === 'secret') return readSecret(cell);
  if (cell === null) return value(null);
  if (Array.isArray(cell)) {
    return column.kind === 'tags' ? value(cell.map(String)) : wrong('one value is expected, several came');
  }
  if (typeof cell === 'object') return wrong('one value is expected, fields of their own came');
  const text = String(cell).trim();
  if (text === '') return NOTHING;
  if (!isTable) return readText(text, column);
  return text === CLEAR ? value(null) : readText(unguarded(text), column);
}

/** As it stands: a password may begin with a space, a hyphen or a quote. */
function readSecret(cell: unknown): CellReading {
  return typeof cell === 'string' || typeof cell === 'number' ? value(String(cell)) : wrong('it should be text');
}

function readText(text: string, { kind }: Column): CellReading {
  switch (kind) {
    case 'number': {
      const number = Number(
        text
          .normalize('NFKC')
          .replace(/^(-?\d+),(\d+)$/, '$1.$2')
          .replace(/[°]$/, ''),
      );
      return Number.isFinite(number) ? value(number) : wrong(`"${shown(text)}" is no number`);
    }
    case 'yes-no': {
      const word = text.toLowerCase();
      if (YES.includes(word)) return value(true);
      return NO.includes(word) ? value(false) : wrong(`"${shown(text)}" is neither yes nor no (是, 否)`);
    }
    case 'importance': {
      const level = IMPORTANCE[text.toLowerCase()];
      return level === undefined ? wrong(`"${shown(text)}" is none of low, normal, high (低, 中, 高)`) : value(level);
    }
    case 'tags':
      return value([
        ...new Set(
          text
            .toLowerCase()
            .split(/[\s;,，；、|]+/)
            .filter(Boolean),
        ),
      ]);
    default:
      return value(text);
  }
}

const shown = (text: string) => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

/** What a spreadsheet would take for a formula, and our own sign for "clear it". */
const NEEDS_GUARD = /^(?:[=+@\t\r]|-(?!\d)|')/;

/** The text of a field in a table; `'` before what a spreadsheet would run as a formula, taken away again when it is read. */
export function writeCell(it: unknown, { kind }: Column): string {
  if (it === undefined || it === null) return '';
  if (typeof it === 'boolean') return it ? 'yes' : 'no';
  if (Array.isArray(it)) return it.join(' ');
  const text = String(it);
  return kind === 'text' && NEEDS_GUARD.test(text) ? `'${text}` : text;
}

function unguarded(text: string): string {
  return text.startsWith("'") && NEEDS_GUARD.test(text.slice(1)) ? text.slice(1) : text;
}
