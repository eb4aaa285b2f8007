/**
 * The table of bench/README.md: the last line of each figure with what it was taken on and how busy that was. The lines themselves lie beside it, so
 * that one figure can be taken again without the others.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import type { Line } from './rounds.ts';
import { dependentReadNs } from './yardstick.ts';

const LINES = join('bench', 'measured.json');
const PAGE = join('bench', 'README.md');
const BEGIN = '<!-- Written by `npm run bench -- --write`. -->';
const END = '<!-- End of what it writes. -->';

export interface Taken extends Line {
  /** UTC day. */
  readonly on: string;
  readonly machine: string;
  /** Load average of the minute before the first round: what else was at work. Absent where nobody has noted it. */
  readonly load?: number | undefined;
  /** Nanoseconds of a dependent read of 16 MB before the first round: how fast the machine's memory was just then. Absent where nobody has noted it. */
  readonly readNs?: number | undefined;
}

type Surroundings = Pick<Taken, 'on' | 'machine' | 'load' | 'readNs'>;

export const surroundings = (): Surroundings => ({
  on: new Date().toISOString().slice(0, 10),
  machine: `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, Node ${process.versions.node}`,
  load: Math.round(loadavg()[0]! * 10) / 10,
  readNs: dependentReadNs(),
});

const count = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });
const shown = (value: number | string): string => (typeof value === 'number' ? count.format(value) : value);
const verdict = ({ ok }: Line): string => (ok === undefined ? '' : ok ? 'reached' : '**missed**');

const noted = ({ load, readNs }: Taken): string =>
  load === undefined ? 'not noted' : readNs === undefined ? String(load) : `${load}, ${readNs} ns`;

function rowOf(line: Taken, before: Taken | undefined): string {
  const { figure, ours, unit, reference, referenceName, ratio = '', target = '', on } = line;
  const isSame = before?.figure === figure;
  const own = isSame ? ['', ''] : [`\`${figure}\``, `${shown(ours)} ${unit}`];
  const when = isSame ? '' : `${on}, ${noted(line)}`;
  return `| ${[...own, `${referenceName} ${shown(reference)}`, ratio, target, verdict(line), when].join(' | ')} |`;
}

/** `order`: of the figures; a line of another name has lost its figure, and goes. */
export function tableOf(lines: readonly Taken[], order: readonly string[]): string {
  const sorted = order.flatMap((figure) => lines.filter((line) => line.figure === figure));
  const machines = [...new Set(sorted.map(({ machine }) => machine))];
  return [
    `Taken on ${machines.join('; ')}.`,
    '',
    '| figure | ours | reference | ratio | target | | taken, load average and ns a read before |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...sorted.map((line, index) => rowOf(line, sorted[index - 1])),
  ].join('\n');
}

export function withTable(page: string, table: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`${PAGE} has no place for the table`);
  return `${page.slice(0, begin + BEGIN.length)}\n${table}\n${page.slice(end)}`;
}

/** Puts a figure's new lines in the place of its old ones. */
export function write(lines: readonly Line[], taken: Surroundings, order: readonly string[]): void {
  const known = existsSync(LINES) ? (JSON.parse(readFileSync(LINES, 'utf8')) as readonly Taken[]) : [];
  const figures = new Set(lines.map(({ figure }) => figure));
  const all = [...known.filter(({ figure }) => !figures.has(figure)), ...lines.map((line) => ({ ...line, ...taken }))];
  const kept = order.flatMap((figure) => all.filter((line) => line.figure === figure));
  writeFileSync(LINES, `${JSON.stringify(kept, null, 2)}\n`);
  writeFileSync(PAGE, withTable(readFileSync(PAGE, 'utf8'), tableOf(kept, order)));
}
