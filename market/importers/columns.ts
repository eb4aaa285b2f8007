/** A header line as a table of columns by name: delimiter comma, semicolon or tab; names without case, quotes or `<>`. */
import { parseTime } from './time.ts';

export interface Columns {
  /** Index of the first of these names that the header has, else -1. */
  find(...names: readonly string[]): number;
  /** The cells of a line of the same file. */
  cells(line: string): readonly string[];
}

/** Undefined when the line is no header: all names start with a letter. */
export function readHeader(line: string): Columns | undefined {
  const delimiter = ['\t', ';', ','].find((candidate) => line.includes(candidate)) ?? ',';
  const names = line
    .replace(/^\uFEFF/, '')
    .split(delimiter)
    .map((name) => name.trim().replace(/["<>]/g, '').toLowerCase());
  if (!names.every((name) => /^[a-z_]/.test(name))) return undefined;
  return {
    find: (...wanted) => names.indexOf(wanted.find((name) => names.includes(name)) ?? ''),
    cells: (line) => line.split(delimiter),
  };
}

/** How to read the time of a line, from one column or from `date` and `time`; undefined when the header has none. */
export function timeReader(columns: Columns): ((cells: readonly string[]) => number) | undefined {
  const single = columns.find('timestamp', 'datetime', 'ts_event');
  const date = columns.find('date');
  const time = columns.find('time');
  if (single >= 0) return (cells) => parseTime(cells[single] ?? '');
  if (date >= 0 && time >= 0) return (cells) => parseTime(`${cells[date] ?? ''} ${(cells[time] ?? '').trim()}`);
  const only = Math.max(date, time);
  return only < 0 ? undefined : (cells) => parseTime(cells[only] ?? '');
}

/** A number, or NaN: an empty cell is not zero. */
export function numberAt(cells: readonly string[], column: number): number {
  const cell = cells[column]?.trim();
  return cell === undefined || cell === '' ? Number.NaN : Number(cell);
}
