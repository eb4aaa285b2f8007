/** Looks at the first lines of a file as text, so that layouts can recognise it. Reads no more than it is given. */
import type { Sample, TickField } from './plan.ts';

const SAMPLE_LINES = 60;
const DELIMITERS = ['\t', ';', ','];
const BOM = '\u00EF\u00BB\u00BF';
/** How many digits seconds, milliseconds, microseconds and nanoseconds between 1973 and 2100 have. */
const EPOCH_WIDTHS: ReadonlySet<number> = new Set([9, 10, 12, 13, 15, 16, 18, 19]);

const clean = (cell: string): string => cell.trim().replaceAll('"', '').trim();
const nameOf = (cell: string): string =>
  clean(cell)
    .replace(/[<>#\s]/g, '')
    .toLowerCase();

export function takeSample(bytes: Uint8Array): Sample {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  const lines = text
    .replace(BOM, '')
    .split('\n', SAMPLE_LINES + 1)
    .slice(0, SAMPLE_LINES)
    .map((line) => line.replace(/\r$/, ''))
    .filter((line) => line.trim() !== '');
  const [first = ''] = lines;
  const delimiter = DELIMITERS.find((candidate) => first.includes(candidate)) ?? ',';
  const names = first.split(delimiter).map(nameOf);
  const isHeader = names.every((name) => name === '' || /^[a-z_]/.test(name)) && names.some((name) => name !== '');
  const rows = (isHeader ? lines.slice(1) : lines).map((line) => line.split(delimiter).map(clean));
  return isHeader ? { delimiter, header: names, rows } : { delimiter, rows };
}

/** How a single column with a time is written, told by its first cells. */
export function stampField(cells: readonly string[]): TickField {
  const numbers = cells.filter((cell) => {
    const whole = /^(\d+)(\.\d+)?$/.exec(cell)?.[1];
    return whole !== undefined && EPOCH_WIDTHS.has(whole.length);
  });
  return numbers.length * 2 > cells.length ? 'epoch' : 'datetime';
}

export const column = ({ rows }: Sample, index: number): readonly string[] => rows.map((row) => row[index] ?? '');
