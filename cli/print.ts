/** What the command line prints: tables for people, JSON for programs. */

export type Row = Record<string, string | number | boolean | null | undefined>;

/** Terminal columns of a text: Chinese characters take two. */
function width(text: string): number {
  let columns = 0;
  for (const character of text) columns += (character.codePointAt(0) ?? 0) >= 0x1100 ? 2 : 1;
  return columns;
}

const cell = (value: Row[string]) => (value === undefined || value === null ? '' : String(value));

/** Left-aligned columns under their names; numbers are right-aligned. */
export function formatTable(rows: readonly Row[], columns: readonly string[]): string {
  const widths = columns.map((column) => Math.max(width(column), ...rows.map((row) => width(cell(row[column])))));
  const line = (values: Row[string][]) =>
    values
      .map((value, index) => {
        const text = cell(value);
        const gap = ' '.repeat(Math.max(0, (widths[index] ?? 0) - width(text)));
        return typeof value === 'number' ? gap + text : text + gap;
      })
      .join('  ')
      .trimEnd();
  return [line([...columns]), ...rows.map((row) => line(columns.map((column) => row[column])))].join('\n');
}

export function printRows(
  rows: readonly Row[],
  options: { columns: readonly string[]; isJson: boolean; none: string },
): void {
  if (options.isJson) console.log(JSON.stringify(rows, null, 2));
  else console.log(rows.length === 0 ? options.none : formatTable(rows, options.columns));
}

/** In the largest unit of which there is at least one. */
export function formatBytes(bytes: number): string {
  const power = Math.min(4, Math.max(0, Math.floor(Math.log2(Math.max(1, Math.abs(bytes))) / 10)));
  return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${['B', 'KiB', 'MiB', 'GiB', 'TiB'][power]}`;
}

/** How long ago, in the largest fitting unit. */
export function ago(ms: number, nowMs = Date.now()): string {
  const seconds = Math.max(0, Math.round((nowMs - ms) / 1000));
  if (seconds < 100) return `${seconds} s`;
  if (seconds < 6000) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}
